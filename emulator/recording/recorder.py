"""Writes down what passes between host and module, in a thread of its own: a slow disk delays no byte."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from emulator.errors import UserError
from emulator.guard import log_defect
from emulator.recording.chunk import Chunk, Side
from emulator.recording.conversation import Conversation, Said
from emulator.recording.heard_identity import HeardIdentity
from emulator.recording.redaction import Redaction
from emulator.trace.events import Event, HostPresence, HostSent, ModuleSent, Reader, RecordingEnded, StateChanged

_TERMINAL = "1"
_LATER = 0.02
"""Seconds in which work piles up: a host that waits for its answer is not to wait for this thread, too."""
_PAUSE = 0.5
"""Seconds without a byte after which a piece without an end is told as it is."""


class Dialogue(Protocol):
    """What writes the dialogue."""

    def take(self, chunk: Chunk) -> None:
        """Take the next bytes."""

    def name_module(self, module: str) -> None:
        """Note which module it is."""

    def finish(self) -> str:
        """Return the whole dialogue."""


class Companion(Protocol):
    """Follow the conversation in the recorder's thread."""

    def said(self, said: Said) -> None:
        """Take a piece."""

    def happened(self, event: Event) -> None:
        """Take what has happened on the line between two pieces."""

    def finish(self) -> None:
        """Come to an end."""


class Recorder:
    """Implement `LineObserver`: each call returns at once, and a thread does the work in the same order."""

    def __init__(
        self,
        dialogue: Dialogue,
        redaction: Redaction | None,
        readers: Sequence[Reader],
        now: Callable[[], float],
        companion: Companion | None = None,
    ) -> None:
        """Begin.

        Args:
            dialogue: takes the bytes as they are.
            redaction: stars secrets in events; None shows them.
            readers: are told the events, in the thread.
            now: returns the seconds since the recording began.
            companion: follows the conversation.
        """
        self._dialogue: Dialogue | None = dialogue
        self._redaction = redaction
        self._readers = list(readers)
        self._now = now
        self._companion = companion
        self._conversation = Conversation()
        self._identity = HeardIdentity()
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._failure: UserError | None = None
        self.exchanges = 0
        """Answers with a final result, CONNECT or a prompt."""
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"<Recorder, {self.exchanges} exchanges>"

    # In the event loop.

    def said(self, side: Side, data: bytes) -> None:
        """See `LineObserver`."""
        self._work.put(partial(self._take, Chunk(side, data, self._now())))

    def host_is_there(self, there: bool) -> None:
        """See `LineObserver`."""
        self.tell(HostPresence(terminal=_TERMINAL, present=there))

    def line_changed(self, what: str, before: str, after: str) -> None:
        """See `LineObserver`."""
        self.tell(StateChanged(thing=what, before=before, after=after))

    def tell(self, event: Event) -> None:
        """Tell the readers of an event, behind what has passed before."""
        self._work.put(partial(self._emit_late, self._now(), event))

    def finish(self, reason: str, end: Callable[[Callable[[], str]], None]) -> None:
        """Write all that is left, and wait for it; `end` writes the whole dialogue, which it is given.

        Raises:
            UserError: the dialogue could not be written.
        """
        self._work.put(partial(self._end_conversation, partial(self._end, reason, end)))
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    # In the thread.

    def _run(self) -> None:
        while self._do_next():
            time.sleep(_LATER)

    def _do_next(self) -> bool:
        """Wait for work, and do all that there is; return whether there may be more."""
        try:
            works: list[Callable[[], None] | None] = [self._work.get(timeout=_PAUSE)]
        except queue.Empty:
            works = [self._pause]
        works += [self._work.get() for _ in range(self._work.qsize())]
        for work in works:
            if work is None:
                return False
            try:
                work()
            except UserError as error:
                self._lose(error)
            except Exception as error:
                log_defect("the recorder", error)
        return True

    def _take(self, chunk: Chunk) -> None:
        self._tell_said(self._conversation.take(chunk))
        if self._dialogue is not None:
            self._dialogue.take(chunk)

    def _pause(self) -> None:
        self._tell_said(self._conversation.pause())

    def _emit_late(self, at: float, event: Event) -> None:
        if isinstance(event, HostPresence | StateChanged):
            self._tell_said(self._conversation.pause())
            if event == HostPresence(terminal=_TERMINAL, present=False):
                self._conversation.host_left()
            if self._companion is not None:
                self._companion.happened(event)
        self._emit(at, event)

    def _end_conversation(self, end: Callable[[], None]) -> None:
        self._tell_said(self._conversation.finish())
        if self._companion is not None:
            self._companion.finish()  # what it tells comes before the end
        self._work.put(end)
        self._work.put(None)

    def _end(self, reason: str, end: Callable[[Callable[[], str]], None]) -> None:
        if self._dialogue is not None:
            end(self._dialogue.finish)
        self._emit(self._now(), RecordingEnded(reason=reason))

    def _tell_said(self, pieces: Iterator[Said]) -> None:
        for said in pieces:
            self.exchanges += said.ends_answer
            if self._identity.take(said) and self._dialogue is not None:
                self._dialogue.name_module(str(self._identity))
            if self._companion is not None:
                self._companion.said(said)
            if self._readers:
                self._emit(said.at, self._event(said))

    def _event(self, said: Said) -> Event:
        text = said.data.decode("latin-1") if self._redaction is None else self._redaction.shown(said)
        if said.side is Side.MODULE:
            return ModuleSent(terminal=_TERMINAL, mode=said.mode, text=text, size=len(said.data))
        if said.mode == "command":
            text = text.rstrip("\r\n")
        return HostSent(terminal=_TERMINAL, mode=said.mode, text=text, size=len(said.data))

    def _emit(self, at: float, event: Event) -> None:
        for reader in tuple(self._readers):
            try:
                reader(at, event)
            except Exception as error:
                self._readers.remove(reader)
                log_defect("a reader of the recording", error)

    def _lose(self, error: UserError) -> None:
        """Go on without the dialogue; the line must not stand still for a full disk."""
        if self._failure is None:
            self._failure = error
            self._dialogue = None
            logging.getLogger("emulator").error("%s; the line goes on, the dialogue is not complete", error)
