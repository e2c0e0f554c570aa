"""Refuse states of the secure socket and an FTPS session that exclude each other."""

from collections.abc import Callable, Mapping
from typing import Literal

from emulator.device.connection.states import Action, State
from emulator.device.ssl.service import SslService
from emulator.errors import DeviceError
from emulator.firmware.schema.ftp import Ftp

_WORDS: Mapping[State, Literal["disabled", "closed", "open"]] = {
    State.DISABLED: "disabled",
    State.CLOSED: "closed",
    State.LOST: "closed",
    State.CONNECTING: "open",
    State.ONLINE: "open",
    State.SUSPENDED: "open",
}
"""Names of the socket's states in the profile."""
_CHANGES = (Action.CONFIGURE, Action.DISABLE)


class SslExclusion:
    """Refuse, on both sides, what the profile does not allow together."""

    def __init__(self, profile: Ftp, ssl: SslService, holds: Callable[[], bool]) -> None:
        """Ask `holds` whether an FTPS session is open or opening."""
        self._profile = profile
        self._ssl = ssl
        self._holds = holds
        ssl.socket.guards.append(self._guard)

    def __repr__(self) -> str:
        return f"<SslExclusion, {'in force' if self._holds() else 'idle'}>"

    def check(self) -> None:
        """Refuse an FTPS session.

        Raises:
            DeviceError: the SSL socket is in a state that excludes one.
        """
        self._refuse_beside(self._ssl.socket.state)

    def _guard(self, action: Action, state: State) -> None:
        if not self._holds():
            return
        if action in _CHANGES and self._profile.freezes_ssl:
            raise DeviceError(self._ssl.profile.refusals.open, "an FTPS session is open")
        self._refuse_beside(state)

    def _refuse_beside(self, state: State) -> None:
        if _WORDS[state] not in self._profile.beside_ssl:
            raise DeviceError(self._profile.refusals.ssl_in_use, "the SSL socket and FTPS exclude each other")
