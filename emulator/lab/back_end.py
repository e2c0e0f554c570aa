"""Connects a gateway to its back end: in clear text, or by modern TLS, which OpenSSL speaks and verifies."""

import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from emulator.errors import UserError

LARGEST_READ = 16384
_DIALLING = 10.0
"""Seconds that the connection and the handshake may take."""

Result = TypeVar("Result")
Address = tuple[str, int]


class BackEndFailure(Exception):
    """The back end cannot be reached, or its connection is broken; the message says why."""


class BackEnd:
    """A connection to a server that speaks no TLS."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection

    def read(self) -> bytes:
        """Return the next data; empty at the end.

        Raises:
            BackEndFailure: the connection is broken.
        """
        with _naming():
            return self.socket.recv(LARGEST_READ)

    def write(self, data: bytes) -> None:
        """Send data; wait while the back end takes none.

        Raises:
            BackEndFailure: the connection is broken.
        """
        with _naming():
            self.socket.sendall(data)

    def finish(self) -> None:
        """End our data; go on reading."""
        self.socket.shutdown(socket.SHUT_WR)


class TlsBackEnd(BackEnd):
    """A connection to a server that speaks modern TLS.

    OpenSSL's own sockets may not be read in one thread and written in another. So OpenSSL works on buffers, one thread
    at a time, and each thread moves the bytes of its direction without holding the other one up.
    """

    def __init__(self, connection: socket.socket, context: ssl.SSLContext, name: str) -> None:
        """Do the handshake.

        Raises:
            BackEndFailure: it fails, or the certificate is not trusted.
        """
        super().__init__(connection)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self._working = threading.Lock()
        self._sending = threading.Lock()
        with _naming():
            self._advance(self._session.do_handshake)

    def read(self) -> bytes:
        with _naming():
            try:
                return self._advance(lambda: self._session.read(LARGEST_READ))
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    def write(self, data: bytes) -> None:
        with _naming():
            while data:
                sent = self._advance(lambda: self._session.write(data))  # noqa: B023 - it is called at once
                data = data[sent:]

    def finish(self) -> None:
        """Send close_notify and FIN; go on reading."""
        with self._working, contextlib.suppress(ssl.SSLError):  # the other close_notify is still to come
            self._session.unwrap()
        self._flush()
        super().finish()

    def _advance(self, step: Callable[[], Result]) -> Result:
        """Repeat a step of OpenSSL until it needs no more data."""
        while True:
            with self._working:
                try:
                    result, waits = [step()], False
                except ssl.SSLWantReadError:
                    result, waits = [], True
                pending = self._outgoing.pending
            if pending:
                self._flush()
            if not waits:
                return result[0]
            self._take_in(self.socket.recv(LARGEST_READ))

    def _take_in(self, data: bytes) -> None:
        with self._working:
            if data:
                self._incoming.write(data)
            else:
                self._incoming.write_eof()

    def _flush(self) -> None:
        with self._sending:
            with self._working:
                data = self._outgoing.read()
            self.socket.sendall(data)


def dial(address: Address) -> BackEnd:
    """Connect to a back end in clear text.

    Raises:
        BackEndFailure: it cannot be reached.
    """
    connection = _connected(address)
    connection.settimeout(None)
    return BackEnd(connection)


def tls_dialler(address: Address, name: str, ca_file: Path | None) -> Callable[[], BackEnd]:
    """Return a function that connects to a back end by TLS; `name` is what it asks for, and what is verified.

    Raises:
        UserError: the file has no CA certificates.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError as error:
        raise UserError(f"gateway+tls: {ca_file} has no CA certificate that can be read; name a PEM file") from error
    except OSError as error:
        raise UserError(f"gateway+tls: {ca_file}: {error.strerror}; name a PEM file") from error
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # newer Pythons set it, and a home-made CA seldom passes it

    def connect() -> BackEnd:
        connection = _connected(address)
        try:
            back_end = TlsBackEnd(connection, context, name)
        except BaseException:
            connection.close()
            raise
        connection.settimeout(None)
        return back_end

    return connect


def _connected(address: Address) -> socket.socket:
    with _naming():
        return socket.create_connection(address, _DIALLING)


@contextlib.contextmanager
def _naming() -> Iterator[None]:
    """Say in words why the back end fails."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message.rstrip(".")
        raise BackEndFailure(f"its certificate is not trusted: {reason}; name its CA by ?ca=FILE") from error
    except ssl.SSLError as error:
        raise BackEndFailure(f"its TLS fails: {error.reason or error}; without TLS it is gateway:HOST:PORT") from error
    except TimeoutError as error:
        raise BackEndFailure("it does not answer in time") from error
    except OSError as error:
        known = error.errno is not None and error.errno > 0
        raise BackEndFailure(os.strerror(error.errno) if known and error.errno else str(error.strerror)) from error
