"""Send NMEA 0183 sentences once a second to whoever wants them."""

from collections.abc import Callable, Sequence

import msgspec

from emulator.clock import Clock, Timer
from emulator.device.gnss.receiver import Receiver
from emulator.guard import guarded
from emulator.trace.defect import report_defect
from emulator.trace.trace import Trace

_PERIOD = 1.0

Reader = Callable[[Sequence[str]], None]
"""Takes the sentences of one second."""


class Selection(msgspec.Struct, frozen=True):
    """What a reader wants."""

    mode: int = 0
    """The form in which it passes them on; 0 for nobody."""
    kinds: Sequence[str] = ()


class NmeaOutput:
    """Reads the receiver while it is on and somebody listens; without that, there is no timer."""

    def __init__(self, receiver: Receiver, clock: Clock, trace: Trace) -> None:
        self._receiver = receiver
        self._clock = clock
        self._trace = trace
        self._readers: dict[object, tuple[Selection, Reader]] = {}
        self._timer: Timer | None = None
        receiver.on_power.append(self._regulate)

    def __repr__(self) -> str:
        return f"<NmeaOutput to {len(self._readers)}>"

    def selection(self, owner: object) -> Selection:
        """Return what `owner` wants."""
        return self._readers[owner][0] if owner in self._readers else Selection()

    def send(self, owner: object, selection: Selection, reader: Reader) -> None:
        """Send the selected sentences to `reader`, in the place of what `owner` wanted before."""
        self._readers[owner] = selection, reader
        self._regulate()

    def stop(self, owner: object) -> None:
        """Send nothing more to what `owner` gave."""
        self._readers.pop(owner, None)
        self._regulate()

    def close(self) -> None:
        """Send nothing more to anybody."""
        self._readers.clear()
        self._regulate()

    def fail(self, error: Exception) -> None:
        """Report a defect of the emulator; the sentences end."""
        report_defect(self._trace, "the output of sentences", error)
        self.close()

    def _regulate(self) -> None:
        wanted = self._receiver.is_on and bool(self._readers)
        if wanted and self._timer is None:
            self._timer = self._clock.call_later(_PERIOD, self._second)
        elif not wanted and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @guarded
    def _second(self) -> None:
        from emulator.device.gnss.sentences import sentences  # what it stands on takes long to load

        self._timer = None
        report = self._receiver.report()
        for selection, reader in tuple(self._readers.values()):
            if selection.kinds:
                reader(tuple(sentences(report, selection.kinds)))
        self._regulate()
