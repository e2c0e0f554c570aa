"""A server that sends and takes data as fast as it can: `python -m benchmarks.source_and_sink KIND CERT KEY [SUITE]`.

KIND is the library of its TLS, `openssl` or `gnutls`, or `plain` for none; SUITE, the only one that `openssl` has. It
prints its port. A client sends requests, see `payload`: one to send data is answered by the data, one to take data is
followed by the data and answered by its digest, one to echo is followed by data that comes back piece by piece.
"""

import hashlib
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Protocol

from benchmarks.certificates import ServerFiles
from benchmarks.gnutls_sessions import GnutlsServer
from benchmarks.openssl_sessions import OpensslServer
from benchmarks.payload import REQUEST_SIZE, payload
from benchmarks.processes import child

_PIECE = 65536
_ECHOED = 12_000
"""Bytes that come back as one piece: whole packets of every size that is measured."""


class _Session(Protocol):
    def recv_into(self, room: memoryview) -> int: ...
    def sendall(self, data: bytes) -> None: ...
    def close(self) -> None: ...


class _Server(Protocol):
    def session(self, accepted: socket.socket) -> _Session: ...


class _PlainServer:
    """Needs neither of its files."""

    def __init__(self, certificate: str, key: str) -> None:
        pass

    def session(self, accepted: socket.socket) -> socket.socket:
        return accepted


_KINDS: Mapping[str, Callable[..., _Server]] = {
    "openssl": OpensslServer,
    "gnutls": GnutlsServer,
    "plain": _PlainServer,
}
"""Each takes the files of a certificate and its key, and `openssl` a suite, too."""


def _serve(accepted: socket.socket, server: _Server) -> None:
    buffer = memoryview(bytearray(_PIECE))
    with closing(server.session(accepted)) as session:
        while words := _receive(session, buffer[:REQUEST_SIZE]).split():
            direction, size = words[0], int(words[1])
            if direction == b"down":
                session.sendall(payload(size))
            elif direction == b"echo":
                _echo(session, size, buffer)
            else:
                session.sendall(_digest_of(session, size, buffer))


def _echo(session: _Session, size: int, buffer: memoryview) -> None:
    while size and (piece := _receive(session, buffer[: min(size, _ECHOED)])):
        session.sendall(piece)
        size -= len(piece)


def _receive(session: _Session, room: memoryview) -> bytes:
    filled = 0
    while filled < len(room) and (size := session.recv_into(room[filled:])):
        filled += size
    return bytes(room[:filled])


def _digest_of(session: _Session, size: int, buffer: memoryview) -> bytes:
    taken = hashlib.sha256()
    while size and (received := session.recv_into(buffer[: min(size, _PIECE)])):
        taken.update(buffer[:received])
        size -= received
    return taken.digest()


def _accept(listener: socket.socket, server: _Server) -> None:
    while True:
        accepted, _ = listener.accept()
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve, args=[accepted, server], daemon=True).start()


@contextmanager
def source_and_sink(kind: str, files: ServerFiles, *suite: str) -> Iterator[int]:
    """Run such a server; yield its port on loopback."""
    command = [sys.executable, "-m", "benchmarks.source_and_sink", kind, str(files.certificate), str(files.key), *suite]
    with child(command) as server:
        yield int(server.wait_for(rb"(\d+)\n")[1])


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        _accept(listening, _KINDS[sys.argv[1]](*sys.argv[2:]))
