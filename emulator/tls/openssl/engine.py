"""The OpenSSL engine: what its build can offer, and in what its hello differs from another."""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache

from msgspec.structs import replace
from OpenSSL import SSL

from emulator.tls.client import FailureCause, TlsConfiguration, TlsFailure, lacking, require
from emulator.tls.openssl.client import OpensslClient
from emulator.tls.openssl.context import BUFFER, Profile, context_of, reason
from emulator.tls.openssl.deviation import difference
from emulator.tls.wire import messages
from emulator.tls.wire.handshake import HandshakeMessage, MessageBuffer
from emulator.tls.wire.records import HEADER
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, ProtocolVersion

_SPOKEN = (TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3)


class OpensslEngine:
    """The engine of the OpenSSL that `cryptography` brings along."""

    name = "openssl"

    def supports(self, suites: Sequence[CipherSuite], version: ProtocolVersion) -> bool:
        return version in _SPOKEN and all(_available(suite, version) for suite in suites)

    def deviation(self, configuration: TlsConfiguration) -> str | None:
        if lack := lacking(self, configuration):
            return lack
        try:
            said = _probe(replace(Profile.of(configuration), identity=None))
        except SSL.Error as error:
            return f"begins no session: {reason(error)}"
        return difference(said, configuration)

    def connect(self, configuration: TlsConfiguration) -> OpensslClient:
        require(self, configuration)
        try:
            return OpensslClient(configuration)
        except SSL.Error as error:
            raise TlsFailure(FailureCause.UNSUPPORTED, f"OpenSSL begins no session: {reason(error)}") from error


@cache
def _available(suite: CipherSuite, version: ProtocolVersion) -> bool:
    """Return whether this build puts the suite into a ClientHello."""
    try:
        return suite.number in messages.ClientHello.decode_suites(_probe(Profile(version.alone, (suite,))))
    except SSL.Error:
        return False


@cache
def _probe(profile: Profile) -> HandshakeMessage:
    """Return a ClientHello of this build."""
    connection = SSL.Connection(context_of(profile), None)
    connection.set_connect_state()
    profile.name_server(connection)
    with suppress(SSL.WantReadError):
        connection.do_handshake()
    hello = MessageBuffer()
    hello.add(connection.bio_read(BUFFER)[HEADER.size :])
    message = hello.next_message()
    assert message is not None, "OpenSSL has cut its hello in two"
    return message
