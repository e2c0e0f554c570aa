"""The cellular network as the module sees it: registration, packet attachment, operator, signal."""

from collections.abc import Callable

from emulator.firmware.schema import Network as NetworkProfile

REGISTERED = frozenset((1, 5))
"""<stat> of home and roaming (27.007 7.2)."""


class Network:
    """Registration and attachment; whoever depends on them is told when they change."""

    def __init__(self, profile: NetworkProfile, *, has_service: bool) -> None:
        """Begin registered as the profile says if the SIM gives service, else not registered."""
        self._profile = profile
        self.registration = profile.registration if has_service else 0
        self.attached = profile.attached and self.registered
        self.operator_mode = 0
        """<mode> of +COPS."""
        self.operator_format = 0
        """<format> of +COPS: 0 long name, 2 number."""
        self.signal = profile.signal
        self.bit_errors = profile.bit_errors
        self.on_registration: list[Callable[[], None]] = []
        self.on_attachment: list[Callable[[], None]] = []

    def __repr__(self) -> str:
        return f"<Network stat {self.registration}, {'attached' if self.attached else 'detached'}>"

    @property
    def registered(self) -> bool:
        """Whether the network serves the module, at home or roaming."""
        return self.registration in REGISTERED

    @property
    def packet_registration(self) -> int:
        """<stat> of +CGREG."""
        return self.registration if self.attached or not self.registered else 0

    def set_registration(self, registration: int) -> None:
        """The network takes the module in or lets it go; with the registration goes the attachment."""
        if registration == self.registration:
            return
        self.registration = registration
        for listener in self.on_registration:
            listener()
        if not self.registered:
            self.set_attached(False)

    def set_attached(self, attached: bool) -> None:
        """Attach to or detach from packet service (+CGATT)."""
        if attached == self.attached:
            return
        self.attached = attached
        for listener in self.on_attachment:
            listener()

    def restore(self) -> None:
        """Take registration and attachment that the network offers."""
        self.set_registration(self._profile.registration)
        if self.registered:
            self.set_attached(self._profile.attached)
