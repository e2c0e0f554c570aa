"""What a real server said, kept so that it can be said again and again, with changes.

The native client's random numbers are fixed, so that a recorded server's flight of a resumed session, proofs and all,
holds for every replay.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from msgspec.structs import replace

from emulator.testing.contracts.tls_peers import Seen
from emulator.tls.client import TlsClient, TlsConfiguration
from emulator.tls.decisions import Agreement
from emulator.tls.native.ciphers import BulkCipher, bulk_cipher
from emulator.tls.native.client import NativeClient, NativeEngine
from emulator.tls.native.protection import Protection, protection
from emulator.tls.native.sessions import NativeSession
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.keys import DirectionKeys, key_block
from emulator.tls.wire.records import HEADER
from emulator.tls.wire.suites import CipherSuite, KeyExchange, suites_of
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, ProtocolVersion, VersionRange
from tests.peers.sockets import Wire
from tests.peers.tlslite_server import TlsliteServer

RECORDED = [
    (version, suite)
    for version in (TLS_1_0, TLS_1_1, TLS_1_2)
    for suite in suites_of(version, KeyExchange.RSA)
    if NativeEngine().supports([suite], version)
]
"""Each version with each of its suites that the native engine has."""
LATER = (
    Extension.SERVER_NAME,
    Extension.EXTENDED_MASTER_SECRET,
    Extension.SESSION_TICKET,
    Extension.SIGNATURE_ALGORITHMS,
    Extension.RENEGOTIATION_INFO,
)

PLAINTEXT = b"what the server says, in three records"


def fixed_random(length: int) -> bytes:
    """Always the same bytes."""
    return hashlib.shake_128(b"no random at all").digest(length)


class PredictableEngine:
    """The native engine without chance."""

    name = "predictable"

    def supports(self, suites: Sequence[CipherSuite], version: ProtocolVersion) -> bool:
        return True

    def deviation(self, configuration: TlsConfiguration) -> str | None:
        return None

    def connect(self, configuration: TlsConfiguration) -> TlsClient:
        return NativeClient(configuration, fixed_random)


def split_records(stream: bytes) -> list[bytes]:
    """The records of a stream, each with its header."""
    records = []
    while stream:
        end = 5 + int.from_bytes(stream[3:5], "big")
        records.append(stream[:end])
        stream = stream[end:]
    return records


def record(content_type: int, fragment: bytes, version: ProtocolVersion = TLS_1_0) -> bytes:
    """One record as it stands on the wire."""
    return HEADER.pack(content_type, version.record_number, len(fragment)) + fragment


def offer(suite: CipherSuite, version: ProtocolVersion) -> TlsConfiguration:
    """What a client of that version says; from TLS 1.1 on with extensions that a server answers."""
    extensions = () if version is TLS_1_0 else LATER
    return TlsConfiguration((suite,), versions=version.alone, extensions=extensions, server_name="tls.example")


@dataclass(frozen=True)
class Recording:
    """A server's side of two sessions under one suite of one version."""

    suite: CipherSuite
    version: ProtocolVersion
    session: NativeSession
    full: bytes
    """Its first flight in a full handshake: server_hello, certificate, certificate_request, server_hello_done."""
    resumed: bytes
    """All it said in a resumed session: server_hello, change_cipher_spec, finished, PLAINTEXT, close_notify."""

    @property
    def server_hello(self) -> bytes:
        """The record that resumes the session."""
        return split_records(self.resumed)[0]

    @property
    def opening(self) -> bytes:
        """The part of `resumed` after which the session is open."""
        return b"".join(split_records(self.resumed)[:3])

    @property
    def configuration(self) -> TlsConfiguration:
        return offer(self.suite, self.version)

    def full_client(self) -> NativeClient:
        """A client to which `full` can be said; it speaks all older versions, too."""
        return NativeClient(replace(self.configuration, versions=VersionRange(TLS_1_0, self.version)), fixed_random)

    def resuming_client(self, **changes: Any) -> NativeClient:
        """A client to which `resumed` can be said."""
        return NativeClient(replace(self.configuration, session=self.session, **changes), fixed_random)

    @property
    def bulk_cipher(self) -> BulkCipher:
        """What the suite makes of the keys."""
        return bulk_cipher(self.suite, self.version)

    @property
    def protection(self) -> Protection:
        """How the records of the session are protected."""
        return protection(Agreement(self.version, self.suite))

    def server_keys(self) -> DirectionKeys:
        """What protects the server's records of the resumed session."""
        server_random = self.server_hello[11:43]
        prf = self.suite.prf(self.version)
        secret, sizes = self.session.master_secret, self.protection.sizes
        return key_block(prf, secret, fixed_random(32), server_random, sizes)[1]

    def finished(self) -> bytes:
        """The server's Finished, in clear."""
        sealed = split_records(self.resumed)[2]
        return self.protection.read_state(self.server_keys()).open(22, sealed[5:])

    def forge(self, *contents: tuple[int, bytes], bulk: Protection | None = None) -> bytes:
        """What a server with the right keys could say after its server_hello: records of these types and contents.

        `bulk` is how it seals them, where that is not how the suite does.
        """
        state = (bulk or self.protection).write_state(self.server_keys(), fixed_random)
        sealed = [record(kind, state.seal(kind, [content])[0], self.version) for kind, content in contents]
        return self.server_hello + record(20, b"\x01", self.version) + b"".join(sealed)


def _speak(connection: Any, seen: Seen) -> None:
    for part in (PLAINTEXT[:10], PLAINTEXT[10:11], PLAINTEXT[11:]):
        connection.write(part)
    connection.close()


@cache
def recording(suite: CipherSuite, version: ProtocolVersion = TLS_1_0) -> Recording:
    """Made with a real server at the first call."""
    engine = PredictableEngine()
    configuration = offer(suite, version)
    with TlsliteServer([suite], handler=_speak, ask_certificate=True, version=version) as server:
        with Wire(engine, server.port, configuration) as first:
            session = first.handshake().session
            first.until_closed()
        server.wait_for(1)
        with Wire(engine, server.port, replace(configuration, session=session)) as second:
            second.handshake()
            second.until_closed()
            assert second.client.resumed
    assert isinstance(session, NativeSession)
    flight = b"".join(split_records(bytes(first.heard))[:4])
    return Recording(suite, version, session, flight, bytes(second.heard))
