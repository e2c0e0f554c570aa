"""Keep the settings of the mail server: until power-off, and in NVM once the host saves them."""

from enum import Enum

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import IP_CONTEXT
from emulator.firmware.schema.email import Email


class Security(Enum):
    """How a mail is protected."""

    CLEAR = "not at all"
    TLS = "by TLS from the start (RFC 8314)"
    START_TLS = "by STARTTLS (RFC 3207)"


class EmailSettings(Record, frozen=True):
    """Server and account; of a number, 0 stands for the factory's."""

    server: str = ""
    address: str = ""
    """The sender's."""
    user: str = ""
    password: str = ""
    secure: int = 0
    port: int = 0
    mode: int = 0
    cid: int = 0

    def __repr__(self) -> str:
        return f"<EmailSettings of {self.address} at {self.server}>"


class EmailSettingsStore:
    """The settings in force, which begin as those in NVM."""

    def __init__(self, profile: Email, store: NvmStore) -> None:
        self._profile = profile
        self._store = store
        self.current = store.content.email

    def __repr__(self) -> str:
        return f"<EmailSettingsStore {self.current!r}>"

    @property
    def port(self) -> int:
        """Return the port of the server."""
        configuration = self._profile.configuration
        if configuration is None:
            return self._profile.port
        return self.current.port or configuration.port.default or self._profile.port

    @property
    def cid(self) -> int:
        """Return the context that mails are sent by."""
        configuration = self._profile.configuration
        if configuration is None or configuration.cids is None:
            return IP_CONTEXT
        return self.current.cid or configuration.cids.default or IP_CONTEXT

    @property
    def security(self) -> Security:
        """Return how mails are protected."""
        configuration = self._profile.configuration
        if configuration is None or not self.current.secure:
            return Security.CLEAR
        return Security.START_TLS if self.current.mode in configuration.start_tls_modes else Security.TLS

    def save(self) -> None:
        """Write the settings in force.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.email = self.current

    def reset(self) -> None:
        """Restore the factory's settings, here and not in NVM."""
        self.current = EmailSettings()
