"""Refuse states of the secure socket and of another TLS connection, as FTPS or HTTPS, that exclude each other."""

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from emulator.device.connection.states import Action, State
from emulator.device.needs.ssl import ClosedSecureSocket, DisabledSsl, OfSecureSocket
from emulator.device.ssl.service import SslService
from emulator.errors import Cause, DeviceError, Need

SocketStates = tuple[Literal["disabled", "closed", "open"], ...]
"""States of the SSL socket, as the profile calls them."""
_WORDS: Mapping[State, Literal["disabled", "closed", "open"]] = {
    State.DISABLED: "disabled",
    State.CLOSED: "closed",
    State.LOST: "closed",
    State.CONNECTING: "open",
    State.ONLINE: "open",
    State.SUSPENDED: "open",
}
"""Names of the socket's states in the profile."""
_NEEDS: Mapping[tuple[str, ...], type[OfSecureSocket]] = {("disabled",): DisabledSsl, ("closed",): ClosedSecureSocket}
_CHANGES = (Action.CONFIGURE, Action.DISABLE)


class _Refusals(Protocol):
    @property
    def ssl_in_use(self) -> Cause:
        """The cause of the refusal."""


class ExclusionRules(Protocol):
    """What a profile says of a service beside the SSL socket."""

    @property
    def beside_ssl(self) -> SocketStates:
        """The states of the shared socket in which the service can have a connection."""

    @property
    def freezes_ssl(self) -> bool:
        """Whether SSL can be neither configured nor disabled meanwhile."""

    @property
    def refusals(self) -> _Refusals:
        """The causes of the refusals."""


class SslExclusion:
    """Refuse, on both sides, what the profile does not allow together."""

    def __init__(
        self, service: str, profile: ExclusionRules, ssl: SslService, held: Callable[[], int], end: Need | None = None
    ) -> None:
        """Ask `held` how many TLS connections of `service` are open or opening; `end` is that there are none."""
        self._service = service
        self._profile = profile
        self._ssl = ssl
        self._held = held
        self._end = end
        ssl.held.append(held)
        ssl.shared.guards.append(self._guard)

    def __repr__(self) -> str:
        return f"<SslExclusion, {'in force' if self._held() else 'idle'}>"

    def check(self) -> None:
        """Refuse a TLS connection of the service.

        Raises:
            DeviceError: the SSL socket is in a state that excludes one, or FTPS and HTTPS have as many as there can be.
        """
        self.check_beside(self._profile.beside_ssl)
        if sum(held() for held in self._ssl.held) >= self._ssl.profile.services_at_once:
            raise DeviceError(self._profile.refusals.ssl_in_use, "another connection of FTPS, HTTPS or MQTT is open")

    def check_beside(self, allowed: SocketStates) -> None:
        """Refuse what may only be while the SSL socket is in one of the `allowed` states.

        Raises:
            DeviceError: it is in another one.
        """
        shared = self._ssl.shared
        if _WORDS[shared.state] in allowed:
            return
        reason = f"the secure socket is {_WORDS[shared.state]}; beside {self._service} it may only be"
        need = _NEEDS.get(allowed[-1:])
        raise DeviceError(
            self._profile.refusals.ssl_in_use,
            f"{reason} {' or '.join(allowed)}",
            None if need is None else need(ssid=shared.ssid),
        )

    def _guard(self, action: Action, state: State) -> None:
        if not self._held():
            return
        if action in _CHANGES and self._profile.freezes_ssl:
            raise DeviceError(self._ssl.profile.refusals.open, f"{self._service} is open", self._end)
        allowed = self._profile.beside_ssl
        if _WORDS[state] not in allowed:
            reason = f"{self._service} is open; beside it the secure socket may only be {' or '.join(allowed)}"
            raise DeviceError(self._profile.refusals.ssl_in_use, reason, self._end)
