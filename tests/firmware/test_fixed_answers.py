"""A profile answers a command that the emulator lacks with a fixed text."""

from pathlib import Path

import pytest

from emulator.commands.catalogue import command_table
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from emulator.trace.events import CommandMissing, HostSent
from tests.firmware.test_manual import MANUAL

OK = "\r\nOK\r\n"
ERROR = "\r\nERROR\r\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "board.toml"


async def test_the_manuals_answers(path: Path) -> None:
    """The example can be copied, and does what it says."""
    page = MANUAL.read_text(encoding="utf-8").partition("## Fixed answers")[2].partition("    extends")
    example = "".join(page[1:]).partition("    telit-emulator")[0]
    path.write_text("\n".join(line[4:] for line in example.splitlines()))

    async with Bench(str(path)) as bench:
        assert OK == await bench.command('AT#FOO=1,"x"')
        assert OK == await bench.command("AT#FOO=")
        assert f"\r\n#FOO: 1\r\n{OK}" == await bench.command("AT#FOO?")
        assert f"\r\n#FOO: (0,1)\r\n{OK}" == await bench.command("AT#FOO=?")
        assert f"\r\n#FOOLIST: 1\r\n#FOOLIST: 2\r\n{OK}" == await bench.command("AT#FOOLIST")
        assert OK == await bench.command('AT#FOOKEY="word"')
        lines = [event.text for event in bench.events if isinstance(event, HostSent)]
        assert not [event for event in bench.events if isinstance(event, CommandMissing)]
    assert 'AT#FOO=1,"x"' in lines
    assert 'AT#FOOKEY="***"' in lines


async def test_a_form_without_a_text_is_refused(path: Path) -> None:
    """As a form that a command of the module does not have."""
    path.write_text('extends = "HE910"\n[answers."#FOO"]\nread = "#FOO: 1"\n')
    async with Bench(str(path)) as bench:
        await bench.command("AT+CMEE=2")
        for line in ("AT#FOO", "AT#FOO=1", "AT#FOO=?"):
            assert "\r\n+CME ERROR: operation not supported\r\n" == await bench.command(line)


async def test_a_command_that_was_taken_away_can_have_a_fixed_answer(path: Path) -> None:
    """Then it takes the place of the emulator's own."""
    path.write_text('extends = "HE910"\ncommands."+CSQ" = false\n[answers."+CSQ"]\nexecute = "+CSQ: 99,99"\n')
    async with Bench(str(path)) as bench:
        assert f"\r\n+CSQ: 99,99\r\n{OK}" == await bench.command("AT+CSQ")


async def test_a_basic_command_can_have_a_fixed_answer() -> None:
    """By its letters."""
    async with Bench("HE910", settings=["answers.'%A'={set=''}"]) as bench:
        assert OK == await bench.command("AT%A1")


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ('[answers."+CSQ"]\nread = ""', 'answers."+CSQ": the emulator has this command; leave the answer out, or set '),
        ('[answers."#foo"]\nread = ""', 'answers."#foo": it is no name of a command; write it in capitals and without'),
        ('[answers."AT#FOO"]\nread = ""', 'answers."AT#FOO": it is no name of a command'),
        ('[answers."#FOO"]', 'answers."#FOO": no form is answered; give a text for `execute`, `set`, `read` or `test`'),
        ('[answers."#FOO"]\nraed = ""', 'unknown key answers."#FOO".raed; the nearest is read'),
        ('[answers."#FOO"]\nread = 1', 'answers."#FOO".read is 1; give text of Latin-1, its lines separated by line'),
        ('answers."#FOO".read = "\\r"', 'answers."#FOO".read is "\\r"; give text of Latin-1, its lines separated by'),
    ],
)
def test_a_mistake_is_one_line(path: Path, answer: str, complaint: str) -> None:
    """It names the file, the key and the remedy."""
    path.write_text(f'extends = "HE910"\n{answer}\n')

    with pytest.raises(UserError) as caught:
        command_table(load_firmware(str(path)))

    assert str(caught.value).startswith(f"{path}: {complaint}")
    assert "\n" not in str(caught.value)
