"""The context of a session: version, suites and identity, and none of the extensions that can be left out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from cryptography import x509
from OpenSSL import SSL

from emulator.tls.client import ClientIdentity, FailureCause, TlsFailure
from emulator.tls.security_data import load_identity_key
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import VersionRange

BUFFER = 65536
"""Bytes that are read from OpenSSL at once."""

_NO_EXTENDED_MASTER_SECRET = 1 << 0  # pyOpenSSL has no names for these two
_NO_ENCRYPT_THEN_MAC = 1 << 19
_OPTIONS = (
    SSL.OP_NO_TICKET
    | SSL.OP_NO_COMPRESSION
    | SSL.OP_NO_RENEGOTIATION
    | SSL.OP_LEGACY_SERVER_CONNECT  # servers of the module's time know no RFC 5746
    | SSL.OP_DONT_INSERT_EMPTY_FRAGMENTS  # one packet, one record
    | _NO_EXTENDED_MASTER_SECRET
    | _NO_ENCRYPT_THEN_MAC
)


@dataclass(frozen=True)
class Profile:
    """The parameters of a context; a session can be resumed only in a context with the same ones."""

    versions: VersionRange
    suites: tuple[CipherSuite, ...]
    identity: ClientIdentity | None


class ContextUser(Protocol):
    """The application data of a connection: takes what OpenSSL calls back with."""

    def call_back(self, report: Callable[[], None]) -> None:
        """Run what a callback of OpenSSL reports, and keep what it raises: OpenSSL could only print it."""

    def on_alert(self, direction: Literal["sent", "received"], level: int, description: int) -> None:
        """Take an alert."""

    def on_secret(self, line: str) -> None:
        """Take a line for the key log."""


def make_context(profile: Profile) -> SSL.Context:
    """Return the context of sessions with these parameters.

    Raises:
        TlsFailure: the identity cannot be used.
    """
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(profile.versions.lowest.number)
    context.set_max_proto_version(profile.versions.highest.number)
    context.set_options(_OPTIONS)
    context.set_verify(SSL.VERIFY_NONE)  # the chain is judged before OpenSSL gets it
    names = [suite.openssl_name for suite in profile.suites]
    context.set_cipher_list(":".join([*names, "@SECLEVEL=0"]).encode())
    context.set_info_callback(_tell_of_alert)
    context.set_keylog_callback(_tell_secret)
    if profile.identity is not None:
        _use(context, profile.identity)
    return context


def _use(context: SSL.Context, identity: ClientIdentity) -> None:
    key = load_identity_key(identity)
    try:
        certificate, *issuers = (x509.load_der_x509_certificate(der) for der in identity.chain)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        for issuer in issuers:
            context.add_extra_chain_cert(issuer)
    except (ValueError, SSL.Error) as error:
        raise TlsFailure(FailureCause.KEY_UNUSABLE, f"the module's own certificate or key: {error}") from error


def _tell_of_alert(connection: SSL.Connection, where: int, value: int) -> None:
    client: ContextUser | None = connection.get_app_data()
    if client is None or not where & SSL.SSL_CB_ALERT:
        return
    direction: Literal["sent", "received"] = "sent" if where & SSL.SSL_CB_WRITE else "received"
    client.call_back(lambda: client.on_alert(direction, value >> 8, value & 0xFF))


def _tell_secret(connection: SSL.Connection, line: bytes) -> None:
    client: ContextUser | None = connection.get_app_data()
    if client is not None and line.startswith(b"CLIENT_RANDOM "):
        client.call_back(lambda: client.on_secret(line.decode()))


def reason(error: SSL.Error) -> str:
    """Return OpenSSL's own words for an error."""
    entries: Any = error.args[0] if error.args else ()
    return str(entries[-1][2]) if entries else type(error).__name__
