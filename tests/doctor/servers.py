"""Real servers, each configured in its own way: some that every module reaches, and one for each reason."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from emulator.lab.conversations import echo
from emulator.lab.server import LabServer
from emulator.tls.wire.suites import CipherSuite
from tests.peers.elliptic import EllipticParty
from tests.peers.haproxy import haproxy_server
from tests.peers.nginx_names import nginx_named
from tests.peers.pki import EXPIRED_SERVER, INTERMEDIATE, ROOT, SERVER, Party
from tests.peers.processes import free_port, gnutls_server, openssl_server
from tests.peers.sockets import TIMEOUT
from tests.peers.stunnel import stunnel_server
from tests.peers.tlslite_server import TlsliteServer

NAME = "www.example.com"
"""What is dialled; a route leads it to the server."""
OLD = ("-tls1", "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0")

ELLIPTIC = EllipticParty("elliptic server")
BIG = Party("big server", ROOT, ballast=2200)
RATHER_BIG = Party("rather big server", ROOT, ballast=1200)
STRONG = Party("server with a strong key", ROOT, bits=2048)
NAMED = SERVER.but(name=NAME, alternative_names=(x509.DNSName(NAME),))
SELF_SIGNED = Party("lonely server", is_ca=True)


class Incomplete(Party):
    """Sends its own certificate, and not that of the intermediate."""

    @property
    def chain(self) -> tuple[Party, ...]:
        return (self,)


PUBLISHED = "http://pki.example.com/intermediate.cer"
_PUBLISHING = x509.AccessDescription(
    AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(PUBLISHED)
)
INCOMPLETE = Incomplete("incomplete server", INTERMEDIATE, uses=(x509.AuthorityInformationAccess([_PUBLISHING]),))

Talk = Callable[[socket.socket], None]


@contextmanager
def talking(talk: Talk) -> Iterator[int]:
    """Serve each client without TLS, in a thread of its own; gives the port."""

    def serve_one(client: socket.socket) -> None:
        with client:
            client.settimeout(TIMEOUT)
            with suppress(OSError):
                talk(client)

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve_one, args=(client,), daemon=True).start()

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(TIMEOUT)
        listener.close()


def _echo(client: socket.socket) -> None:
    while data := client.recv(4096):
        client.sendall(data)


def _http(client: socket.socket) -> None:
    """Answer lines only, as web servers do."""
    heard = b""
    while b"\r\n\r\n" not in heard and (data := client.recv(4096)):
        heard += data
    client.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")


def _mail(client: socket.socket) -> None:
    client.sendall(b"220 mail.example.com ESMTP\r\n")
    client.recv(4096)


def _silent(client: socket.socket) -> None:
    while client.recv(4096):
        pass


def _closing(client: socket.socket) -> None:
    client.recv(4096)


def _resetting(client: socket.socket) -> None:
    client.recv(4096)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def _nothing() -> Iterator[int]:
    yield free_port()


@contextmanager
def _tlslite(*suites: CipherSuite) -> Iterator[int]:
    with TlsliteServer(suites) as server:
        yield server.port


@contextmanager
def _lab_mutual() -> Iterator[int]:
    with LabServer(echo, requires_certificate=True) as server:
        yield server.port


@contextmanager
def _before_echo(make: Callable[[int], AbstractContextManager[int]]) -> Iterator[int]:
    """Start a server that hands on to the port of another."""
    with talking(_echo) as target, make(target) as port:
        yield port


SERVERS: dict[str, Callable[[Path], AbstractContextManager[int]]] = {
    "rc4": lambda folder: _tlslite(CipherSuite.TLS_RSA_WITH_RC4_128_SHA),
    "null": lambda folder: gnutls_server(folder, [CipherSuite.TLS_RSA_WITH_NULL_SHA]),
    "old": lambda folder: openssl_server(folder, *OLD),
    "gnutls": lambda folder: gnutls_server(folder, [CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA]),
    "modern": lambda folder: openssl_server(folder, "-no_tls1", "-no_tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
    "newest": lambda folder: openssl_server(folder, "-tls1_3", party=STRONG),
    "modern elliptic": lambda folder: openssl_server(folder, "-no_tls1", "-no_tls1_1", party=ELLIPTIC),
    "modern named": lambda folder: nginx_named(folder, NAME, "TLSv1.2"),
    "two names": lambda folder: nginx_named(folder, NAME, stranger=SELF_SIGNED),
    "ephemeral": lambda folder: openssl_server(folder, "-tls1", "-cipher", "ECDHE-RSA-AES128-SHA:@SECLEVEL=0"),
    "elliptic": lambda folder: openssl_server(folder, *OLD, party=ELLIPTIC),
    "big": lambda folder: openssl_server(folder, *OLD, party=BIG),
    "rather big": lambda folder: openssl_server(folder, *OLD, party=RATHER_BIG),
    "incomplete": lambda folder: openssl_server(folder, *OLD, party=INCOMPLETE),
    "self-signed": lambda folder: openssl_server(folder, *OLD, party=SELF_SIGNED),
    "expired": lambda folder: openssl_server(folder, *OLD, party=EXPIRED_SERVER),
    "mutual": lambda folder: openssl_server(folder, *OLD, "-Verify", "1", "-verify_return_error"),
    "gnutls mutual": lambda folder: gnutls_server(
        folder, [CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA], ["--require-client-cert"]
    ),
    "mutual behind the handshake": lambda folder: _lab_mutual(),
    "haproxy": lambda folder: _before_echo(
        lambda target: haproxy_server(folder, "ssl-min-ver TLSv1.0 strict-sni", target=target, party=NAMED)
    ),
    "stunnel": lambda folder: _before_echo(lambda target: stunnel_server(folder, target=target, party=STRONG)),
    "old stunnel": lambda folder: _before_echo(
        lambda target: stunnel_server(
            folder, "sslVersionMin = TLSv1", "ciphers = AES256-SHA:@SECLEVEL=0", target=target
        )
    ),
    "named": lambda folder: nginx_named(folder, NAME),
    "http": lambda folder: talking(_http),
    "echo": lambda folder: talking(_echo),
    "mail": lambda folder: talking(_mail),
    "silent": lambda folder: talking(_silent),
    "closing": lambda folder: talking(_closing),
    "resetting": lambda folder: talking(_resetting),
    "nothing": lambda folder: _nothing(),
}
