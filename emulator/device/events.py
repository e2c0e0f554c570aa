"""Keep which events the host has asked the module to watch."""

from collections.abc import Mapping

import msgspec

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.firmware.limits import Numeric


class WatchedEvent(Record, frozen=True):
    """An event as the host has set it."""

    mode: int = 0
    """Whether it is watched."""
    line: str = ""
    """The command line that it runs; empty for none."""
    values: tuple[int | str, ...] = ()
    """Its parameters in order; empty stands for the first ones."""


class EventKind(msgspec.Struct, frozen=True):
    """The parameters of an event: limits for a number, the most characters for a text; and the first values."""

    limits: tuple[Numeric | int, ...] = ()
    first: tuple[int | str, ...] = ()


_SECONDS = Numeric(range=(0, 255))
_LEVEL = Numeric(range=(0, 1))
_MILLIVOLTS = Numeric(range=(0, 2000))
_TONES = EventKind((15, Numeric(range=(500, 5000))), ("", 1000))
_LONGEST_TEXT = 80


def kinds(pins: Numeric, converters: int) -> Mapping[str, EventKind]:
    """Return the events by their labels, on a module with these pins and so many analog inputs."""
    pin = EventKind((pins, _LEVEL, _SECONDS), (1, 0, 0))
    voltage = EventKind((Numeric(range=(1, converters)), _MILLIVOLTS, _SECONDS), (1, 0, 0))
    return {
        "VBATT": EventKind((Numeric(range=(0, 500)), _SECONDS), (0, 0)),
        "DTR": EventKind((_LEVEL, _SECONDS), (0, 0)),
        "ROAM": EventKind(),
        "CONTDEACT": EventKind(),
        "RING": EventKind((Numeric(range=(1, 50)),), (1,)),
        "STARTUP": EventKind(),
        "REGISTERED": EventKind(),
        **{f"GPIO{number}": pin for number in range(1, 6)},
        "ADCH1": voltage,
        "ADCL1": voltage,
        **{f"DTMF{number}": _TONES for number in range(1, 5)},
        "SMSIN": EventKind((_LONGEST_TEXT,), ("",)),
    }


class EventMonitor:
    """The events by their labels."""

    def __init__(self, pins: Numeric, converters: int, store: NvmStore) -> None:
        self.kinds = kinds(pins, converters)
        self._store = store

    def __repr__(self) -> str:
        return f"<EventMonitor {' '.join(self._store.content.events)}>"

    def __getitem__(self, label: str) -> WatchedEvent:
        """Return an event as it is set, with all of its parameters."""
        kept = self._store.content.events.get(label, WatchedEvent())
        return kept if kept.values else WatchedEvent(kept.mode, kept.line, self.kinds[label].first)

    def set(self, label: str, event: WatchedEvent) -> None:
        """Keep an event.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.events[label] = event
