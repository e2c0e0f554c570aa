"""The OpenSSL engine: what its build can offer, and in what its hello differs from another."""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache

from OpenSSL import SSL

from emulator.tls.client import FailureCause, TlsConfiguration, TlsFailure, lacking, require
from emulator.tls.openssl.client import OpensslClient
from emulator.tls.openssl.context import BUFFER, Profile, make_context, reason
from emulator.tls.wire import messages
from emulator.tls.wire.handshake import HandshakeMessage, MessageBuffer
from emulator.tls.wire.records import HEADER
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, ProtocolVersion, VersionRange

_SPOKEN = (TLS_1_0, TLS_1_1, TLS_1_2)


class OpensslEngine:
    """The engine of the OpenSSL that `cryptography` brings along."""

    name = "openssl"

    def supports(self, suites: Sequence[CipherSuite], version: ProtocolVersion) -> bool:
        return version in _SPOKEN and all(_available(suite, version) for suite in suites)

    def deviation(self, configuration: TlsConfiguration) -> str | None:
        if lack := lacking(self, configuration):
            return lack
        try:
            said = _probe(configuration.versions, configuration.suites)
        except SSL.Error as error:
            return f"begins no session: {reason(error)}"
        wanted = configuration.hello(random=said.body[2 : 2 + messages.RANDOM_LENGTH]).encode()
        return None if said == wanted else _difference(said, wanted)

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
        return suite.number in messages.ClientHello.decode_suites(_probe(version.alone, (suite,)))
    except SSL.Error:
        return False


@cache
def _probe(versions: VersionRange, suites: tuple[CipherSuite, ...]) -> HandshakeMessage:
    """Return a ClientHello of this build."""
    connection = SSL.Connection(make_context(Profile(versions, suites, None)), None)
    connection.set_connect_state()
    with suppress(SSL.WantReadError):
        connection.do_handshake()
    hello = MessageBuffer()
    hello.add(connection.bio_read(BUFFER)[HEADER.size :])
    message = hello.next_message()
    assert message is not None, "OpenSSL has cut its hello in two"
    return message


def _difference(said: HandshakeMessage, wanted: HandshakeMessage) -> str:
    """Return how one hello differs from the other: by its suites, else by what stands behind them."""
    ours, theirs = (messages.ClientHello.decode_suites(hello) for hello in (said, wanted))
    for does, numbers in (("adds", set(ours) - set(theirs)), ("leaves out", set(theirs) - set(ours))):
        if numbers:
            where = "to" if does == "adds" else "of"
            return f"{does} {', '.join(f'{number:04x}' for number in sorted(numbers))} {where} the hello"
    return "orders the suites of the hello otherwise" if ours != theirs else "has other extensions in the hello"
