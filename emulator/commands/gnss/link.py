"""The data link of a stream of NMEA sentences ($GPSNMUN=3). AT Commands Reference Guide."""

from collections.abc import Sequence

from emulator.at.answers import FailedResult
from emulator.at.online import OnlineTerminal
from emulator.device.gnss.output import NmeaOutput, Selection


class NmeaLink:
    """Joins the receiver's output and the terminal; what the host sends is dropped."""

    takes_escape = False
    rate = 0
    congested = False

    def __init__(self, output: NmeaOutput, owner: object, selection: Selection) -> None:
        self._output = output
        self._owner = owner
        self._selection = selection

    def begin(self, terminal: OnlineTerminal) -> None:
        """Start the sentences; those for which the host has no room are dropped."""

        def deliver(sentences: Sequence[str]) -> None:
            if not terminal.congested:
                terminal.deliver("".join(f"{sentence}\r\n" for sentence in sentences).encode("ascii"))

        self._output.send(self._owner, self._selection, deliver)

    def send(self, data: bytes) -> None:
        """Drop what has come from the host."""

    def host_writable(self) -> None:
        """Do nothing: the next sentences come within a second."""

    def escape(self) -> FailedResult:
        """End the stream; there is no way back into it."""
        self._output.stop(self._owner)
        return FailedResult.no_carrier("+++ ends the stream of sentences")

    def hang_up(self) -> None:
        """End the stream."""
        self._output.stop(self._owner)
