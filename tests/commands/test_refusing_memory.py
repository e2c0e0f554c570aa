"""Every form of every command with a memory that refuses: what it answers, and that all is as it was before.

The first pass finds the lines that write, on a module whose memory refuses each write. The others play those alone:
with the first, the second, the third write refused until none is left, and with a power that fails in the midst of it.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from emulator.at.bound import BoundCommand
from emulator.at.parameters import IPv4Address
from emulator.at.syntax import Form
from emulator.at.table import CommandTable
from emulator.commands.catalogue import command_table
from emulator.control.state import show
from emulator.device.memory.content import Nvm
from emulator.device.power import PowerState
from emulator.firmware.loader import load_firmware
from emulator.firmware.schema.profile import Profile
from emulator.testing import Bench
from tests.commands.lines import LINES
from tests.commands.peer import ObedientPeer
from tests.commands.ssl_bench import OK, at_once, dial, enter, information, routes_to, store, succeed
from tests.peers.pki import CLIENT, ROOT

MODELS = (*LINES, "ME310G1")
"""One of each line of the guide, and the one of the later lines that has the most commands."""

PIN = "4711"
PIN2_IS_GIVEN = 'AT+CACM="5678"'

EXAMPLES = {
    "&W": ("&W1",), "&Y": ("&Y1",), "&P": ("&P1",),
    "+CCLK": ('+CCLK="14/07/03,10:00:00+08"',),
    "+CPIN": (f'+CPIN="{PIN}"',), "+CLCK": (f'+CLCK="SC",0,"{PIN}"', '+CLCK="SC",0,"0000"'),
    "+CPWD": (f'+CPWD="SC","{PIN}","1234"', '+CPWD="SC","0000","1234"'),
    "+CPOL": ('+CPOL=1,2,"20801"', "+CPOL=1,2"),
    "+CPBW": ('+CPBW=,"+39333",145,"Ann"', "+CPBW=1"),
    "+CMGS": ('+CMGS="+39333"',), "+CMGW": ('+CMGW="+39333"',), "+CMSS": ("+CMSS=1",), "+CMGR": ("+CMGR=2",),
    "+CMGL": ('+CMGL="ALL"',), "+CMGD": ("+CMGD=1", "+CMGD=1,4"), "+CSCA": ('+CSCA="+39444",145',),
    "#SSLSECCFG": ("#SSLSECCFG=1,1,1", "#SSLSECCFG=1,1,0,0"), "#SSLCFG": ("#SSLCFG=1,1,500,60,70,8",),
    "#SSLSECDATA": (f"#SSLSECDATA=1,1,0,{len(CLIENT.pem)}", "#SSLSECDATA=1,0,1"),
    "+CALA": ('+CALA="07:00:00+04",0,2,"text","0"', '+CALA=""'), "#GSMCONT": ('#GSMCONT=0,"IP","123"',),
    "#EVMONI": ("#EVMONI=RING,1",), "#WSCRIPT": ('#WSCRIPT="a.py",4',), "#ESCRIPT": ('#ESCRIPT="a.py"',),
    "+CPUC": ('+CPUC="EUR","1"',), "+CAMM": ('+CAMM="FF"',),
    "+CGDCONT": ('+CGDCONT=2,"IP","two"', "+CGDCONT=1"),
}  # fmt: skip
"""By command, lines that write where the lowest and highest values of the declaration would not."""

ENTRIES = {"#SSLSECDATA": CLIENT.pem.decode() + "\x1a", "#WSCRIPT": "1234"}
"""What is entered at a prompt, if not a text."""

_ENDS = re.compile(r"(\r\n(OK|ERROR|CONNECT|NO CARRIER|\+CM[ES] ERROR: .*)\r\n|> |>>>)$")
FAILURE = "memory failure"


def lines_of(bound: BoundCommand, profile: Profile) -> Iterator[str]:
    """Every form of a command, the set form with the lowest and with the highest values of its parameters."""
    name = bound.command.name
    if bound.has(Form.READ):
        yield f"{name}?"
    if bound.has(Form.TEST):
        yield f"{name}=?"
    if bound.has(Form.EXECUTE):
        yield name
    if bound.has(Form.SET):
        for pick in (0, -1):
            yield f"{name}{'=' if name[0] in '+#$*S' else ''}{','.join(_arguments(bound, profile, pick))}"
    yield from EXAMPLES.get(name, ())


def _arguments(bound: BoundCommand, profile: Profile, pick: int) -> Iterator[str]:
    for parameter in bound.command.parameters:
        reader = parameter.kind.bind(profile)
        if reader is None:
            continue
        if isinstance(parameter.kind, IPv4Address):
            yield '"192.0.2.1"'
        elif reader.described.startswith("("):
            yield re.split("[-,]", reader.described.strip("()"))[pick]
        else:
            yield reader.described.split(",")[pick] or '"1234"'


class RefusingMemory:
    """The memory of a module: counts the writes of a line, and refuses those that a test picks."""

    def __init__(self, bench: Bench) -> None:
        self.writes = 0
        self.refuses: Callable[[int], bool] = lambda number: False
        bench.modem.device.store._keep = self._keep  # type: ignore[method-assign]  # the disk below the store

    def _keep(self, encoded: bytes) -> None:
        self.writes += 1
        if self.refuses(self.writes):
            raise OSError(28, "No space left on device")


class Module:
    """A module in which everything has something to lose: a kept session, security data, messages, numbers, a PIN."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.device = bench.modem.device
        self.memory = RefusingMemory(bench)
        self._settings = dict(bench.modem.instance.settings)
        self._reads = [f"AT{bound.command.name}?" for bound in _table(bench) if bound.has(Form.READ)]
        self._fingerprint = self._short()

    async def play(self, line: str) -> str:
        """A line, what is entered at its prompt, and the answer."""
        name = line.partition("=")[0]
        self.memory.writes = 0
        self.bench.send(f"AT{line}\r")
        if (heard := await self._answer()).endswith(("> ", ">>>")):
            self.bench.send(ENTRIES.get(name, "text\x1a"))
            heard += await self._answer()
        return heard

    async def _answer(self) -> str:
        heard = self.bench.read()
        for seconds in (0, 0, 0, 0.1, 1, 10, 100, 1000):
            if _ENDS.search(heard):
                break
            await self.bench.advance(seconds)
            heard += self.bench.read()
        return heard

    def seen(self) -> dict[str, Any]:
        """All that can be seen from outside: reads, &V, `ctl show`, the kept session, what was sent."""
        self.memory.refuses = lambda number: False
        answers = {line: at_once(self.bench, line) for line in (*self._reads, "AT&V")}
        return {**answers, **show(self.bench.modem), **self._short()}

    def _short(self) -> dict[str, Any]:
        device = self.device
        return {
            "content": device.store.content,
            "power": device.power.state,
            "registered": device.network.registered,
            "sockets": repr(device.ssl.sockets if device.ssl else None),
            "mqtt": repr(device.mqtt),
            "sent": len(device.mailbox.sent),
            "waiting": len(device.mailbox.waiting),
        }

    async def restart(self) -> None:
        """Power off and on, up to the PIN."""
        self.device.power.restart()
        await self.bench.advance(self.device.profile.power.boot)
        await succeed(self.bench, "ATE0", f'AT+CPIN="{PIN}"', "AT+CMEE=2", PIN2_IS_GIVEN)
        await _enable_mqtt(self.bench)

    def mend(self) -> bool:
        """Take back what a line has set; whether the module is then as it was prepared."""
        self.memory.refuses = lambda number: False
        with self.device.store.change() as nvm:
            vars(nvm).update(msgspec.structs.asdict(self._fingerprint["content"]))
        settings = self.bench.modem.instance.settings
        settings.restore_factory()
        for name, value in self._settings.items():
            settings[name] = value
        self.device.contexts.deactivate_all()
        self.device.phonebook.restart()
        return at_once(self.bench, "AT") == OK and self._short() == self._fingerprint


def _table(bench: Bench) -> CommandTable:
    return command_table(bench.modem.firmware)


async def _enable_mqtt(bench: Bench) -> None:
    """Enable each instance, where there are any: else its settings could not be written."""
    if bench.modem.device.mqtt is not None:
        await succeed(bench, "AT#MQEN=1,1", "AT#MQEN=2,1")


@asynccontextmanager
async def prepared(model: str, peer: ObedientPeer) -> AsyncIterator[Module]:
    """A module as each line of a test meets it."""
    own = 'sim.numbers=[{name="own",number="+39333"}]'
    async with Bench(model, settings=[f'sim.pin="{PIN}"', own], routes=routes_to(peer.port)) as bench:
        await succeed(bench, f'AT+CPIN="{PIN}"', "AT+CMEE=2", PIN2_IS_GIVEN, 'AT+CGDCONT=1,"IP","apn"', "AT#SSLEN=1,1")
        if not bench.modem.device.contexts.is_active(1):
            assert (await bench.command("AT#SGACT=1,1")).endswith(OK)
        await _enable_mqtt(bench)
        await store(bench, 1, ROOT.pem)
        if _table(bench).find("#SSLFASTD") is not None:
            await dial(bench, closure=1)
            await succeed(bench, "AT#SSLH=1,1")
        assert (await bench.command('AT#PING="127.0.0.1",1')).endswith(OK)
        await succeed(bench, "AT#SGACT=1,0", 'AT+CPBW=1,"123",129,"a"', "AT#ESMTP=a")
        await succeed(bench, "AT+CMGF=1", "AT+CNMI=2,1,0,2", "AT+CSMP=49,167,0,0", "AT&W0", "AT&P0")
        await enter(bench, 'AT+CMGW="+39332"', "to be sent\x1a")
        bench.modem.receive_sms("+39331", "unread")
        bench.read()
        yield Module(bench)


_writing: dict[str, list[str]] = {}


async def _writing_lines(model: str, peer: ObedientPeer) -> list[str]:
    """The lines that write, of every form of every command; each has been played with a memory that refuses."""
    if model not in _writing:
        firmware = load_firmware(model)
        left = [line for bound in command_table(firmware) for line in lines_of(bound, firmware.profile)]
        found = []
        while left:
            async with prepared(model, peer) as module:
                while left and module.mend():
                    line = left.pop(0)
                    module.memory.refuses = lambda number: True
                    answer = await module.play(line)
                    if module.memory.writes:
                        found.append(line)
                        assert FAILURE in answer, line
        _writing[model] = list(dict.fromkeys(found))
    return list(_writing[model])


@pytest.mark.parametrize("model", MODELS)
async def test_a_command_whose_first_write_is_refused_has_changed_nothing(model: str) -> None:
    """It answers a memory failure, and nothing that can be read is another than before."""
    with ObedientPeer() as peer:
        lines = await _writing_lines(model, peer)
        async with prepared(model, peer) as module:
            before = module.seen()
            for line in lines:
                module.memory.refuses = lambda number: True
                assert FAILURE in await module.play(line), line
                assert before == module.seen(), line


@pytest.mark.parametrize("model", MODELS)
async def test_a_command_that_fails_at_a_later_write_has_changed_nothing(model: str) -> None:
    """The second write is refused, the third, and so on until a command needs no more; all of NVM is written so."""
    changed: set[str] = set()
    with ObedientPeer() as peer:
        left = [(line, 2) for line in await _writing_lines(model, peer)]
        while left:
            async with prepared(model, peer) as module:
                while left and module.mend():
                    line, refused = left.pop()
                    before = module.seen()
                    module.memory.refuses = refused.__eq__
                    answer = await module.play(line)
                    changed |= _changed(before["content"], module.device.store.content)
                    if module.memory.writes >= refused:
                        left.append((line, refused + 1))
                        assert FAILURE not in answer or before == module.seen(), line
    assert set(Nvm.__struct_fields__) - _constant(model) == changed


def _changed(before: Nvm, after: Nvm) -> set[str]:
    return {name for name in Nvm.__struct_fields__ if getattr(before, name) != getattr(after, name)}


_OWNERS = {
    "#HTTPCFG": "http",
    "#CCLKMODE": "clock_mode",
    "#MQCFG": "mqtt",
    "+CGAUTH": "logins",
    "#SKTSAV": "easy_settings",
    "#PSAV": "audio_profiles",
    "$GPSSAV": "gnss",
}
"""Commands that some lines lack, and the field that each of them alone writes."""


def _constant(model: str) -> set[str]:
    """The fields that no command of the firmware can change; #ENS counts at the next start."""
    firmware = load_firmware(model)
    styles = firmware.profile.terminal.interface_styles
    can_choose = any(styles.allows(style) for style in range(4) if style != styles.default)
    absent = {field for name, field in _OWNERS.items() if command_table(firmware).find(name) is None}
    return {"format", "version", "model", "enhanced"} | absent | (set() if can_choose else {"interface_style"})


@pytest.mark.parametrize("model", MODELS)
async def test_a_power_that_fails_while_a_command_writes_leaves_what_was_written_before(model: str) -> None:
    """After the next start all is as after a start without the command."""
    with ObedientPeer() as peer:
        lines = await _writing_lines(model, peer)
        async with prepared(model, peer) as module:
            await module.restart()
            before = _without_clocks(module.seen())
            for line in lines:
                module.device.store.power_failure = lambda: module.device.power.off
                await module.play(line)
                module.device.store.power_failure = lambda: None
                assert PowerState.OFF is module.device.power.state, line
                await module.restart()
                assert before == _without_clocks(module.seen()), line


def _without_clocks(seen: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in seen.items() if name not in ("time", "AT+CCLK?", "AT#CCLK?")}


async def test_a_code_that_cannot_be_counted_has_not_been_given() -> None:
    """A wrong PIN and a wrong PUK cost no try, and the right PUK unlocks nothing."""
    async with Bench(settings=[f'sim.pin="{PIN}"']) as bench:
        await succeed(bench, "AT+CMEE=2")
        memory = RefusingMemory(bench)
        await _refuse_codes(bench, memory, "SIM PIN", 3, '"0000"')
        for _ in range(3):
            await bench.command('AT+CPIN="0000"')
        await _refuse_codes(bench, memory, "SIM PUK", 10, '"00000000","1234"', '"12345678","1234"')
        await succeed(bench, 'AT+CPIN="12345678","1234"')


async def _refuse_codes(bench: Bench, memory: RefusingMemory, state: str, tries: int, *codes: str) -> None:
    memory.refuses = lambda number: True
    for code in codes:
        assert FAILURE in await bench.command(f"AT+CPIN={code}")
        assert information(f"+CPIN: {state}") == await bench.command("AT+CPIN?")
        assert information(f"#PCT: {tries}") == await bench.command("AT#PCT")
    memory.refuses = lambda number: False
