"""What a real server said, kept so that it can be said again and again, with changes.

The native client's random numbers are fixed, so that a recorded server's flight of a resumed session, proofs and all,
holds for every replay.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from emulator.testing.contracts.tls_peers import Seen
from emulator.tls.client import TlsClient, TlsConfiguration
from emulator.tls.native.ciphers import BulkCipher, ProtectedReadState, ProtectedWriteState, bulk_cipher
from emulator.tls.native.client import NativeClient
from emulator.tls.native.sessions import NativeSession
from emulator.tls.wire.keys import DirectionKeys, key_block
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, ProtocolVersion
from tests.peers.sockets import Wire
from tests.peers.tlslite_server import TlsliteServer

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


def record(content_type: int, fragment: bytes) -> bytes:
    """One record as it stands on the wire."""
    return bytes([content_type, 3, 1]) + len(fragment).to_bytes(2, "big") + fragment


@dataclass(frozen=True)
class Recording:
    """A server's side of two sessions under one suite."""

    suite: CipherSuite
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
        return TlsConfiguration((self.suite,))

    def full_client(self) -> NativeClient:
        """A client to which `full` can be said."""
        return NativeClient(self.configuration, fixed_random)

    def resuming_client(self, **changes: Any) -> NativeClient:
        """A client to which `resumed` can be said."""
        return NativeClient(replace(self.configuration, session=self.session, **changes), fixed_random)

    @property
    def bulk_cipher(self) -> BulkCipher:
        """What the suite makes of the keys."""
        return bulk_cipher(self.suite, TLS_1_0)

    def server_keys(self) -> DirectionKeys:
        """What protects the server's records of the resumed session."""
        server_random = self.server_hello[11:43]
        return key_block(
            TLS_1_0.prf, self.session.master_secret, fixed_random(32), server_random, self.bulk_cipher.sizes
        )[1]

    def finished(self) -> bytes:
        """The server's Finished, in clear."""
        sealed = split_records(self.resumed)[2]
        return ProtectedReadState(self.bulk_cipher, self.server_keys()).open(22, sealed[5:])

    def forge(self, *contents: tuple[int, bytes], bulk: BulkCipher | None = None) -> bytes:
        """What a server with the right keys could say after its server_hello: records of these types and contents.

        `bulk` is how it seals them, where that is not how the suite does.
        """
        state = ProtectedWriteState(bulk or self.bulk_cipher, self.server_keys(), fixed_random)
        sealed = [record(content_type, state.seal(content_type, content)) for content_type, content in contents]
        return self.server_hello + record(20, b"\x01") + b"".join(sealed)


def _speak(connection: Any, seen: Seen) -> None:
    for part in (PLAINTEXT[:10], PLAINTEXT[10:11], PLAINTEXT[11:]):
        connection.write(part)
    connection.close()


@cache
def recording(suite: CipherSuite) -> Recording:
    """Made with a real server at the first call."""
    engine = PredictableEngine()
    configuration = TlsConfiguration((suite,))
    with TlsliteServer([suite], handler=_speak, ask_certificate=True) as server:
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
    return Recording(suite, session, flight, bytes(second.heard))
