"""Report that somebody jams the network: once, or again and again while it lasts."""

from collections.abc import Callable

from emulator.clock import Clock, Timer
from emulator.device.network.coverage import Coverage
from emulator.trace.defect import reporting
from emulator.trace.trace import Trace

_EVERY = 3.0
"""Seconds between two reports."""
JAMMED, OPERATIVE = "JAMMED", "OPERATIVE"


class JammingDetection:
    """Tells its listeners; made anew at each start."""

    def __init__(self, coverage: Coverage, clock: Clock, trace: Trace) -> None:
        self._coverage = coverage
        self._clock = clock
        self._trace = trace
        self._timer: Timer | None = None
        self.on_report: list[Callable[[str, bool], None]] = []
        """Called with what is found, and whether it was said before."""

    def __repr__(self) -> str:
        return f"<JammingDetection {self._state}>"

    @property
    def _state(self) -> str:
        return JAMMED if self._coverage.is_jammed else OPERATIVE

    def changed(self) -> None:
        """Tell that the jamming has begun or ended."""
        self.stop()
        self._tell(again=False)

    def _tell(self, *, again: bool) -> None:
        for listener in self.on_report:
            listener(self._state, again)
        if self._coverage.is_jammed:
            self._timer = self._clock.call_later(
                _EVERY, reporting(self._trace, "the detection of jamming", self._again)
            )

    def _again(self) -> None:
        self._tell(again=True)

    def stop(self) -> None:
        """Report nothing any more, until the next change."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
