"""Read the files of a question: certificates and the key, in PEM or DER."""

from pathlib import Path
from typing import Literal

from emulator.errors import UserError
from emulator.tls.wire.key_kinds import KeyKind


def read_certificates(path: Path, option: str) -> tuple[bytes, ...]:
    """Return the certificates of a file, DER.

    Raises:
        UserError: it cannot be read, or holds none.
    """
    from emulator.tls.security_data import parse_certificates

    data = _read(path, option)
    try:
        return parse_certificates(data, _form(data))
    except ValueError as error:
        raise UserError(f"{option} {path}: {error}; name a PEM or DER file with a certificate") from error


def read_key(path: Path, option: str) -> bytes:
    """Return the private key of a file, DER.

    Raises:
        UserError: it cannot be read, or holds no key of RSA or ECDSA.
    """
    from emulator.tls.security_data import parse_private_key

    data = _read(path, option)
    try:
        return parse_private_key(data, _form(data), ("pkcs1", "pkcs8", "sec1"), tuple(KeyKind))
    except ValueError as error:
        raise UserError(f"{option} {path}: {error}; name a PEM or DER file with an unencrypted key") from error


def check_identity(certificate: tuple[bytes, ...], key: bytes) -> None:
    """Make sure that a key goes with its certificate.

    Raises:
        UserError: it does not.
    """
    from emulator.tls.client import ClientIdentity, TlsFailure
    from emulator.tls.security_data import load_identity_key

    try:
        load_identity_key(ClientIdentity(certificate, key))
    except TlsFailure as failure:
        raise UserError(f"--cert and --key: {failure.detail}; name two files that belong together") from failure


def _form(data: bytes) -> Literal["PEM", "DER"]:
    return "PEM" if b"-----BEGIN" in data else "DER"


def _read(path: Path, option: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{option} {path}: {error.strerror}; name a file that can be read") from error
