"""One AT instance at work: a port, its terminal, and the commands that the module runs for it."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Protocol

from emulator.at.answers import Final, Information
from emulator.at.command import BoundCommand, CommandTable
from emulator.at.interpreter import EntryCancelled, Interpreter
from emulator.at.line import CommandLine, LineTooLong, LineWithoutPrefix, RepeatLine
from emulator.at.online import DataLink
from emulator.at.prompt import Prompt, PromptCancelled, PromptData
from emulator.at.settings import Settings
from emulator.at.syntax import Form
from emulator.at.terminal import REDACTED, Escape, Event, Mode, OnlineData, Terminal
from emulator.clock import Timer
from emulator.commands import urc
from emulator.commands.basic.user_profiles import restore_at_start
from emulator.commands.context import Context
from emulator.device.device import Device
from emulator.device.power import PowerState
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.profile import WithoutPrefix
from emulator.line.control_lines import LineControl
from emulator.line.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.port import Port
from emulator.line.serial_line import SerialLine
from emulator.trace.events import Defect, HostPresence, HostSent, ModuleSent, TracedMode

_MODES: Mapping[Mode, TracedMode] = {
    Mode.COMMAND: "command",
    Mode.EXECUTING: "command",
    Mode.PROMPT: "prompt",
    Mode.ONLINE: "online",
}


class Watcher(Protocol):
    """Is told what the instance is about to do."""

    @property
    def counts_bytes(self) -> bool:
        """Whether it matters to it where an answer begins among the bytes to the host."""

    def command_begins(self, names: Sequence[str], form: Form) -> None:
        """A command of these names is about to run."""

    def entry_begins(self) -> None:
        """A prompt is about to be shown."""


class Instance:
    """Carries bytes between a port and a terminal, and events from the terminal to the interpreter."""

    def __init__(
        self,
        device: Device,
        table: CommandTable,
        watcher: Watcher,
        name: str = "1",
        line: SerialLine | None = None,
    ) -> None:
        """`line` is the serial line that its settings speak of; a channel has none of its own."""
        self.device = device
        self._watcher = watcher
        self.table = table
        self.name = name
        self.settings = Settings(device.profile.settings)
        self._clock = device.environment.clock
        self._trace = device.environment.trace
        self._port: Port | None = None
        self._line = LineControl(
            self.settings, device.profile.terminal, self._clock, line or SerialLine(), self._show_lines
        )
        self._dtr = False
        self._link: DataLink | None = None
        self._entry: asyncio.Future[PromptData] | None = None
        self._entry_is_secret = False
        self._last_line = ""
        self.on_multiplex: Callable[[int], None] | None = None
        """Makes the port speak 27.010, where it can; called with the bytes of information in a frame, at most."""
        self._after_answer: list[Callable[[], None]] = []
        self._when_idle: deque[Callable[[], DataLink | None]] = deque()
        self._typing_calls: Callable[[], None] | None = None
        self._timer: Timer | None = None
        self._paused = False
        self._host_has_gone = False
        self._renew()
        self._start()
        device.power.on_stop.append(self._stop)
        device.power.on_start.append(self._start)

    def __repr__(self) -> str:
        return f"<Instance {self.name} {self.terminal!r}>"

    def connect(self, port: Port) -> None:
        """Serve the host through this port."""
        self._port = port
        port.set_lines(self._line.shown)

    def _show_lines(self, lines: DeviceLines) -> None:
        if self._port is not None:
            self._port.set_lines(lines)

    def _renew(self) -> None:
        """A terminal on which nothing has been typed."""
        profile = self.device.profile
        self._last_line = ""
        self.terminal = Terminal(self.settings, profile.terminal, profile.errors, self._said)
        self._interpreter = Interpreter(
            self.terminal,
            self.table,
            lambda call: Context(self.device, self, call.name),
            begins=self._command_begins,
            cancelled=Final[profile.terminal.entry_cancelled.name],
            go_online=self._go_online,
            resumed=self._pump,
            fault=self._report,
        )

    def _command_begins(self, bound: BoundCommand, form: Form) -> None:
        if self._watcher.counts_bytes:
            self._flush()  # the echo is no part of the answer
        self._watcher.command_begins(bound.command.names, form)

    def _start(self) -> None:
        """Power-on: the settings come from the stored profiles."""
        restore_at_start(self.device.nvm, self.settings)
        urc.subscribe(self.device, self)
        self._settle()

    def _stop(self) -> None:
        """Power-off: whatever went on is gone, and nothing is said."""
        self._interpreter.cancel()
        self._link = None
        self._entry = None
        self._after_answer.clear()
        self._when_idle.clear()
        self._typing_calls = None
        self._renew()
        self._wake_at(None)
        self._regulate()
        self._line.drop()

    @property
    def in_data_mode(self) -> bool:
        """Whether the host's bytes are data for a peer."""
        return self.terminal.mode is Mode.ONLINE

    def disconnect(self) -> None:
        """The port has gone; what is said until the next one is lost."""
        self._port = None
        self._paused = False

    def close(self) -> None:
        """The modem is going away."""
        self._port = None
        self._stop()

    # What the port tells.

    def data_received(self, data: bytes) -> None:
        """Bytes have come from the host."""
        if self.device.power.state is not PowerState.RUNNING:
            return
        if self._typing_calls is not None and self.terminal.mode is Mode.EXECUTING:
            self._typing_calls()
            return
        self.terminal.receive(data, self._clock.now())
        self._pump()

    def host_opened(self) -> None:
        """The first host has opened the port: DTR rises."""
        self._host_has_gone = False
        self._trace.emit(HostPresence(terminal=self.name, present=True))
        self.lines_changed(HOST_IS_READY)

    def host_closed(self) -> None:
        """The last host has closed the port, and DTR falls with it."""
        self._host_has_gone = True
        self._trace.emit(HostPresence(terminal=self.name, present=False))
        if self.device.power.state is PowerState.RUNNING and self.device.profile.terminal.closing_abandons_entry:
            self.terminal.abandon_entry()
        self.lines_changed(HostLines.NONE)

    def lines_changed(self, lines: HostLines) -> None:
        """The host has moved its lines; DTR counts here."""
        rises, falls = HostLines.DTR in lines and not self._dtr, self._dtr and HostLines.DTR not in lines
        self._dtr = HostLines.DTR in lines
        if rises and self.device.profile.power.opening_starts:
            self.device.power.on()
        if self.device.power.state is PowerState.RUNNING:
            if falls:
                self._dtr_falls()
            self._pump()

    def _dtr_falls(self) -> None:
        """&D decides; a host that is still there hears the result."""
        profile = self.device.profile.terminal
        reaction, link = self.settings["&D"], self._link
        closes = reaction in profile.dtr_closes
        if link is not None and (closes or reaction in profile.dtr_suspends):
            self._link = None
            self.terminal.suspend()
            result = link.hang_up() if closes else link.escape()
            if isinstance(result, Coroutine):
                self._interpreter.wait_for(result)
            elif self._host_has_gone:
                self.terminal.finish_silently()
            else:
                self.terminal.finish(result or Final.NO_CARRIER)

    def writable(self) -> None:
        """The port, or the link, takes more again."""
        if self._link is not None:
            self._link.host_writable()
        self._pump()

    # What the commands ask for.

    async def enter(self, prompt: Prompt) -> PromptData:
        """See `commands.context.AtInstance`."""
        if self._host_has_gone and self.device.profile.terminal.closing_abandons_entry:
            raise EntryCancelled(PromptCancelled())
        entry: asyncio.Future[PromptData] = asyncio.get_running_loop().create_future()
        self._entry = entry
        self._entry_is_secret = prompt.secret
        self._watcher.entry_begins()
        self.terminal.ask(prompt)
        self._pump()
        return await entry

    def when_idle(self, action: Callable[[], DataLink | None]) -> None:
        """See `commands.context.AtInstance`."""
        self._when_idle.append(action)
        self._pump()

    def typing_calls(self, action: Callable[[], None] | None) -> None:
        """See `commands.context.AtInstance`."""
        self._typing_calls = action

    def multiplex(self, frame_size: int) -> None:
        """See `commands.context.AtInstance`."""
        if self.on_multiplex is None:
            raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "it is a channel of a multiplexer already")
        self.after_answer(partial(self.on_multiplex, frame_size))

    def after_answer(self, action: Callable[[], None]) -> None:
        """See `commands.context.AtInstance`."""
        self._after_answer.append(action)

    def show(self, information: Information) -> None:
        """See `commands.context.AtInstance`."""
        self.terminal.answer(information)
        self._flush()

    def notify(self, text: str) -> None:
        """Say a line that no command asked for."""
        if self.device.power.state is PowerState.RUNNING:
            self._line.unsolicited(text)
            self.terminal.notify(text)
            self._flush()

    # What the link in data mode tells.

    @property
    def congested(self) -> bool:
        """Whether the host takes less than comes."""
        return self._port is not None and self._port.congested

    def deliver(self, data: bytes) -> None:
        """The peer sent this."""
        self.terminal.send_online(data)
        self._flush()

    def drop_carrier(self, text: str) -> None:
        """The link has ended."""
        self._link = None
        if self.device.power.state is PowerState.RUNNING:
            if self.terminal.mode is Mode.ONLINE:
                self.terminal.drop_carrier(text)
            else:
                self.terminal.notify(text)  # suspending it has ended it: said after the answer to +++
            self._pump()

    def _go_online(self, link: DataLink) -> None:
        self._link = link
        self.terminal.go_online(self._clock.now(), sends_escape=link.takes_escape)
        self._flush()
        try:
            link.begin(self)
        except Exception as error:
            self._give_up(error)

    # The work.

    def _pump(self) -> None:
        """Handle what the host has said; while it does not take our answers, its next command waits."""
        self.terminal.set_host_is_deaf(self.congested)
        while (event := self.terminal.next_event()) is not None:
            try:
                self._handle(event)
            except Exception as error:
                self._give_up(error)
            self._flush()
            self.terminal.set_host_is_deaf(self.congested)
        self._flush()
        self._use_idleness()
        self._regulate()
        self._settle()
        self._wake_at(self.terminal.deadline)

    def _settle(self) -> None:
        """Let the host see what has become of the line: new settings count once the last word has been said."""
        if self.device.power.state is PowerState.RUNNING:
            if self.terminal.mode in (Mode.COMMAND, Mode.ONLINE):
                self._line.follow()
            self._line.update(connected=self._link is not None, ready=not self._paused)

    def _use_idleness(self) -> None:
        for _ in range(len(self._when_idle)):  # what is asked for meanwhile has its turn at the next occasion
            if self.terminal.mode is not Mode.COMMAND or self.congested or not self._when_idle:
                return
            link = self._when_idle.popleft()()
            if link is not None:
                self._go_online(link)

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
                self._trace_host("prompt", REDACTED if self._entry_is_secret else data)
                self._end_entry(event)
            case PromptCancelled():
                self._end_entry(event)
            case Escape():
                link, self._link = self._link, None
                result = link.escape() if link is not None else Final.OK
                if isinstance(result, Coroutine):
                    self._interpreter.wait_for(result)
                else:
                    self.terminal.finish(result)
            case LineTooLong():
                self._trace_host("command", b"(a line over the limit)")
                self.terminal.finish(Final.ERROR)
            case LineWithoutPrefix():
                if self.device.profile.terminal.without_prefix is WithoutPrefix.ERROR:
                    self.terminal.finish(Final.ERROR)
                else:
                    self.terminal.finish_silently()

    def _give_up(self, error: Exception) -> None:
        """A defect of the emulator: the host gets what ends its waiting, and can go on."""
        self._report(error)
        if self.terminal.mode is Mode.ONLINE:
            self.drop_carrier(Final.NO_CARRIER.text)
        elif self.terminal.mode is Mode.EXECUTING:
            self.terminal.finish(Final.ERROR)

    def _run(self, line: str) -> None:
        if self._trace.active:
            self._trace_host("command", f"AT{self.table.redacted(line)}".encode("latin-1"))
        self._interpreter.run(line)

    def _end_entry(self, event: PromptData | PromptCancelled) -> None:
        entry = self._entry
        if entry is None or entry.done():
            return
        if isinstance(event, PromptData):
            entry.set_result(event)
        else:
            entry.set_exception(EntryCancelled(event))

    def _flush(self) -> None:
        data = self.terminal.data_to_send()
        if data and self._port is not None:
            self._port.write(data)
        if self._after_answer and self.terminal.mode in (Mode.COMMAND, Mode.ONLINE):
            actions, self._after_answer = self._after_answer, []
            for action in actions:
                action()

    def _regulate(self) -> None:
        """Keep the host from sending more than the terminal or the link can take."""
        if self._port is None:
            return
        link = self._link
        full = self.terminal.congested or (link is not None and link.congested)
        if full is not self._paused:
            self._paused = full
            if full:
                self._port.pause()
            else:
                self._port.resume()

    def _wake_at(self, deadline: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if deadline is not None:
            self._timer = self._clock.call_at(deadline, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.terminal.tick(self._clock.now())
        self._pump()

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
