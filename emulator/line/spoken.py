"""Tell the trace what host and module say to each other; private keys are starred, also where they do not belong."""

from collections.abc import Callable, Mapping

from emulator.at.terminal import REDACTED, Mode
from emulator.trace.events import HostSent, ModuleSent, TracedMode
from emulator.trace.private_keys import KEY_BEGINS, KeyMask, starred
from emulator.trace.trace import Trace

MODES: Mapping[Mode, TracedMode] = {
    Mode.COMMAND: "command",
    Mode.EXECUTING: "command",
    Mode.PROMPT: "prompt",
    Mode.ONLINE: "online",
}


class Spoken:
    """What is said at one AT instance."""

    def __init__(
        self,
        trace: Trace,
        name: str,
        redacted: Callable[[bytes], bytes],
        hides_data: Callable[[], bool] = lambda: False,
    ) -> None:
        """Begin.

        Args:
            trace: is told.
            name: of the AT instance.
            redacted: stars the secrets of command lines in an entry or in data.
            hides_data: while it says so, no data for the peer is shown: a data call has passwords in it.
        """
        self._redacted = redacted
        self._hides_data = hides_data
        self._trace = trace
        self._name = name
        self._to_peer = KeyMask()
        self._from_peer = KeyMask()

    def __repr__(self) -> str:
        return f"<Spoken at {self._name}>"

    def line(self, text: str) -> None:
        """Tell of a command line of the host, the secrets of which are starred."""
        shown = starred(text.encode("latin-1")).decode("latin-1") if text.find(KEY_BEGINS) >= 0 else text
        self._trace.emit(HostSent(terminal=self._name, mode="command", text=shown, size=len(text)))

    def by_host(self, mode: TracedMode, data: bytes) -> None:
        """Tell of an entry, or of data for the peer."""
        if self._trace.active:
            shown = self._redacted(data)
            shown = self._shown(self._to_peer, shown) if mode == "online" else starred(shown)
            self._trace.emit(HostSent(terminal=self._name, mode=mode, text=shown.decode("latin-1"), size=len(data)))

    def by_module(self, mode: TracedMode, data: bytes) -> None:
        """Tell of an answer, or of data of the peer."""
        shown = data if mode == "command" else self._redacted(data)
        shown = self._shown(self._from_peer, shown) if mode == "online" else starred(shown)
        self._trace.emit(ModuleSent(terminal=self._name, mode=mode, text=shown.decode("latin-1"), size=len(data)))

    def _shown(self, mask: KeyMask, data: bytes) -> bytes:
        return REDACTED if self._hides_data() else mask.mask(data)
