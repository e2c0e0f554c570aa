"""Refuse states of the secure socket and of another TLS connection, FTPS or HTTPS, that exclude each other."""

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from emulator.device.connection.states import Action, State
from emulator.device.needs import ClosedSecureSocket, DisabledSsl, OfSecureSocket
from emulator.device.ssl.service import SslService
from emulator.errors import Cause, DeviceError, Need

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
    def beside_ssl(self) -> tuple[Literal["disabled", "closed", "open"], ...]:
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
        self._refuse_beside(self._ssl.shared.state)
        if sum(held() for held in self._ssl.held) >= self._ssl.profile.services_at_once:
            raise DeviceError(self._profile.refusals.ssl_in_use, "another FTPS or HTTPS connection is open")

    def _guard(self, action: Action, state: State) -> None:
        if not self._held():
            return
        if action in _CHANGES and self._profile.freezes_ssl:
            raise DeviceError(self._ssl.profile.refusals.open, f"{self._service} is open", self._end)
        if not self._allows(state):
            reason = f"{self._service} is open; beside it the secure socket may only be {self._allowed}"
            raise DeviceError(self._profile.refusals.ssl_in_use, reason, self._end)

    @property
    def _allowed(self) -> str:
        return " or ".join(self._profile.beside_ssl)

    def _allows(self, state: State) -> bool:
        return _WORDS[state] in self._profile.beside_ssl

    def _refuse_beside(self, state: State) -> None:
        if not self._allows(state):
            reason = f"the secure socket is {_WORDS[state]}; beside {self._service} it may only be {self._allowed}"
            need = _NEEDS.get(self._profile.beside_ssl[-1:])
            ssid = self._ssl.shared.ssid
            raise DeviceError(self._profile.refusals.ssl_in_use, reason, None if need is None else need(ssid=ssid))
