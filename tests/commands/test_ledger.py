"""The ledger accounts for every command of the reference guide, from the declarations and one list of reasons."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import emulator
from emulator.commands import ledger
from emulator.commands.catalogue import command_table, declared_commands
from emulator.commands.kinds import SettingsCommand
from emulator.commands.ledger import Group, Standing
from emulator.firmware.acted_on import ACTED_ON
from emulator.firmware.lines import lines
from emulator.firmware.loader import Firmware, list_models, load_firmware
from emulator.testing import Bench
from emulator.trace.events import CommandMissing
from emulator.trace.json_lines import JsonLines
from emulator.trace.transcript import Transcript

PACKAGE = Path(emulator.__file__).parent
_DECLARING = {"Command", "SettingsCommand", "TableCommand", "single_setting", "setting", "stored"}


def firmwares() -> list[Firmware]:
    return [load_firmware(model.name) for model in list_models()]


def test_every_command_is_accounted_for() -> None:
    """On every model; a name that none declares needs a reason in reference_guide.toml."""
    unknown = {
        name for name in ledger.reference_guide().names if name not in ledger.declared() | ledger.missing().keys()
    }

    assert unknown == set(), "neither declared nor in a group of `not_emulated`"


def test_one_model_of_each_line_declares_what_all_of_them_have() -> None:
    """A host waits while the names are gathered."""
    everywhere = {name for firmware in firmwares() for name in command_table(firmware).names() if name[0] in "+#$*@"}
    fixed = {name for firmware in firmwares() for name in firmware.profile.answers}

    assert everywhere - fixed <= {*ledger.declared()}


def test_no_reason_is_stale() -> None:
    """A command that is declared has left the list."""
    assert set() == ledger.declared() & ledger.missing().keys(), "declared: take the name out of `not_emulated`"


def test_no_group_of_reasons_is_empty() -> None:
    """Whoever takes the last name out takes the group out, too."""
    empty = [group.why for group in ledger.reference_guide().not_emulated if not group.names]

    assert [] == empty, "take these out of reference_guide.toml"


def test_no_name_stands_twice() -> None:
    """Each has one reason, and is in the index once."""
    guide = ledger.reference_guide()
    reasons = [name for group in guide.not_emulated for name in group.names]

    assert len(guide.names) == len(set(guide.names))
    assert len(reasons) == len(set(reasons))
    assert set(reasons) <= set(guide.names)
    assert {line for group in guide.not_emulated for line in group.lines} <= {line.name for line in lines()}


def test_a_number_that_is_acted_on_is_read_somewhere() -> None:
    """Else its command would be said to work."""
    by_profile = {name for one in firmwares() for name in one.profile.terminal.control_lines.pulses.values()}

    assert set() == ACTED_ON - set(_texts()) - by_profile


def test_a_command_without_effect_sets_what_nothing_reads() -> None:
    """Whoever reads a setting adds it to ACTED_ON, so that its command is said to work."""
    numbers = {key for one in firmwares() for key in (*one.profile.settings, *one.profile.stored)}
    read = {key.partition(".")[0] for key in set(_subscripts()) & numbers}
    kept = {
        bound.command.name
        for firmware in firmwares()
        for bound in command_table(firmware)
        if not bound.command.has_effect
    }

    wrong = {name for name in kept if name in read and not _shows_itself(name)}
    assert wrong == set(), "something reads these: add them to ACTED_ON"


def _shows_itself(name: str) -> bool:
    """Whether only the handlers of the command read its number: a hand-written declaration that says so."""
    return any(one.name == name and not isinstance(one, SettingsCommand) for one in declared_commands())


def _trees() -> Iterator[ast.Module]:
    for path in PACKAGE.rglob("*.py"):
        if path.name != "acted_on.py":
            yield ast.parse(path.read_text(encoding="utf-8"))


def _subscripts() -> Iterator[str]:
    """Yield the texts that a value is asked for by, as in `settings["+CMEE"]`, but for limits in the profile."""
    for tree in _trees():
        for node in ast.walk(tree):
            match node:
                case ast.Subscript(ctx=ast.Load(), slice=ast.Constant(value=str(text))):
                    if "profile" not in ast.unparse(node):
                        yield text


def _texts() -> Iterator[str]:
    """Yield the texts in the code, outside of declarations."""
    for tree in _trees():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        declaring = [call for call in calls if ast.unparse(call.func) in _DECLARING]
        inside = {id(part) for call in declaring for part in (*call.args, *(word.value for word in call.keywords))}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                yield node.value


@pytest.mark.parametrize(
    ("name", "firmware", "standing"),
    [
        ("+CSQ", "HE910", Standing.WORKS),
        ("+CMEE", "HE910", Standing.WORKS),
        ("E", "HE910", Standing.WORKS),
        ("S30", "HE910", Standing.KEPT),
        ("+CGQREQ", "HE910", Standing.KEPT),
        ("+CGEQREQ", "GE865-QUAD", Standing.ABSENT),
        ("#SSLFASTD", "HE910", Standing.ABSENT),
        ("#NOSUCH", "HE910", Standing.UNKNOWN),
    ],
)
def test_the_standing_of_a_command(name: str, firmware: str, standing: Standing) -> None:
    """It follows from the declaration and the profile."""
    assert ledger.entry(name, load_firmware(firmware)).standing is standing


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """An emulator that lacks #FOO, and #BAR of line 10.00; the shipped list changes with every command that comes."""
    groups = {"#FOO": Group("e-mail", ("#FOO",)), "#BAR": Group("scripts", ("#BAR",), ("10.00",))}
    monkeypatch.setattr(ledger, "missing", lambda: groups)


@pytest.mark.usefixtures("lacking")
async def test_the_trace_tells_what_is_missing_and_why() -> None:
    """The three kinds apart; the host hears the same ERROR of each."""
    said: list[str] = []
    lines: list[str] = []
    async with Bench("HE910", readers=[Transcript(said.append), JsonLines(lines.append)]) as bench:
        for command in ("#FOO=?", "#SSLFASTD=?", "#NOSUCH"):
            assert await bench.command(f"AT{command}") == "\r\nERROR\r\n"
        events = [event for event in bench.events if isinstance(event, CommandMissing)]

    expected = [
        ("#FOO", "not emulated", "e-mail"),
        ("#SSLFASTD", "not on this firmware", ""),
        ("#NOSUCH", "no such command", ""),
    ]
    assert [(event.command, event.lack, event.why) for event in events] == expected
    assert [line[14:] for line in said if line[14:21] == "refused"] == [
        "refused #FOO: not emulated: the module has it, the emulator has not (e-mail)",
        "refused #SSLFASTD: not on this firmware: HE910@12.00.004 has none, others have",
        "refused #NOSUCH: no such command",
    ]
    assert not any("lacks" in line for line in said), "nothing is told twice"
    traced = [json.loads(line) for line in lines]
    assert [line["lack"] for line in traced if line["event"] == "command-missing"] == [lack for _, lack, _ in expected]


@pytest.mark.usefixtures("lacking")
@pytest.mark.parametrize(("firmware", "lack"), [("GE865-QUAD", "not emulated"), ("HE910", "not on this firmware")])
async def test_what_another_line_has_is_no_lack_of_the_emulator(firmware: str, lack: str) -> None:
    """The lines that have a command are said with its reason."""
    async with Bench(firmware) as bench:
        await bench.command("AT#BAR?")
        (event,) = [event for event in bench.events if isinstance(event, CommandMissing)]

    assert event.lack == lack


async def test_a_misspelt_pin_is_not_told() -> None:
    """Of a command that no guide has no digit is shown without = or ?."""
    async with Bench("HE910") as bench:
        await bench.command("AT+CPIN1234")
        (event,) = [event for event in bench.events if isinstance(event, CommandMissing)]

    assert event.command == "+CPIN***"


@pytest.mark.usefixtures("lacking")
async def test_a_malformed_use_is_named_as_well() -> None:
    """Its name stands before what is wrong with it."""
    async with Bench("HE910") as bench:
        await bench.command('AT#FOO="x')
        (event,) = [event for event in bench.events if isinstance(event, CommandMissing)]

    assert (event.command, event.lack) == ("#FOO", "not emulated")


def test_a_command_of_other_firmwares_is_told_at_once() -> None:
    """No other firmware is loaded for it, while the host waits for its ERROR."""
    before = ledger.declared.cache_info()

    standing = ledger.why_not("#SSLSECCFG2", "12.00")

    assert (standing.standing, ledger.declared.cache_info()) == (Standing.ABSENT, before)
