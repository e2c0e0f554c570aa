"""The context of a session: versions, suites, extensions and identity, and nothing else that can be left out."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, Protocol, Self

import msgspec
from cryptography import x509
from OpenSSL import SSL

from emulator.tls.client import ClientIdentity, FailureCause, TlsConfiguration, TlsFailure
from emulator.tls.openssl.lists import set_groups, set_signatures
from emulator.tls.security_data import load_identity_key
from emulator.tls.wire.extensions import Extension, NamedGroup
from emulator.tls.wire.signatures import SignatureScheme
from emulator.tls.wire.suites import CipherSuite, KeyExchange
from emulator.tls.wire.versions import VersionRange

BUFFER = 65536
"""Bytes that are read from OpenSSL at once."""

_OPTIONS = (
    SSL.OP_NO_COMPRESSION
    | SSL.OP_NO_RENEGOTIATION
    | SSL.OP_LEGACY_SERVER_CONNECT  # servers of the module's time know no RFC 5746
    | SSL.OP_DONT_INSERT_EMPTY_FRAGMENTS  # one packet, one record
)
_WITHOUT = {
    Extension.SESSION_TICKET: SSL.OP_NO_TICKET,
    Extension.EXTENDED_MASTER_SECRET: 1 << 0,  # pyOpenSSL has no names for these two
    Extension.ENCRYPT_THEN_MAC: 1 << 19,
}
"""The options that leave extensions out."""


class Profile(msgspec.Struct, frozen=True):
    """The parameters of a context; a session can be resumed only in a context with the same ones."""

    versions: VersionRange
    suites: tuple[CipherSuite, ...]
    identity: ClientIdentity | None = None
    extensions: tuple[Extension, ...] = ()
    server_name: str | None = None
    signatures: tuple[SignatureScheme, ...] = ()
    groups: tuple[NamedGroup, ...] = ()

    @classmethod
    def of(cls, configuration: TlsConfiguration) -> Self:
        """Return the parameters that a configuration asks for."""
        sent = configuration.sent_extensions
        return cls(
            configuration.versions,
            configuration.suites,
            configuration.identity,
            sent,
            configuration.server_name if Extension.SERVER_NAME in sent else None,
            configuration.signatures if Extension.SIGNATURE_ALGORITHMS in sent else (),
            configuration.groups,
        )

    def name_server(self, connection: SSL.Connection) -> None:
        """Have the hello name the server, if it is to."""
        if self.server_name is not None:
            connection.set_tlsext_host_name(self.server_name.encode())


class ContextUser(Protocol):
    """The application data of a connection: takes what OpenSSL calls back with."""

    def call_back(self, report: Callable[[], None]) -> None:
        """Run what a callback of OpenSSL reports, and keep what it raises: OpenSSL could only print it."""

    def on_alert(self, direction: Literal["sent", "received"], level: int, description: int) -> None:
        """Take an alert."""

    def on_secret(self, line: str) -> None:
        """Take a line for the key log."""


@lru_cache(maxsize=64)
def context_of(profile: Profile) -> SSL.Context:
    """Return the context of sessions with these parameters, which all of them share: it takes more than a session.

    The last ones are kept for the next dial.

    Raises:
        TlsFailure: the identity cannot be used.
    """
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(profile.versions.lowest.number)
    context.set_max_proto_version(profile.versions.highest.number)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    context.set_options(_OPTIONS)
    for extension, option in _WITHOUT.items():
        if extension not in profile.extensions:
            context.set_options(option)
    context.set_verify(SSL.VERIFY_NONE)  # the chain is judged before OpenSSL gets it
    new = [suite.openssl_name for suite in profile.suites if suite.key_exchange is KeyExchange.NEGOTIATED]
    old = [suite.openssl_name for suite in profile.suites if suite.openssl_name not in new] or ["ALL"]
    context.set_cipher_list(":".join([*old, "@SECLEVEL=0"]).encode())
    context.set_tls13_ciphersuites(":".join(new).encode())
    if profile.groups:
        set_groups(context, profile.groups)
    if profile.signatures:
        set_signatures(context, profile.signatures)
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
    if client is not None and not line.startswith(b"RSA "):  # which says the same as CLIENT_RANDOM
        client.call_back(lambda: client.on_secret(line.decode()))


def reason(error: SSL.Error) -> str:
    """Return OpenSSL's own words for an error."""
    entries: Any = error.args[0] if error.args else ()
    return str(entries[-1][2]) if entries else type(error).__name__
