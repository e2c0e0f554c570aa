"""The manual and the comments in the shipped profiles say what they promise to say."""

import re
import tomllib
from pathlib import Path

import pytest

from emulator.commands.catalogue import command_table
from emulator.errors import UserError
from emulator.firmware import reference
from emulator.firmware.loader import load_firmware
from emulator.resources import PROFILES

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "firmware-profiles.md"
GRADE = re.compile(r"#.*\[(guide|pub|mem|inf|choice)\]")
NO_FACT = re.compile(r"(extends|models|release) =|^[]}]|^    |^\[\[since\]\]")


def test_the_manual_has_every_key_of_the_schema() -> None:
    """Its table is the one that the schema gives; `scripts/make_docs` renews it."""
    page = MANUAL.read_text(encoding="utf-8")

    assert reference.renewed(page) == page


def test_every_key_has_a_meaning() -> None:
    """No row of the table ends empty."""
    empty = [row for row in reference.key_table().splitlines() if row.endswith("|  |")]

    assert empty == []


def test_the_manuals_profile_is_valid_and_does_what_it_says(tmp_path: Path) -> None:
    """The example can be copied."""
    page = MANUAL.read_text(encoding="utf-8").partition("## A profile of your own")[2]
    example = "\n".join(line[4:] for line in page.partition("telit-emulator")[0].splitlines())
    path = tmp_path / "board.toml"
    path.write_text(example)

    firmware = load_firmware(str(path))

    assert firmware.name == "board 7"
    assert firmware.profile.network.signal == 9


@pytest.mark.parametrize(
    ("heading", "lost", "gained"),
    [("## Commands", {"#SLASTCLOSURE"}, {"#SSLFASTD"}), ("## Taking keys away", {"#SSLD", "#PSNT"}, set())],
)
def test_the_manuals_commands_come_and_go(tmp_path: Path, heading: str, lost: set[str], gained: set[str]) -> None:
    """The first example below the heading, in a profile that extends the HE910's."""
    page = MANUAL.read_text(encoding="utf-8").partition(heading)[2].lstrip().partition("\n\n")[2]
    example = "\n".join(line[4:] for line in page.partition("\n\n")[0].splitlines())
    path = tmp_path / "board.toml"
    path.write_text(f'extends = "HE910"\n{example}')
    shipped, own = (command_table(load_firmware(spec)) for spec in ("HE910", str(path)))

    assert {name for name in lost | gained if shipped.find(name)} == lost
    assert {name for name in lost | gained if own.find(name)} == gained


def test_the_manuals_error_is_what_is_said(tmp_path: Path) -> None:
    """Word by word."""
    path = tmp_path / "board.toml"
    path.write_text('extends = "HE910"\n[network]\nsignal = 120\n')

    with pytest.raises(UserError) as caught:
        load_firmware(str(path))

    assert f"    {str(caught.value).replace(str(tmp_path), '').lstrip('/')}\n" in MANUAL.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_value_carries_its_grade(path: Path) -> None:
    """In its own comment, in the lines above it, or at the head of its table."""
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text)
    ungraded, table_has_grade, comment = [], False, ""
    for line in text.splitlines():
        if line.startswith("["):
            table_has_grade = bool(GRADE.search(line))
        elif line.startswith("#"):
            comment += line
            continue
        elif line and not (table_has_grade or GRADE.search(comment + line) or NO_FACT.search(line)):
            ungraded.append(line)
        comment = ""

    assert ungraded == []
