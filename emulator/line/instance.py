"""An AT instance: carries events from its terminal to the interpreter and to data mode."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulator.at.answers import Final
from emulator.at.interpreter import Interpreter
from emulator.at.line import CommandLine, LineTooLong, LineWithoutPrefix, RepeatLine
from emulator.at.prompt import PromptCancelled, PromptData
from emulator.at.settings import Settings
from emulator.at.syntax import Form
from emulator.at.table import CommandTable
from emulator.at.terminal import REDACTED, Escape, Event, Mode, OnlineData, Terminal
from emulator.clock import Timer
from emulator.commands import urc
from emulator.commands.basic.kept_settings import restore_at_start
from emulator.commands.context import Context
from emulator.commands.dialect import DIALECT
from emulator.device.device import Device
from emulator.firmware.schema.stored import CHANNELS_HEED_DTR, MULTIPLEXER_MODE
from emulator.firmware.schema.terminal import WithoutPrefix
from emulator.guard import guarded
from emulator.later import later
from emulator.line.data_mode import DataMode
from emulator.line.dtr import ChannelDtr, PortDtr
from emulator.line.host_side import HostSide
from emulator.line.observer import InstanceObserver, Unobserved
from emulator.line.paced import line_pace
from emulator.line.refusals import Refusals
from emulator.line.requests import Requests
from emulator.line.serial.serial_line import SerialLine
from emulator.line.spoken import MODES, Spoken
from emulator.line.unheard import Unheard
from emulator.trace.defect import report_defect

if TYPE_CHECKING:
    from emulator.at.bound import BoundCommand
    from emulator.commands.network import alarm
else:
    alarm = later("emulator.commands.network.alarm")


class Instance:
    """Own a terminal, with the side of its `host` and the `requests` of its commands."""

    def __init__(
        self,
        device: Device,
        table: CommandTable,
        name: str = "1",
        line: SerialLine | None = None,
        observe: "Callable[[Instance], InstanceObserver]" = lambda instance: Unobserved(),
    ) -> None:
        """Apply the settings to `line`, if there is one: a channel has none. `observe` makes the observer."""
        self.device = device
        self.table = table
        self.name = name
        self.observer = observe(self)
        self.settings = Settings(device.profile.settings, DIALECT)
        self._clock = device.environment.clock
        self._trace = device.environment.trace
        self._power = device.power
        self._profile = device.profile.terminal
        dtr = (
            PortDtr(self.settings, self._profile)
            if line is not None
            else ChannelDtr(self.settings, self._profile, lambda: device.stored[MULTIPLEXER_MODE] == CHANNELS_HEED_DTR)
        )
        self.data_mode = DataMode(self, dtr)
        """The link to a peer, and the ways into data mode and out of it."""
        self.host = HostSide(
            name,
            self.settings,
            self._profile,
            self._clock,
            self._trace,
            line or SerialLine(),
            instance=self,
            observer=self.observer,
        )
        """Owner of the port."""
        self._pace = line_pace(device, name)
        self.requests = Requests(self, self.settings, table, self._pace)
        """The `AtInstance` for commands."""
        self.refusals = Refusals(self._trace, name, table, device.firmware)
        """Tells the trace why commands fail."""
        self._unheard = Unheard(self._trace, name, table, self._clock, self.fail)
        self._spoken = Spoken(self._trace, name, table.redacted_data, lambda: self.requests.holds_call)
        self._timer: Timer | None = None
        self._due: float | None = None
        """The time at which it calls."""
        self._renew()
        if self._power.running:
            self._start()
        device.power.on_stop.append(self._stop)
        device.power.on_start.append(self._start)

    def __repr__(self) -> str:
        return f"<Instance {self.name} {self.terminal!r}>"

    def close(self) -> None:
        """End the instance with its modem."""
        self.host.disconnect()
        self._stop()
        self._unheard.stop()

    # Power.

    def _renew(self) -> None:
        """Make a terminal on which nothing has been typed."""
        self._last_line = ""
        self.terminal = Terminal(
            self.settings, self._profile, self.device.profile.errors, self._said, self.observer.answering
        )
        self.interpreter = Interpreter(
            self.terminal,
            self.table,
            lambda call: Context(self.device, self.requests, call.name),
            begins=self._command_begins,
            cancelled=Final[self._profile.entry_cancelled.name],
            go_online=self.data_mode.begin,
            resumed=self._resume,
            fault=self._report,
            missing=self.refusals.missing,
            refused=self.refusals.refused,
            connection_ended=self.refusals.connection_ended,
            pace=self._pace,
        )

    def _start(self) -> None:
        """Begin at power-on with the settings of the stored profiles."""
        self._unheard.begin()
        restore_at_start(self.device.nvm, self.settings)
        if self.device.enhanced and self.device.nvm.full_profile is None:
            for name, value in self.device.profile.network.enhanced.settings.items():
                self.settings[name] = value
        urc.subscribe(self.device, self.requests)
        self._settle()

    def _stop(self) -> None:
        """Stop at power-off: drop what is under way, without a word to the host."""
        self.interpreter.cancel()
        self.data_mode.stop()
        self.requests.clear()
        self._renew()
        self._wake_at(None)
        self.host.pause(False)
        self.host.lines.drop()

    # From the host.

    def receive(self, data: bytes) -> None:
        """Take bytes from the host."""
        if not self._power.running:
            self._unheard.without_power(len(data))
            return
        if self.requests.called_by_typing is not None and self.requests.take_typing():
            return
        self.terminal.receive(data, self._clock.now())
        self.pump()

    def host_leaves(self) -> None:
        """Drop what the last host has typed; DTR falls next, if it was up."""
        if self._power.running and self._profile.closing_abandons_entry:
            self.terminal.abandon_input()
            self.terminal.abandon_line()

    def host_is_uncertain(self) -> None:
        """Drop only an entry and half a line: the host may have left after `host_leaves`, or be there; DTR falls next.

        A result and a whole line harm neither host; a prompt would catch the next one.
        """
        if self._power.running and self._profile.closing_abandons_entry:
            self.terminal.abandon_entry()

    def dtr_rises(self) -> None:
        """Switch the power on, where DTR does that."""
        if self.device.profile.power.opening_starts:
            self.device.power.on()

    def host_writable(self) -> None:
        """Send more to the host, which was congested."""
        self.data_mode.host_writable()
        self.requests.host_writable()
        self.pump()

    # What commands and URCs need.

    def notify(self, text: str) -> None:
        """Send a URC as soon as no command runs."""
        if self._power.running:
            self.host.lines.unsolicited(text)
            self.terminal.notify(text)
            self.flush()

    def _command_begins(self, bound: "BoundCommand", form: Form) -> None:
        if self.observer.counts_bytes:
            self.flush()  # the echo is no part of the answer
        self.observer.command_begins(bound.command.names, form)
        if self.device.alarm_clock.alarm_mode:
            alarm.refuse_in_alarm_mode(bound.command.name)

    # The pump.

    def pump(self) -> None:
        """Handle the events of the terminal; while the host does not take answers, its next command waits."""
        while (event := self._next_event()) is not None:
            try:
                self._handle(event)
            except Exception as error:
                self.give_up(error)
            self.flush()
        if self.terminal.output or self.requests.left_for_answer:
            self.flush()
        if self.requests.left_for_idleness:
            self.requests.use_idleness(self.data_mode.begin)
        link = self.data_mode.link
        too_much = self.terminal.congested or (link is not None and link.congested)
        if too_much is not self.host.paused:
            self.host.pause(too_much)
        self._settle()
        if (deadline := self.terminal.deadline) != self._due:
            self._wake_at(deadline)
        if self._trace.active:
            self._unheard.watch(self.terminal)

    def _next_event(self) -> Event | None:
        terminal, port = self.terminal, self.host.port
        deaf = port is not None and port.congested
        if deaf is not terminal.host_is_deaf:
            terminal.set_host_is_deaf(deaf)
        return terminal.next_event()

    def flush(self) -> None:
        """Send the output of the terminal, and then run the actions after a final result."""
        if data := self.terminal.data_to_send():
            self.host.write(data)
        if self.requests.left_for_answer:
            self.requests.answered()

    def _handle(self, event: Event) -> None:
        match event:
            case CommandLine():  # a pattern that takes a field out as well is five times as slow
                self._last_line = event.text
                self._run(event.text)
            case OnlineData():
                self._spoken.by_host("online", event.data)
                self.data_mode.send(event.data)
            case RepeatLine():
                self._run(self._last_line)
            case PromptData():
                self._spoken.by_host("prompt", REDACTED if self.requests.entry_is_secret else event.data)
                self.observer.entry_ends()
                self.requests.end_entry(event)
            case PromptCancelled():
                self.observer.entry_ends()
                self.requests.end_entry(event)
            case Escape():
                self.data_mode.escape()
            case LineTooLong():
                if self._trace.active:
                    self._spoken.line("(a line over the limit)")
                limit = self._profile.line_limit
                self.refusals.line_refused(f"it has more than {limit} characters, AT included; nothing of it has run")
                self.terminal.finish(Final.ERROR)
            case LineWithoutPrefix():
                self._unheard.passed_over(event.text)
                if self._profile.without_prefix is WithoutPrefix.ERROR:
                    self.refusals.line_refused("it does not begin with AT")
                    self.terminal.finish(Final.ERROR)
                else:
                    self.terminal.finish_silently()

    def _run(self, line: str) -> None:
        if self._trace.active:
            self._spoken.line(f"AT{self.table.redacted(line)}")
        self.data_mode.line_begins()
        self.interpreter.run(line)

    def give_up(self, error: Exception) -> None:
        """Report a defect of the emulator, and send the result that ends the waiting of the host."""
        self._report(error)
        if self.terminal.mode is Mode.ONLINE:
            self.data_mode.drop_carrier(Final.NO_CARRIER.text, "a defect of the emulator")
        elif self.terminal.mode is Mode.EXECUTING:
            self.terminal.finish(Final.ERROR)

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`; the instance goes on."""
        try:
            self.give_up(error)
            self.flush()
        except Exception as another:
            self._report(another)

    def _settle(self) -> None:
        """Update the lines; new settings apply after the last answer has been sent."""
        if not self._power.running:
            return
        lines = self.host.lines
        if self.settings.revision != lines.followed and self.terminal.mode in (Mode.COMMAND, Mode.ONLINE):
            lines.follow()
        lines.update(self.data_mode.link is not None or self.requests.holds_call, not self.host.paused)

    def _wake_at(self, deadline: float | None) -> None:
        self._due = deadline
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if deadline is not None:
            self._timer = self._clock.call_at(deadline, self._tick)

    @guarded
    def _resume(self) -> None:
        self.pump()

    @guarded
    def _tick(self) -> None:
        self._timer = self._due = None
        self.terminal.tick(self._clock.now())
        self.pump()

    # The trace.

    def _said(self, data: bytes) -> None:
        if self._trace.active:
            self._spoken.by_module(MODES[self.terminal.mode], data)

    def _report(self, error: BaseException) -> None:
        report_defect(self._trace, "a command", error)
