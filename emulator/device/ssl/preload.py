"""Store security data that the user of the emulator names at the start (guide 3.3, note on SUPL)."""

from collections.abc import Iterable
from pathlib import Path

from emulator.device.memory.store import NvmStore
from emulator.device.ssl.item import SETTING, DataType, Format
from emulator.device.ssl.memory import SecureSocketMemory
from emulator.device.ssl.security_data import SecurityDataStore
from emulator.errors import DeviceError, UserError
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.ssl import SecureSocket

_KINDS = {kind.name.lower(): kind for kind in DataType}
"""By the name that the emulator's user knows."""

_DER_SEQUENCE = b"\x30"
"""The first byte of every certificate and key in DER (X.690 8.1.2)."""


def preload(settings: Iterable[str], profile: Profile, store: NvmStore) -> None:
    """Store the file that each `security_data.<kind>=FILE` names, where nothing is stored yet.

    `security_data.<SSId>.<kind>=FILE` is of that secure socket, without a number of the first one.

    Raises:
        UserError: no such kind, an unreadable file, or one that the module would not take.
    """
    for text in settings:
        name, _, path = text.removeprefix(SETTING).partition("=")
        if not path:
            raise UserError(f"--set {text}: no file is named; write {SETTING}{name}=FILE")
        try:
            ssl = profile.secure_socket
            if ssl is None:
                raise UserError("this firmware has no SSL and stores no security data")
            ssid, kind = place_of(name, ssl)
            memory = SecureSocketMemory(ssl, store, ssid)
            security_data = SecurityDataStore(ssl, memory)
            if security_data.get(kind) is None:
                write_file(security_data, kind, _read(Path(path)))
        except UserError as error:
            raise UserError(f"--set {text}: {error}") from error


def place_of(name: str, profile: SecureSocket) -> tuple[int, DataType]:
    """Return the SSId and the security data of a name, `ca_certificate` or `2.ca_certificate`.

    Raises:
        UserError: there is none.
    """
    number, _, kind = name.rpartition(".")
    if kind not in _KINDS:
        raise UserError(f"there is no security data {kind!r}; known are {', '.join(_KINDS)}")
    ssids = {str(ssid): ssid for ssid in profile.identifiers.values}
    if (number or "1") not in ssids:
        raise UserError(f"this firmware has no SSId {number}, only {', '.join(ssids)}")
    return ssids[number or "1"], _KINDS[kind]


def write_file(security_data: SecurityDataStore, kind: DataType, data: bytes) -> None:
    """Store the content of a file, PEM or DER, in the place of what is there.

    Raises:
        UserError: the module would not take it.
    """
    try:
        security_data.write(kind, data, _format_of(data))
    except DeviceError as error:
        raise UserError(
            f"the module does not take this file: {error.reason}; "
            f"name a PEM or DER file with a {kind.name.lower().replace('_', ' ')}"
        ) from error


def _format_of(data: bytes) -> Format:
    return "DER" if data.startswith(_DER_SEQUENCE) and b"-----BEGIN" not in data else "PEM"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{error.strerror}; name a file that can be read") from error
