"""Takes the state of a module by all reads that are harmless, and sets it back.

A stored user profile is shown by no read without being loaded, nor is what &Y and &P have chosen: tools leave these
alone.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from emulator.at.bound import BoundCommand
from emulator.at.syntax import Form
from emulator.commands.catalogue import command_table
from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ModuleLine
from emulator.dte.restorations import restoration_of
from emulator.dte.rows import Rows, rows_of
from emulator.dte.security_data import NAME as SECURITY_DATA
from emulator.dte.security_data import Stored, digest_of, put_back, read_stored
from emulator.errors import UserError
from emulator.firmware.loader import Firmware

_GATES = ("#SSLEN", "#MQEN")
"""Commands that enable what other reads need; nothing leaves the module by them."""
_FIRST = ("#SELINT", "+CSCS", "+CMGF", "+CPBS", "#ENAEVMONI")
"""Set back first: how others are read or set depends on them."""
_LAST = ("+CGDCONT", "S3", "S4", "S5", "+CMEE", "&K", "+IFC", "E", "Q", "V")
"""Set back last: how the line is read depends on them; and what a context has is removed before it."""
_VIEW = "AT&V"
_PASSES = 3
"""How often what differs is set back: one setting may change another one."""
_LONG = 10.0
"""Seconds that a read may take; a network is not asked."""


@dataclass(frozen=True)
class Difference:
    """A read whose answer is another one than before."""

    command: str
    """The read form, with its `AT`."""
    before: Rows
    now: Rows

    def __str__(self) -> str:
        return f"{self.command}: {_shown(self.before)}, now {_shown(self.now)}"


@dataclass(frozen=True)
class Snapshot:
    """What the reads of a module have shown, by the commands' names."""

    rows: Mapping[str, Rows]
    """Of each command that has answered."""
    bound: Mapping[str, BoundCommand]
    listing: Sequence[str] = ()
    """The lines of &V."""
    echo: bool = True
    security: Stored = field(default_factory=dict)
    """The security data that can be read."""

    def differences(self, now: "Snapshot") -> list[Difference]:
        """Return what differs in a later snapshot, without what changes by itself."""
        found = [Difference(f"AT{name}?", self.rows[name], now.rows.get(name, ())) for name in self._differing(now)]
        found += [
            Difference(str(slot), digest_of(self.security, slot), digest_of(now.security, slot))
            for slot in sorted(self.security.keys() | now.security.keys(), key=str)
            if self.security.get(slot) != now.security.get(slot)
        ]
        if self.listing != now.listing:
            changed = [(line,) for line in self.listing if line not in now.listing]
            found.append(Difference(_VIEW, changed, [(line,) for line in now.listing if line not in self.listing]))
        return found

    def restorable(self, now: "Snapshot") -> list[str]:
        """Return the names of the commands that differ and can be set back, in an order that works."""
        return sorted((name for name in self._differing(now) if restoration_of(self.bound[name]).can), key=_place)

    def _differing(self, now: "Snapshot") -> Iterator[str]:
        for name, before in self.rows.items():
            lasting = restoration_of(self.bound[name]).lasting
            if lasting(before) != lasting(now.rows.get(name, ())):
                yield name


def take(module: ModuleLine, firmware: Firmware) -> Snapshot:
    """Ask a module for all that it shows of its state; what it refuses to show is left out.

    SSL and MQTT are enabled meanwhile where they are not, as their settings are hidden otherwise.

    Args:
        module: on an open line, in command mode.
        firmware: the nearest one, whose commands are asked for.

    Raises:
        UserError: the port has failed.
    """
    asked = module.ask("AT")
    readable = {bound.command.name: bound for bound in command_table(firmware) if bound.has(Form.READ)}
    with _opened(module, readable) as gates:
        others = {name: module.ask(f"AT{name}?", _LONG) for name in readable if name not in gates}
        security = read_stored(module, rows_of(others[SECURITY_DATA], SECURITY_DATA)) if SECURITY_DATA in others else {}
    rows = {**gates, **{name: rows_of(answer, name) for name, answer in others.items() if answer.is_ok}}
    echo = f"{asked.sent}\r" in asked.said
    return Snapshot(rows, readable, _settings_in(module.ask(_VIEW)), echo, security)


def restore(module: ModuleLine, before: Snapshot, firmware: Firmware) -> list[Difference]:
    """Set back what differs from a snapshot; return what differs still.

    Raises:
        UserError: the port has failed, or the module does not answer.
    """
    module.wake()
    now = take(module, firmware)
    for _ in range(_PASSES):
        names = before.restorable(now)
        if not names and before.security == now.security:
            break
        with _opened(module, before.bound):
            put_back(module, before.security, now.security)
            _set_back(module, before, now, [name for name in names if name not in _GATES])
        _set_back(module, before, now, [name for name in names if name in _GATES])
        now = take(module, firmware)
    module.ask(f"ATE{int(before.echo)}")
    return before.differences(now)


def _set_back(module: ModuleLine, before: Snapshot, now: Snapshot, names: Iterable[str]) -> None:
    for name in names:
        for command in restoration_of(before.bound[name]).sets(name, before.rows[name], now.rows.get(name, ())):
            module.ask(command, _LONG)


@contextmanager
def _opened(module: ModuleLine, readable: Container[str]) -> Iterator[Mapping[str, Rows]]:
    """Enable for a while what other reads need; yield what was shown of it before."""
    gates = {name: rows_of(module.ask(f"AT{name}?"), name) for name in _GATES if name in readable}
    closed = [f"AT{name}={row[0]}," for name, rows in gates.items() for row in rows if row[1:2] == ("0",)]
    opened: list[str] = []
    try:
        for gate in closed:
            opened.append(gate)  # before it is sent: a Ctrl-C may come then
            module.ask(f"{gate}1")
        yield gates
    finally:
        for gate in opened:
            module.ask(f"{gate}0")


@dataclass
class Kept:
    """The state of a module before, and what differs from it after all."""

    before: Snapshot
    left: list[Difference] = field(default_factory=list)
    is_restored: bool = False
    """Whether it could be set back at all."""


@contextmanager
def kept(module: ModuleLine, firmware: Firmware) -> Iterator[Kept]:
    """Leave the module as it is now, whatever happens in the block.

    A port that is lost and comes back is opened again. After a Ctrl-C the module is set back first.

    Raises:
        UserError: the port has failed for good.
    """
    keeping = Kept(take(module, firmware))
    try:
        yield keeping
    finally:
        keeping.left = _restored(module, keeping.before, firmware)
        keeping.is_restored = True


def _restored(module: ModuleLine, before: Snapshot, firmware: Firmware) -> list[Difference]:
    try:
        return restore(module, before, firmware)
    except UserError:
        module.reopen()
    except KeyboardInterrupt:  # once more, and then give in
        with suppress(UserError):
            restore(module, before, firmware)
        raise
    return restore(module, before, firmware)


def _place(name: str) -> tuple[int, int]:
    if name in _FIRST:
        return 0, _FIRST.index(name)
    return (2, _LAST.index(name)) if name in _LAST else (1, 0)


def _settings_in(listing: Exchange) -> list[str]:
    return [line.strip() for line in listing.lines] if listing.is_ok else []


def _shown(rows: Rows) -> str:
    return " / ".join(",".join(row) for row in rows) or "nothing"
