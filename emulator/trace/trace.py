"""Hands events on to those who read them; a reader that fails does not disturb the modem."""

from collections.abc import Callable

from emulator.clock import Clock
from emulator.trace.events import Event, Reader


class Trace:
    """Pass each event, with the module's time in seconds, to every reader."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._readers: list[Reader] = []
        self._watchers: list[Reader] = []
        self._told: tuple[Reader, ...] = ()
        """All of them."""
        self.active = False
        """Whether there are readers; events of the byte path are made only then."""
        self.on_secret: list[Callable[[str], None]] = []
        """Called with each line of an NSS key log."""

    @property
    def is_read(self) -> bool:
        """Return whether anybody reads the events, be it only those that are rare."""
        return bool(self._told)

    def subscribe(self, reader: Reader) -> None:
        """Pass every event to `reader` from now on."""
        self._readers.append(reader)
        self._changed()

    def watch(self, reader: Reader) -> None:
        """Pass to `reader` the events that are made in any case; for its sake alone none of the byte path is made."""
        self._watchers.append(reader)
        self._changed()

    def unsubscribe(self, reader: Reader) -> None:
        """Pass nothing more to `reader`; harmless when it is told nothing already."""
        for readers in (self._readers, self._watchers):
            if reader in readers:
                readers.remove(reader)
        self._changed()

    def _changed(self) -> None:
        self._told = (*self._readers, *self._watchers)
        self.active = bool(self._readers)

    def emit(self, event: Event) -> None:
        """Pass an event to the readers. A reader that fails is removed: it does not disturb the modem."""
        now = self._clock.now()
        for reader in self._told:
            try:
                reader(now, event)
            except Exception as error:
                self.unsubscribe(reader)
                _complain(reader, error)


def _complain(reader: Reader, error: Exception) -> None:
    import logging

    logging.getLogger("emulator").error("%r is told nothing more, it has failed: %s", reader, error, exc_info=error)
