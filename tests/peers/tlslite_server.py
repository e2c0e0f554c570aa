"""A TLS server of tlslite-ng in a thread: every suite, binary echo, and what the server itself has seen.

tlslite-ng shares no code with either engine.
"""

import contextlib
import socket
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from tlslite.api import HandshakeSettings, SessionCache, TLSConnection, X509CertChain, parsePEMKey
from tlslite.x509 import X509

from emulator.lab.tlslite_names import SUITES, choose_suites
from emulator.testing.contracts.tls_peers import Handler, Seen, echo
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, ProtocolVersion
from tests.peers.pki import SERVER, Party
from tests.peers.sockets import TIMEOUT


def settings_for(suites: Sequence[CipherSuite], version: ProtocolVersion) -> Any:
    """Settings of tlslite-ng for `version` with `suites`; a product of ciphers and digests, that is how it chooses."""
    settings = HandshakeSettings()
    settings.minVersion = settings.maxVersion = divmod(version.number, 256)
    choose_suites(settings, [suite for suite in suites if suite.goes_with(version) and suite in SUITES.values()])
    settings.minKeySize = 512
    settings.ticketKeys = [b"k" * 32]
    return settings


def credentials(party: Party) -> dict[str, Any]:
    """The certificate chain and the key as tlslite-ng wants them."""
    chain = [X509() for _ in party.chain]
    for certificate, member in zip(chain, party.chain, strict=True):
        certificate.parseBinary(bytearray(member.der))
    return {"certChain": X509CertChain(chain), "privateKey": parsePEMKey(party.key_pem.decode(), private=True)}


class TlsliteServer:
    """Serves one connection after the other on a free port of loopback, each with `handler` once it is open."""

    def __init__(
        self,
        suites: Sequence[CipherSuite],
        party: Party = SERVER,
        handler: Handler = echo,
        ask_certificate: bool = False,
        remembers: bool = True,
        version: ProtocolVersion = TLS_1_0,
    ) -> None:
        self.sessions: list[Seen] = []
        self._arguments = credentials(party) | {
            "settings": settings_for(suites, version),
            "sessionCache": SessionCache() if remembers else None,
            "reqCert": ask_certificate,
        }
        self._handler = handler
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._served = threading.Condition()
        self._thread = threading.Thread(target=self._serve, name="tlslite server")

    def __enter__(self) -> "TlsliteServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(TIMEOUT)
        self._listener.close()

    def wait_for(self, count: int) -> list[Seen]:
        """What the server saw, once `count` sessions have ended."""
        with self._served:
            assert self._served.wait_for(lambda: len(self.sessions) >= count, TIMEOUT)
        return self.sessions

    def _serve(self) -> None:
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            stream.settimeout(TIMEOUT)
            with stream:
                self._serve_one(TLSConnection(stream))

    def _serve_one(self, connection: Any) -> None:
        seen = Seen()
        try:
            connection.handshakeServer(**self._arguments)
            seen.take(connection)
            self._handler(connection, seen)
        except Exception as error:  # whatever ends a session is what a test wants to see
            seen.error = str(error) or repr(error)
            with contextlib.suppress(OSError):
                connection.sock.close()
        with self._served:
            self.sessions.append(seen)
            self._served.notify_all()
