"""One AT instance at work: the pump that carries events from its terminal to the interpreter and to a data link."""

import logging
from collections.abc import Callable, Coroutine, Mapping

from emulator.at.answers import Final
from emulator.at.bound import BoundCommand
from emulator.at.interpreter import Interpreter
from emulator.at.line import CommandLine, LineTooLong, LineWithoutPrefix, RepeatLine
from emulator.at.online import DataLink
from emulator.at.prompt import PromptCancelled, PromptData
from emulator.at.settings import Settings
from emulator.at.syntax import Form
from emulator.at.table import CommandTable
from emulator.at.terminal import REDACTED, Escape, Event, Mode, OnlineData, Terminal
from emulator.clock import Timer
from emulator.commands import urc
from emulator.commands.basic.user_profiles import restore_at_start
from emulator.commands.context import Context
from emulator.commands.dialect import DIALECT
from emulator.device.device import Device
from emulator.device.power import PowerState
from emulator.firmware.schema.terminal import WithoutPrefix
from emulator.line.host_side import HostSide
from emulator.line.observer import InstanceObserver, Unobserved
from emulator.line.requests import Requests
from emulator.line.serial.serial_line import SerialLine
from emulator.trace.events import Defect, HostSent, ModuleSent, TracedMode

_MODES: Mapping[Mode, TracedMode] = {
    Mode.COMMAND: "command",
    Mode.EXECUTING: "command",
    Mode.PROMPT: "prompt",
    Mode.ONLINE: "online",
}


class Instance:
    """Owns a terminal and what is around it: the `host` who types, and the `requests` of the commands that run."""

    def __init__(
        self,
        device: Device,
        table: CommandTable,
        name: str = "1",
        line: SerialLine | None = None,
        observe: "Callable[[Instance], InstanceObserver]" = lambda instance: Unobserved(),
    ) -> None:
        """`line` is the serial line that its settings speak of; a channel has none. `observe` makes its observer."""
        self.device = device
        self.table = table
        self.name = name
        self._observer = observe(self)
        self.settings = Settings(device.profile.settings, DIALECT)
        self._clock = device.environment.clock
        self._trace = device.environment.trace
        self._power = device.power
        self._profile = device.profile.terminal
        self.host = HostSide(
            name,
            self.settings,
            self._profile,
            self._clock,
            self._trace,
            line or SerialLine(),
            listener=self,
            observer=self._observer,
        )
        """Whom a port reports to."""
        self.requests = Requests(self, self.settings, table)
        """What commands see of the instance."""
        self._link: DataLink | None = None
        self._timer: Timer | None = None
        self._renew()
        self._start()
        device.power.on_stop.append(self._stop)
        device.power.on_start.append(self._start)

    def __repr__(self) -> str:
        return f"<Instance {self.name} {self.terminal!r}>"

    def close(self) -> None:
        """The modem is going away."""
        self.host.disconnect()
        self._stop()

    # Power.

    @property
    def _running(self) -> bool:
        return self._power.state is PowerState.RUNNING

    def _renew(self) -> None:
        """A terminal on which nothing has been typed."""
        self._last_line = ""
        self.terminal = Terminal(self.settings, self._profile, self.device.profile.errors, self._said)
        self._interpreter = Interpreter(
            self.terminal,
            self.table,
            lambda call: Context(self.device, self.requests, call.name),
            begins=self._command_begins,
            cancelled=Final[self._profile.entry_cancelled.name],
            go_online=self._go_online,
            resumed=self.pump,
            fault=self._report,
        )

    def _start(self) -> None:
        """Power-on: the settings come from the stored profiles."""
        restore_at_start(self.device.nvm, self.settings)
        urc.subscribe(self.device, self.requests)
        self._settle()

    def _stop(self) -> None:
        """Power-off: whatever went on is gone, and nothing is said."""
        self._interpreter.cancel()
        self._link = None
        self.requests.clear()
        self._renew()
        self._wake_at(None)
        self.host.pause(False)
        self.host.lines.drop()

    # What the host does.

    def receive(self, data: bytes) -> None:
        """See `host_side.HostListener`."""
        if self._power.state is not PowerState.RUNNING:
            return
        if self.requests.called_by_typing is not None and self.requests.take_typing():
            return
        self.terminal.receive(data, self._clock.now())
        self.pump()

    def host_leaves(self) -> None:
        """See `host_side.HostListener`."""
        if self._running and self._profile.closing_abandons_entry:
            self.terminal.abandon_entry()
            self.terminal.abandon_line()

    def host_is_uncertain(self) -> None:
        """See `host_side.HostListener`; a result harms neither host, a prompt would catch the next one."""
        if self._running and self._profile.closing_abandons_entry:
            self.terminal.abandon_entry()

    def dtr_rises(self) -> None:
        """See `host_side.HostListener`."""
        if self.device.profile.power.opening_starts:
            self.device.power.on()

    def dtr_falls(self) -> None:
        """See `host_side.HostListener`; &D decides, and a host that is still there hears the result."""
        reaction, link = self.settings["&D"], self._link
        closes = reaction in self._profile.dtr_closes
        if self._running and link is not None and (closes or reaction in self._profile.dtr_suspends):
            self._link = None
            self.terminal.suspend()
            if self.host.has_gone:
                self.terminal.abandon_line()
            result = link.hang_up() if closes else link.escape()
            if isinstance(result, Coroutine):
                self._interpreter.wait_for(result)
            else:
                self.terminal.finish(result or Final.NO_CARRIER)

    def host_writable(self) -> None:
        """See `host_side.HostListener`."""
        if self._link is not None:
            self._link.host_writable()
        self.pump()

    # What commands and URCs need.

    def entry_begins(self) -> None:
        """See `requests.Pump`."""
        self._observer.entry_begins()

    def notify(self, text: str) -> None:
        """Say a URC, as soon as no command runs."""
        if self._running:
            self.host.lines.unsolicited(text)
            self.terminal.notify(text)
            self.flush()

    def _command_begins(self, bound: BoundCommand, form: Form) -> None:
        if self._observer.counts_bytes:
            self.flush()  # the echo is no part of the answer
        self._observer.command_begins(bound.command.names, form)

    # What the link in data mode tells.

    @property
    def congested(self) -> bool:
        """See `at.online.OnlineTerminal`."""
        return self.host.congested

    def deliver(self, data: bytes) -> None:
        """See `at.online.OnlineTerminal`."""
        self.terminal.send_online(data)
        self.flush()

    def writable(self) -> None:
        """See `at.online.OnlineTerminal`."""
        self.pump()

    def drop_carrier(self, text: str) -> None:
        """See `at.online.OnlineTerminal`."""
        self._link = None
        if self._running:
            if self.terminal.mode is Mode.ONLINE:
                self.terminal.drop_carrier(text)
            else:
                self.terminal.notify(text)  # suspending it has ended it: said after the answer to +++
            self.pump()

    def _go_online(self, link: DataLink) -> None:
        self._link = link
        self.terminal.go_online(self._clock.now(), sends_escape=link.takes_escape)
        self.flush()
        try:
            link.begin(self)
        except Exception as error:
            self._give_up(error)

    # The pump.

    def pump(self) -> None:
        """Handle what the host has said; while it does not take our answers, its next command waits."""
        self.terminal.set_host_is_deaf(self.host.congested)
        while (event := self.terminal.next_event()) is not None:
            try:
                self._handle(event)
            except Exception as error:
                self._give_up(error)
            self.flush()
            self.terminal.set_host_is_deaf(self.host.congested)
        self.flush()
        if self.requests.left_for_idleness:
            self.requests.use_idleness(self._go_online)
        link = self._link
        self.host.pause(self.terminal.congested or (link is not None and link.congested))
        self._settle()
        self._wake_at(self.terminal.deadline)

    def flush(self) -> None:
        """Send what is to be said, and then do what was to follow a final result."""
        if data := self.terminal.data_to_send():
            self.host.write(data)
        if self.requests.left_for_answer:
            self.requests.answered()

    def _handle(self, event: Event) -> None:
        match event:
            case OnlineData(data):
                self._trace_host("online", data)
                if self._link is not None:
                    self._link.send(data)
            case CommandLine(text):
                self._last_line = text
                self._run(text)
            case RepeatLine():
                self._run(self._last_line)
            case PromptData(data):
                self._trace_host("prompt", REDACTED if self.requests.entry_is_secret else data)
                self.requests.end_entry(event)
            case PromptCancelled():
                self.requests.end_entry(event)
            case Escape():
                self._leave_data_mode()
            case LineTooLong():
                self._trace_host("command", b"(a line over the limit)")
                self.terminal.finish(Final.ERROR)
            case LineWithoutPrefix():
                if self._profile.without_prefix is WithoutPrefix.ERROR:
                    self.terminal.finish(Final.ERROR)
                else:
                    self.terminal.finish_silently()

    def _run(self, line: str) -> None:
        if self._trace.active:
            self._trace_host("command", f"AT{self.table.redacted(line)}".encode("latin-1"))
        self._interpreter.run(line)

    def _leave_data_mode(self) -> None:
        link, self._link = self._link, None
        result = link.escape() if link is not None else Final.OK
        if isinstance(result, Coroutine):
            self._interpreter.wait_for(result)
        else:
            self.terminal.finish(result)

    def _give_up(self, error: Exception) -> None:
        """A defect of the emulator: the host gets what ends its waiting, and can go on."""
        self._report(error)
        if self.terminal.mode is Mode.ONLINE:
            self.drop_carrier(Final.NO_CARRIER.text)
        elif self.terminal.mode is Mode.EXECUTING:
            self.terminal.finish(Final.ERROR)

    def _settle(self) -> None:
        """Let the host see what has become of the line: new settings count once the last word has been said."""
        if self._power.state is PowerState.RUNNING:
            if self.terminal.mode in (Mode.COMMAND, Mode.ONLINE):
                self.host.lines.follow()
            self.host.lines.update(connected=self._link is not None, ready=not self.host.paused)

    def _wake_at(self, deadline: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if deadline is not None:
            self._timer = self._clock.call_at(deadline, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.terminal.tick(self._clock.now())
        self.pump()

    # The trace.

    def _said(self, data: bytes) -> None:
        if self._trace.active:
            text = data.decode("latin-1")
            self._trace.emit(ModuleSent(terminal=self.name, mode=_MODES[self.terminal.mode], text=text, size=len(data)))

    def _trace_host(self, mode: TracedMode, data: bytes) -> None:
        if self._trace.active:
            self._trace.emit(HostSent(terminal=self.name, mode=mode, text=data.decode("latin-1"), size=len(data)))

    def _report(self, error: BaseException) -> None:
        text = f"{type(error).__name__}: {error}"
        self._trace.emit(Defect(text=text))
        logging.getLogger("emulator").error("a command failed inside the emulator: %s", text, exc_info=error)
