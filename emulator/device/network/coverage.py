"""Model what the cellular network offers; it outlasts restarts of the module."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from emulator.device.overlay import Overlaid
from emulator.errors import Cause
from emulator.firmware.schema.network import Network as NetworkProfile


class Admission(msgspec.Struct, frozen=True):
    """Answer of the network to the activation of a PDP context."""

    delay: float = 0.0
    """Seconds until it answers."""
    refusal: Cause | None = None
    """Why it refuses; None when it does not."""


UNKNOWN_SIGNAL = 99
"""<rssi> and <ber> of +CSQ while nothing is heard (27.007 8.5)."""

SEARCHING = 2
"""<stat> of +CREG without a network in reach."""

_IN_REACH = (1, 3, 5)
"""<stat> of +CREG that a network in reach gives: it serves the module, or denies that."""


def admit_all(cid: int) -> Admission:
    """Let every PDP context be activated at once."""
    return Admission()


class Coverage:
    """Registration and signal, first as in the profile; overlays cover them for a while (see `Overlaid`)."""

    def __init__(self, profile: NetworkProfile, admit: Callable[[int], Admission] = admit_all) -> None:
        """`admit` is asked for each activation of a PDP context."""
        self.admit = admit
        self._registration = Overlaid(profile.registration)
        self._signal = Overlaid(profile.signal)
        self._bit_errors = Overlaid(profile.bit_errors)
        self._attachment_refusal: Overlaid[Cause | None] = Overlaid(None)
        self._operator_name: Overlaid[str | None] = Overlaid(None)
        self.was_found = False
        """Whether the module has found the network since the modem started."""
        self.on_change: list[Callable[[], None]] = []
        """Called when the registration has changed."""
        self.on_signal: list[Callable[[], None]] = []
        """Called when the signal has changed."""
        self.on_packet_service: list[Callable[[], None]] = []
        """Called when the network begins or ends to refuse the attachment to packet service."""
        self.on_jamming: list[Callable[[], None]] = []
        """Called when somebody has begun or ended to jam the network."""
        self._ends_of_jamming: Sequence[Callable[[], None]] = ()

    def __repr__(self) -> str:
        return f"<Coverage stat {self.registration}, signal {self.signal}>"

    @property
    def registration(self) -> int:
        """Return <stat> of +CREG that the network gives a module with an unlocked SIM."""
        return self._registration.value

    @property
    def signal(self) -> int:
        """Return <rssi> of +CSQ."""
        return self._signal.value

    @property
    def is_heard(self) -> bool:
        """Return whether the module can hear a network at all, be it one that denies the registration."""
        return self.registration in _IN_REACH and self.signal != UNKNOWN_SIGNAL

    @property
    def bit_errors(self) -> int:
        """Return <ber> of +CSQ."""
        return self._bit_errors.value

    def offer(self, registration: int) -> None:
        """Set the registration that the network gives."""
        with self._telling():
            self._registration.set(registration)

    def hear(self, signal: int | None = None, bit_errors: int | None = None) -> None:
        """Set the signal and its bit errors; None leaves a value as it is."""
        with self._telling():
            if signal is not None:
                self._signal.set(signal)
            if bit_errors is not None:
                self._bit_errors.set(bit_errors)

    def cover_registration(self, registration: int) -> Callable[[], None]:
        """Set the registration until the return value is called, once."""
        with self._telling():
            end = self._registration.cover(registration)
        return lambda: self._end(end)

    def cover_signal(self, signal: int, bit_errors: int) -> Callable[[], None]:
        """Set the signal until the return value is called, once."""
        with self._telling():
            ends = self._signal.cover(signal), self._bit_errors.cover(bit_errors)
        return lambda: self._end(*ends)

    @property
    def attachment_refusal(self) -> Cause | None:
        """Return why the network refuses the attachment to packet service; None when it does not."""
        return self._attachment_refusal.value

    def cover_attachment(self, refusal: Cause) -> Callable[[], None]:
        """Refuse the attachment to packet service until the return value is called, once."""
        with self._telling():
            end = self._attachment_refusal.cover(refusal)
        return lambda: self._end(end)

    @property
    def operator_name(self) -> str | None:
        """Return the name that the home operator has now; None for that of the profile."""
        return self._operator_name.value

    def cover_operator_name(self, name: str) -> Callable[[], None]:
        """Give the home operator another name until the return value is called, once."""
        return self._operator_name.cover(name)

    @property
    def is_jammed(self) -> bool:
        """Return whether somebody jams the network."""
        return bool(self._ends_of_jamming)

    def jam(self, jammed: bool) -> None:
        """Jam the network, so that nothing is heard of it, or end that."""
        if jammed is self.is_jammed:
            return
        ends, self._ends_of_jamming = self._ends_of_jamming, ()
        for end in ends:
            end()
        if jammed:
            signal = self.cover_signal(UNKNOWN_SIGNAL, UNKNOWN_SIGNAL)
            self._ends_of_jamming = (signal, self.cover_registration(SEARCHING))
        for listener in self.on_jamming:
            listener()

    def _end(self, *ends: Callable[[], None]) -> None:
        with self._telling():
            for end in ends:
                end()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Notify the listeners if the block has changed a value."""
        registration, signal = self.registration, (self.signal, self.bit_errors)
        refuses = self.attachment_refusal is not None
        yield
        if self.registration != registration:
            for listener in self.on_change:
                listener()
        if (self.signal, self.bit_errors) != signal:
            for listener in self.on_signal:
                listener()
        if (self.attachment_refusal is not None) is not refuses:
            for listener in self.on_packet_service:
                listener()
