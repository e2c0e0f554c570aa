"""The emulated module beside the real one: takes what the host says, and keeps what it answers."""

import queue
import time
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.transports.memory import MemoryPort
from emulator.modem_thread import ModemThread
from emulator.options import ModemOptions
from emulator.recording.chunk import Chunk, Side
from emulator.recording.comparison.answers import Answers, ModuleAnswer
from emulator.recording.conversation import Conversation, Said
from emulator.trace.events import ConnectionEnded, Dialled, Event, Pinged, Refused, Resolved, TracedMode, Unheard

_ESC = b"\x1b"
_LEAVING = 2.0
"""Seconds that the module has to leave a prompt or data mode."""
_TOLD = (Refused, ConnectionEnded, Unheard, Dialled, Resolved, Pinged)
"""What explains an answer."""


class _ComparedPort(MemoryPort):
    """Hand on at once what the module says."""

    def __init__(self, heard: "queue.SimpleQueue[bytes | Event]") -> None:
        super().__init__("compared")
        self._heard = heard

    def write(self, data: bytes) -> None:
        self._heard.put(bytes(data))

    def set_lines(self, lines: DeviceLines) -> None:
        """Ignore them: only answers are compared."""


class EmulatedSide:
    """Run the emulated module in a thread of its own; it reaches only what has a route. Use it in one thread."""

    def __init__(self, options: ModemOptions) -> None:
        """Start it.

        Raises:
            UserError: an option is wrong.
        """
        self._heard: queue.SimpleQueue[bytes | Event] = queue.SimpleQueue()
        self._port = _ComparedPort(self._heard)
        self._conversation = Conversation()
        self._answers = Answers()
        self._is_there = False
        readers = (*options.readers, self._note)
        self._thread = ModemThread(replace(options, offline=True, port=lambda: self._port, readers=readers))
        self.name = self._thread.modem.firmware.name

    def __repr__(self) -> str:
        return f"<EmulatedSide {self.name} in {self.mode} mode>"

    @property
    def mode(self) -> TracedMode:
        """Return what the next byte means to it."""
        self._hear_all()
        return self._conversation.mode

    def set_host(self, there: bool) -> None:
        """Let a host come or go, as at the real module."""
        if there is not self._is_there:
            self._is_there = there
            if not there:
                self._hear_all()
                self._conversation.host_left()
            self._at_port(MemoryPort.host_open if there else MemoryPort.host_close)

    def set_lines(self, lines: HostLines) -> None:
        """Set the host's control lines."""
        if self._is_there:
            self._at_port(lambda port: port.host_lines(lines))

    def send(self, data: bytes) -> None:
        """Send bytes of the host."""
        self._hear_all()
        self._take(self._conversation.take(Chunk(Side.HOST, data, 0.0)))
        self._at_port(lambda port: port.host_write(data))

    def end_entry(self) -> None:
        """Count what was sent at the prompt as one entry, which an answer is to come for."""
        self._take(self._conversation.finish())

    def answer(self, within: float) -> ModuleAnswer | None:
        """Return the next complete answer; None where none has come within so many seconds."""
        deadline = time.monotonic() + within
        self._hear_all()
        while (answer := self._answers.next()) is None:
            try:
                self._hear(self._heard.get(timeout=max(0.0, deadline - time.monotonic())))
            except queue.Empty:
                return None
        return answer

    def return_to_commands(self) -> None:
        """Leave a prompt or data mode that the real module is not in."""
        mode = self.mode
        if mode == "prompt":
            self.send(_ESC)
            self.end_entry()
        elif mode == "online":
            self._answers.owed = 1
            self.set_lines(HostLines.NONE)
            self.set_lines(HOST_IS_READY)
        if mode != "command":
            self.answer(_LEAVING)
        self._conversation, self._answers = Conversation(), Answers()

    def give_up(self) -> ModuleAnswer:
        """Return what there is of an answer that does not come."""
        return self._answers.give_up()

    def close(self) -> None:
        """Stop it."""
        self._thread.end()

    def _at_port(self, do: Callable[[_ComparedPort], None]) -> None:
        self._thread.run(lambda modem: do(self._port))

    def _note(self, now: float, event: Event) -> None:
        if isinstance(event, _TOLD):
            self._heard.put(event)

    def _hear_all(self) -> None:
        while not self._heard.empty():
            self._hear(self._heard.get())

    def _hear(self, heard: bytes | Event) -> None:
        if isinstance(heard, Event):
            self._answers.open.events.append(heard)
        else:
            self._take(self._conversation.take(Chunk(Side.MODULE, heard, 0.0)))

    def _take(self, pieces: Iterable[Said]) -> None:
        for said in pieces:
            self._answers.take(said)
