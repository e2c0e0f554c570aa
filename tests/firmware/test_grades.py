"""Grades in the comments of profiles: read, counted, and checked."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from emulator.cli.profiles import profiles
from emulator.errors import UserError
from emulator.firmware.facts import count_by_grade, facts_given_by, facts_of, facts_of_line
from emulator.firmware.grades import Grade, check_grades, first_flaw, weakest
from emulator.firmware.lines import SoftwareLine, lines
from emulator.firmware.loader import load_firmware
from emulator.firmware.remarks import Remark, remarks_of
from emulator.resources import PROFILES


def remark(text: str, *, is_alone: bool = False) -> Remark:
    return Remark(1, text, is_alone)


def test_the_grades_go_from_the_guide_to_a_choice() -> None:
    """What a module said stands behind the guide, which is law, and before all else."""
    assert list(Grade) == ["guide", "hw", "pub", "inf", "mem", "choice"]


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("[hw: HE910, 12.00.004, 2026-11-27]", Grade.HW),
        ("[hw:ME310G1-WW,M0C.200006,2026-11-27] AT#SGACT?", Grade.HW),
        ("[hw: HE910, 12.00.004, 2026-11-27] the default, [mem] the range", Grade.MEM),
        ("[guide] 4.1, [hw: HE910, 12.00.004, 2026-11-27]", Grade.HW),
        ("[pub] in one, [inf] in others", Grade.INF),
        ("nothing is said", None),
        ("[hw: HE910]", None),
    ],
)
def test_the_weakest_grade_that_is_named_counts(text: str, grade: Grade | None) -> None:
    """A malformed one is none."""
    assert weakest([remark(text)]) == grade


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[hv]", "[hv] is no grade; the grades are [guide], [hw: MODEL, VERSION, YYYY-MM-DD], [pub],"),
        ("[hw]", "[hw] lacks model, version or date; write [hw: MODEL, VERSION, YYYY-MM-DD]"),
        ("[hw: HE910]", "[hw: HE910] lacks model, version or date"),
        ("[hw: HE910, 12.00.004]", "[hw: HE910, 12.00.004] lacks model, version or date"),
        ("[hw: , 12.00.004, 2026-11-27]", "[hw: , 12.00.004, 2026-11-27] lacks model, version or date"),
        ("[hw: HE910, 12.00.004, 2026-13-27]", "has 2026-13-27 for a date; write it as YYYY-MM-DD"),
        ("[hw: HE910, 12.00.004, 27.11.2026]", "has 27.11.2026 for a date"),
        ("[hw: HE910, 12.00.004, 20261127]", "has 20261127 for a date"),
        ("[hw: HE910, 12.00.004, 2026-11-27", "has no closing bracket"),
        ("[HW: HE910, 12.00.004, 2026-11-27]", "is no grade; write [hw: MODEL, VERSION, YYYY-MM-DD]"),
        ("[Guide] 4.1", "[Guide] is no grade; write [guide]"),
        ("[pub: a manual]", "[pub: a manual] says more than the grade; write [pub]"),
        ("[mem] and [meme]", "[meme] is no grade"),
    ],
)
def test_a_malformed_grade_is_told(text: str, told: str) -> None:
    """With what to write in its place."""
    assert told in str(first_flaw(remark(text)))


@pytest.mark.parametrize(
    "text", ["AT#PING=<addr>[,<size>]", "choices = [1, 2]", "[see the guide]", "[V.250]", "[true]", "no brackets"]
)
def test_other_brackets_are_no_grades(text: str) -> None:
    """Nor is the head of a table that was made a comment."""
    assert first_flaw(remark(text)) is None
    assert first_flaw(remark("[network]", is_alone=True)) is None


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_profile_has_well_formed_grades(path: Path) -> None:
    """Those of models and releases, too."""
    check_grades(str(path))


@pytest.mark.parametrize("line", lines(), ids=lambda line: line.name)
def test_every_shipped_value_has_a_grade(line: SoftwareLine) -> None:
    """Each value of a line, of its releases and of its models."""
    layers = [layer for model in line.models for layer in (model.overrides, *(news for _, news in model.since))]

    facts = [*facts_of_line(line), *(fact for layer in layers for fact in facts_given_by(layer))]

    assert [fact for fact in facts if fact.grade is None] == []


TEXT = """\
# A remark at the top, which speaks of no value.

status = "public"  # [pub]
models = [  # [guide] the table
    { name = "A" },
    # [mem] alone above
    { name = "B" },
    { name = "C", overrides = { calls = { voice = false } } },  # [inf]
]
text = "a # in a text"  # [choice]
long = '''
# [mem] no comment
'''

[network]  # [mem]
signal = 5
"quoted.key" = 1  # [pub]
# [inf] above
dotted."+X".default = 2

[[since]]
[since.commands]  # [inf]
"#X" = true
[[since]]
commands."#Y" = true  # [pub]
"""


def test_comments_belong_to_the_values_beside_below_and_within() -> None:
    """Whatever form TOML gives a value."""
    found = remarks_of(TEXT).statements

    assert list(found) == [
        ("status",),
        ("models",),
        ("text",),
        ("long",),
        ("network", "signal"),
        ("network", "quoted.key"),
        ("network", "dotted", "+X", "default"),
        ("since", 0, "commands", "#X"),
        ("since", 1, "commands", "#Y"),
    ]
    models = found["models",]
    assert [weakest(models.of_item(number)) for number in range(3)] == [None, Grade.MEM, Grade.INF]
    assert weakest(models.of_all) == Grade.GUIDE
    assert weakest(found["text",].own) == Grade.CHOICE
    assert found["long",].own == ()
    assert weakest(found["network", "signal"].of_table) == Grade.MEM
    assert weakest(found["network", "dotted", "+X", "default"].above) == Grade.INF
    assert [statement.line for statement in found.values()] == [3, 4, 10, 11, 16, 17, 19, 23, 25]


def test_a_profile_counts_with_its_own_grades(tmp_path: Path) -> None:
    """What it replaces no longer counts; a value that is replaced in part counts with both."""
    base = count_by_grade(facts_of(load_firmware("HE910").layers))
    profile = tmp_path / "board.toml"
    profile.write_text(
        'extends = "HE910"\n'
        'settings."+CLVL" = { range = [0, 7], default = 4, part = "extended" }  # [hw: HE910, 12.00.004, 2026-11-27]\n'
        'settings."#DVI.port".default = 1  # [hw: HE910, 12.00.004, 2026-11-27]\n'
        "network.signal = 7\n"
    )

    own = count_by_grade(facts_of(load_firmware(str(profile)).layers))

    assert own == {**base, "hw": 2, "mem": base["mem"] - 1, "choice": base["choice"] - 1, "none": 1}


def test_counts_are_shown_and_there_for_programs(tmp_path: Path) -> None:
    """By `profiles NAME`, of a profile of the user's, too."""
    profile = tmp_path / "board.toml"
    profile.write_text('extends = "HE910"\n[network]\nsignal = 7  # [hw: HE910, 12.00.004, 2026-11-27]\n')

    text = CliRunner().invoke(profiles, [str(profile)]).output.splitlines()
    shown = json.loads(CliRunner().invoke(profiles, [str(profile), "--json"]).output)

    head = text.index("Grade   Values")
    assert [line.split() for line in text[head + 1 : head + 7]] == [
        [name, str(count)] for name, count in shown["grades"].items()
    ]
    assert shown["grades"]["hw"] == 1


def test_check_tells_the_first_malformed_grade_with_file_and_line(tmp_path: Path) -> None:
    """In a file that the profile extends, too."""
    below, profile = tmp_path / "below.toml", tmp_path / "board.toml"
    below.write_text('extends = "HE910"\n\n[network]\nsignal = 7  # [hw: HE910]\n')
    profile.write_text('extends = "./below.toml"\n')

    with pytest.raises(UserError) as told:
        CliRunner().invoke(profiles, ["--check", str(profile)], catch_exceptions=False, standalone_mode=False)

    assert str(told.value).startswith(f"{below}:4: [hw: HE910] lacks model, version or date; write [hw:")


def test_a_firmware_with_any_grade_still_loads(tmp_path: Path) -> None:
    """Comments never stop a modem."""
    profile = tmp_path / "board.toml"
    profile.write_text('extends = "HE910"\n[network]\nsignal = 7  # [hv]\n')

    assert load_firmware(str(profile)).profile.network.signal == 7
