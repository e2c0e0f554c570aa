"""What the cellular network offers at the place where the module is: it stays as it is when the module restarts."""

from collections.abc import Callable
from dataclasses import dataclass

from emulator.errors import Cause
from emulator.firmware.schema.network import Network as NetworkProfile


@dataclass(frozen=True)
class Admission:
    """How the network answers the activation of a PDP context."""

    delay: float = 0.0
    """Seconds until it answers."""
    refusal: Cause | None = None
    """Why it refuses; None when it does not."""


class Coverage:
    """Begins as the profile says; `on_change` is called when the network treats the module otherwise."""

    def __init__(self, profile: NetworkProfile) -> None:
        self._profile = profile
        self.registration = profile.registration
        """<stat> of +CREG that the network gives a module with an unlocked SIM."""
        self.signal = profile.signal
        """<rssi> of +CSQ."""
        self.bit_errors = profile.bit_errors
        """<ber> of +CSQ."""
        self.admit: Callable[[int], Admission] = lambda cid: Admission()
        """Asked for each activation of a PDP context."""
        self.on_change: list[Callable[[], None]] = []
        self.on_signal: list[Callable[[], None]] = []
        """Called when the signal is another one."""

    def __repr__(self) -> str:
        return f"<Coverage stat {self.registration}, signal {self.signal}>"

    def offer(self, registration: int | None = None) -> None:
        """Let the network treat the module in this way from now on; as the profile says when left out."""
        self.registration = self._profile.registration if registration is None else registration
        for listener in self.on_change:
            listener()

    def hear(self, signal: int | None = None, bit_errors: int | None = None) -> None:
        """Let the signal be this from now on; as the profile says when left out."""
        self.signal = self._profile.signal if signal is None else signal
        self.bit_errors = self._profile.bit_errors if bit_errors is None else bit_errors
        for listener in self.on_signal:
            listener()
