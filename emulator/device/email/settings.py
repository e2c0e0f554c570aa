"""Keep the settings of the mail server: until power-off, and in NVM once the host saves them."""

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore


class EmailSettings(Record, frozen=True):
    """Server and account."""

    server: str = ""
    address: str = ""
    """The sender's."""
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"<EmailSettings of {self.address} at {self.server}>"


class EmailSettingsStore:
    """The settings in force, which begin as those in NVM."""

    def __init__(self, store: NvmStore) -> None:
        self._store = store
        self.current = store.content.email

    def __repr__(self) -> str:
        return f"<EmailSettingsStore {self.current!r}>"

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
