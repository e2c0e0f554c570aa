"""The line between host and module on a bad day: bytes that are lost or changed, a port that goes and comes back."""

from collections.abc import Callable, Sequence

from emulator.at.syntax import Form
from emulator.clock import Timer
from emulator.errors import UserError
from emulator.faults.fault import Place
from emulator.faults.line import Line
from emulator.faults.plan import FaultPlan
from emulator.faults.rule import Rule
from emulator.line.lines import DeviceLines, HostLines
from emulator.line.port import Port, PortOwner
from emulator.trace.events import Defect, Ready


class FaultyPort:
    """A `Port` for the AT instance, and the owner of the real one, which may be replaced by a new one."""

    def __init__(self, make: Callable[[], Port], plan: FaultPlan, terminal: str = "1") -> None:
        """`make` makes the real port, and makes it again after it has vanished; `terminal` is the AT instance's name.

        Raises:
            UserError: it cannot be made.
        """
        self._make = make
        self._plan = plan
        self._terminal = terminal
        self._port: Port | None = make()
        self.name = self._port.name
        self._owner: PortOwner | None = None
        self._lines = DeviceLines.NONE
        self._present = False
        self._paused = False
        self._returning: Timer | None = None
        self._typed = Line(plan, Place.TYPED, terminal)
        self._answer: Line | None = None
        self._entry: Line | None = None
        plan.on_add.append(self._adopt)

    def __repr__(self) -> str:
        return f"<FaultyPort {self.name}{'' if self._port else ', gone'}>"

    def _adopt(self, rule: Rule) -> None:
        self._typed.add(rule)

    def vanish(self, duration: float) -> None:
        """Take the real port away, and make a new one after `duration` seconds; harmless while it is away."""
        if self._port is None:
            return
        port, self._port = self._port, None
        port.close()
        if self._present:
            self.host_closed()
        self._returning = self._plan.clock.call_later(duration, self._return)

    def _return(self) -> None:
        self._returning = None
        try:
            self._port = self._make()
        except UserError as error:
            self._plan.trace.emit(Defect(text=f"the port cannot come back: {error}"))
            return
        self.name = self._port.name
        if self._paused:
            self._port.pause()
        self._port.set_lines(self._lines)
        self._port.open(self)
        self.tell_ready()

    def tell_ready(self) -> None:
        """Tell the trace that the port can be opened."""
        firmware = self._plan.target().device.firmware.name
        self._plan.trace.emit(Ready(port=self.name, firmware=firmware, terminal=self._terminal))

    # As the port of the AT instance.

    @property
    def congested(self) -> bool:
        return self._port is not None and self._port.congested

    def open(self, owner: PortOwner) -> None:
        self._owner = owner
        if self._port is not None:
            self._port.open(self)

    def hand_over(self, owner: PortOwner) -> None:
        """Let somebody else own the port from now on; a host that has gone meanwhile is told of."""
        self._owner = owner
        if not self._present:
            owner.host_closed()

    def write(self, data: bytes) -> None:
        if self._answer is not None:
            for piece in self._answer.carry(data):
                self.inject(piece)
        elif self._port is not None:
            self._port.write(data)

    def inject(self, data: bytes) -> None:
        """Send bytes to the host that no fault strikes."""
        if self._port is not None:
            self._port.write(data)

    def set_lines(self, lines: DeviceLines) -> None:
        self._lines = lines
        if self._port is not None:
            self._port.set_lines(lines)

    def pause(self) -> None:
        self._paused = True
        if self._port is not None:
            self._port.pause()

    def resume(self) -> None:
        self._paused = False
        if self._port is not None:
            self._port.resume()

    def close(self) -> None:
        if self._returning is not None:
            self._returning.cancel()
        self._owner = None
        if self._port is not None:
            self._port.close()

    # As the owner of the real port.

    def data_received(self, data: bytes) -> None:
        if self._plan.idle and self._owner is not None:
            self._owner.data_received(data)
            return
        for typed in self._typed.carry(data):
            for piece in self._entry.carry(typed) if self._entry is not None else (typed,):
                if self._owner is not None:
                    self._owner.data_received(piece)

    def host_opened(self) -> None:
        self._present = True
        if self._owner is not None:
            self._owner.host_opened()

    def host_changes(self) -> None:
        if self._owner is not None:
            self._owner.host_changes()

    def host_closed(self) -> None:
        self._present = False
        if self._owner is not None:
            self._owner.host_closed()

    def lines_changed(self, lines: HostLines) -> None:
        if self._owner is not None:
            self._owner.lines_changed(lines)

    def writable(self) -> None:
        if self._owner is not None:
            self._owner.writable()

    # What the AT instance tells of its work.

    @property
    def counts_bytes(self) -> bool:
        return not self._plan.idle

    def command_begins(self, names: Sequence[str], form: Form) -> None:
        """See `instance.Watcher`; what is sent from now on is the command's answer."""
        self._plan.command_begins(names, form, self._terminal)
        self._answer = Line(self._plan, Place.ANSWER, self._terminal) if not self._plan.idle else None
        self._entry = None

    def entry_begins(self) -> None:
        """See `instance.Watcher`."""
        self._entry = Line(self._plan, Place.ENTRY, self._terminal) if not self._plan.idle else None
