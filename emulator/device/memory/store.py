"""The module's non-volatile memory: what stays when the power goes.

In memory only, or in a file of the folder given with `--state`: versioned JSON, mode 0600, written aside and renamed,
so that a crash leaves either the old or the new state and never half of one.
"""

import fcntl
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Literal, TypeVar

import msgspec

from emulator.errors import Cause, DeviceError, UserError

_FORMAT = "telit-emulator nvm"
_VERSION = 1

_Content = TypeVar("_Content")


Format = Literal["PEM", "DER"]
"""How security data was entered."""


class SecurityItem(msgspec.Struct, forbid_unknown_fields=True):
    """One stored certificate or key, as it was entered."""

    format: Format
    data: bytes


class ContextDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A PDP context as +CGDCONT defines it."""

    type: str
    apn: str = ""
    address: str = ""
    data_compression: int = 0
    header_compression: int = 0


class NameServers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two addresses, as #DNS sets them."""

    primary: str
    secondary: str


class ContextActivation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a PDP context is activated: what #SGACTCFG and #SGACTCFGEXT set for it."""

    retries: int
    delay: int
    """Seconds."""
    reported: int = 0
    abortable: int = 0


class SocketConfiguration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What #SSLCFG sets."""

    packet_size: int
    inactivity: int
    default_timeout: int
    transmission: int
    ring_mode: int = 0
    no_carrier_mode: int = 0
    host_mismatch: int = 0
    unused: int = 0


class PlainSocketSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What #SCFG, #SCFGEXT and #SCFGEXT2 set for one connection."""

    cid: int
    packet_size: int
    inactivity: int
    connection_timeout: int
    transmission: int
    ring_mode: int = 0
    receive_mode: int = 0
    keepalive: int = 0
    listen_mode: int = 0
    send_mode: int = 0
    buffer_start: int = 0
    abort_mode: int = 0
    no_carrier_mode: int = 0


class CardMemory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a SIM card remembers of its PIN."""

    origin: tuple[str, str | None, str]
    """ICCID, PIN and PUK in the profile: another card has others."""
    pin: str
    locked: bool
    """Whether the PIN is asked for at each start."""
    pin_tries: int
    puk_tries: int


class PhonebookEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number in the card's memory, and whose it is."""

    number: str
    type: int
    text: str = ""


class StoredMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A short message in a memory."""

    status: int
    """<stat> of 27.005: 0 received unread, 1 received read, 2 stored unsent, 3 stored sent."""
    pdu: bytes
    """With the service centre in front."""


class ServiceCentre(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What +CSCA has set."""

    number: str
    type: int


class UserProfile(msgspec.Struct, forbid_unknown_fields=True):
    """What AT&W stores."""

    settings: dict[str, int]


class Nvm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The content. Whoever changes it calls `save` on its store."""

    format: str = _FORMAT
    version: int = _VERSION
    model: str
    ssl_enabled: bool
    cipher_suite: int
    authentication: int
    socket_configuration: SocketConfiguration
    security_data: dict[int, SecurityItem] = {}
    contexts: dict[int, ContextDefinition] = {}
    name_servers: dict[int, NameServers] = {}
    """By <cid>; of a context that is left out the network chooses."""
    activations: dict[int, ContextActivation] = {}
    """By <cid>; what is left out is as the factory has made it."""
    plain_sockets: dict[int, PlainSocketSettings] = {}
    """By <connId>; what is left out is as the factory has made it."""
    profiles: dict[int, UserProfile] = {}
    base_profile: int = 0
    """Loaded at start for the base part (&Y)."""
    full_profile: int | None = None
    """Loaded at start for both parts (&P)."""
    interface_style: int
    network_time: int
    restart_mode: int = 0
    restart_delay: int = 0
    stored: dict[str, int] = {}
    """By the command that sets it; what is left out has its factory value."""
    card: CardMemory | None = None
    """The SIM card's own memory; None before the first start."""
    phonebook: dict[str, dict[int, PhonebookEntry]] = {}
    """By storage and index; on the card, too."""
    messages: dict[str, dict[int, StoredMessage]] = {}
    """By memory and index."""
    service_centre: ServiceCentre | None = None
    """None: the one that the card came with."""
    message_parameters: tuple[int, int, int, int] | None = None
    """What +CSAS has kept of +CSMP."""
    message_reference: int = 0
    """<mr> of the last message that was sent."""


class NvmStore:
    """Keeps an `Nvm`, here for one run only."""

    def __init__(self, content: Nvm) -> None:
        self.content = content
        self._saved = msgspec.json.encode(content)
        self.power_failure: Callable[[], Callable[[], None] | None] = lambda: None
        """Asked at each write for what cuts the power in the midst of it; None when nothing does."""

    def save(self) -> None:
        """Make the content last.

        Raises:
            DeviceError: the memory fails; the content is again what it was when it was last saved.
        """
        failure = self.power_failure()
        if failure is not None:
            self._restore()
            failure()
            raise DeviceError(Cause.MEMORY_FAILURE, "the power failed while it was written")
        content = msgspec.json.encode(self.content)
        try:
            self._keep(content)
        except OSError as error:
            self._restore()
            raise DeviceError(Cause.MEMORY_FAILURE, str(error)) from error
        self._saved = content

    def _restore(self) -> None:
        self.content = msgspec.json.decode(self._saved, type=Nvm)

    def _keep(self, content: bytes) -> None:
        """Put the encoded content where it lasts.

        Raises:
            OSError: that fails.
        """

    def close(self) -> None:
        """Let go of what is held."""


class NvmFile(NvmStore):
    """Keeps it in `folder`, where one emulator at a time may work."""

    def __init__(self, folder: Path, factory: Nvm) -> None:
        """Load what the folder holds; a new folder starts from `factory`.

        Raises:
            UserError: the folder cannot be used, is in use, or holds a state that is damaged or not this model's.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(folder / "lock")
        except OSError as error:
            raise UserError(f"--state {folder}: {error.strerror}; name a folder that can be written") from error
        self._path = folder / "nvm.json"
        try:
            super().__init__(_load(self._path, factory))
        except UserError:
            self.close()
            raise

    def _keep(self, content: bytes) -> None:
        """Write aside, make it durable, and put it in the place of the old file."""
        text = msgspec.json.format(content)
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=".nvm-")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(self._path.parent)

    def close(self) -> None:
        """Let another emulator use the folder."""
        self._lock.close()


def _lock(path: Path) -> IO[str]:
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise UserError(f"--state {path.parent}: another emulator uses this folder; stop it or name another") from None
    return file


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _load(path: Path, factory: Nvm) -> Nvm:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return factory
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; mend its permissions or name another --state folder") from error
    header = _decode(path, content, _Header)
    if header.format != _FORMAT:
        raise UserError(f"{path} is not a state of this emulator; name another --state folder")
    if header.version != _VERSION:
        raise UserError(
            f"{path} has state version {header.version}, this emulator reads {_VERSION}; name another --state folder"
        )
    if header.model != factory.model:
        raise UserError(f"{path} belongs to {header.model}, not {factory.model}; name another --state folder")
    return _decode(path, content, Nvm)


class _Header(msgspec.Struct):
    format: str = ""
    version: int = 0
    model: str = ""


def _decode(path: Path, content: bytes, kind: type[_Content]) -> _Content:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is damaged ({error}); {_set_aside(path)}") from error


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged")
    try:
        path.replace(aside)
    except OSError:
        return "remove it, or name another --state folder"
    return f"it was set aside as {aside.name}, start again for a factory state"
