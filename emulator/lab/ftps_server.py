"""Runs an FTP server with explicit TLS (RFC 4217) on a free port of loopback: pyftpdlib with OpenSSL."""

import contextlib
import logging
import shutil
import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from emulator.errors import UserError
from emulator.lab.loopback import CHAIN, KEY, MISSING_EXTRA, SETTLING, LoopbackServer
from emulator.lab.marks import Address, Marks
from emulator.lab.place import Place
from emulator.lab.quiet import without_warnings
from emulator.lab.record import Kind, Received, Record, Recorder
from emulator.lab.versions import version_range
from emulator.temporary import TemporaryFolder
from emulator.tls.wire.suites import CipherSuite

USER, PASSWORD = "telit", "public-demo"
"""The one account."""
FILES = {"file.txt": b"Hello from the lab.\r\nThis is the file that the guide's chapter 5 gets.\r\n"}
"""What is there from the start."""

_AES = [suite.openssl_name for suite in CipherSuite if suite.cipher.name in ("AES", "AES-GCM")]
_CIPHERS = ":".join((*_AES, "@SECLEVEL=0")).encode()
"""As OpenSSL takes them; no build of it has RC4."""
_LOOK = 0.005
"""Seconds between two looks at whether all clients have gone."""
_ROUND = 1.0
"""Seconds between two looks at whether it is to end; a connection wakes it at once."""


class FtpsServer(LoopbackServer):
    """Serve all clients in one thread, from construction until `close`, which removes the files.

    Raises:
        UserError: the extra `lab` is not installed.
    """

    def __init__(
        self,
        files: Mapping[str, bytes] = FILES,
        *,
        chain: Sequence[Path] | None = None,
        key: Path | None = None,
        data_identity: tuple[Sequence[Path], Path] | None = None,
        requires_certificate: bool = False,
        requires_tls: bool = False,
        has_tls: bool = True,
        passive_address: str | None = None,
        failing: Mapping[str, str] | None = None,
        versions: tuple[str, str] = ("TLS 1.0", "TLS 1.3"),
        place: Place = LoopbackServer.place,
    ) -> None:
        """Put `files` into the user's folder, and listen.

        Args:
            files: by name.
            chain: the files of the certificates to show, PEM, its own first; those of the lab unless given.
            key: the key that belongs to them.
            data_identity: another chain and key for the data connections.
            requires_certificate: refuse a client that shows none; whoever issued it.
            requires_tls: refuse a login in clear text.
            has_tls: know AUTH TLS.
            passive_address: the address that the reply to PASV names.
            failing: the reply, as in `452 Disk full`, that each of these commands gets, as in `STOR`; with an empty
                reply the server hangs up.
            versions: the lowest and the highest version of TLS.
            place: where it listens, for data connections, too; loopback.
        """
        self.place = place
        shown = _Identity(chain or CHAIN, key or KEY, versions)
        data = _Identity(*data_identity, versions) if data_identity else shown

        def make_handler() -> Any:
            handler = _protected_handler(shown, data, requires_certificate) if has_tls else _plain_handler()
            if has_tls and requires_tls:
                handler.tls_control_required = handler.tls_data_required = True
            handler = _recording(_failing(handler, failing or {}), self._recorder)
            handler.masquerade_address = passive_address or _passive_address(place)
            handler.passive_ports = place.ports if any(place.ports) else None
            return _with_account(handler, self.root)

        self._make_handler = make_handler
        self._recorder = Recorder()
        self._marks = Marks(place.from_here)
        self._start = dict(files)
        self._folder = TemporaryFolder("telit-lab-")
        self.root = Path(self._folder.name)
        self._write_files()
        self._server, self._loop = _listen(make_handler(), self._marks, place.listen())
        self._idle = threading.Event()
        self.port: int = self._server.address[1]
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name=f"lab FTP server {self.port}", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"<FtpsServer on {self.address}, {self.root}>"

    @property
    def record(self) -> Record:
        found = [path for path in sorted(self.root.rglob("*")) if path.is_file()]
        files = [(path.relative_to(self.root).as_posix(), path.read_bytes()) for path in found]
        written = (Received(Kind.FILE, name, data, len(data)) for name, data in files if self._start.get(name) != data)
        return super().record + Record(written).of_server(self.address)

    def forget(self) -> None:
        if not self._closed and (passed := self._marks.put(self.port, self._renew)) is not None:
            passed.wait()

    def settle(self, limit: float = SETTLING) -> bool:
        until = monotonic() + limit
        while not self._closed and (passed := self._marks.put(self.port, self._look)) is not None:
            if not passed.wait(max(0.0, until - monotonic())):
                return False
            if self._idle.wait(_LOOK):
                return True
        return True

    def close(self) -> None:
        """Close all connections, stop listening and remove the files; do nothing a second time."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            socket.create_connection((self.place.from_here, self.port)).close()  # wakes the loop
        self._thread.join()
        self._folder.cleanup()

    def _write_files(self) -> None:
        for name, content in self._start.items():
            (self.root / name).write_bytes(content)

    def _clients(self) -> list[Any]:
        return [one for one in self._loop.socket_map.values() if one is not self._server]

    def _renew(self) -> None:
        """Become as at the start, in the thread of the server."""
        if not self._recorder.record:
            return  # nobody has come
        for client in self._clients():
            client.close()
        for path in self.root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self._write_files()
        self._recorder = Recorder()
        self._server.handler = self._make_handler()

    def _look(self) -> None:
        """See, in the thread of the server, whether all clients have gone."""
        if self._clients():
            self._idle.clear()
        else:
            self._idle.set()

    def _serve(self) -> None:
        while not self._closed:
            self._loop.loop(timeout=_ROUND, blocking=False)
        self._server.close_all()


@dataclass(frozen=True)
class _Identity:
    chain: Sequence[Path]
    key: Path
    versions: tuple[str, str]

    def context(self, requires_certificate: bool) -> Any:
        """Make a context with the modules' AES suites."""
        from cryptography import x509
        from OpenSSL import SSL

        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.set_cipher_list(_CIPHERS)
        lowest, highest = version_range(self.versions)
        context.set_min_proto_version(lowest.number)
        context.set_max_proto_version(highest.number)
        leaf, *issuers = x509.load_pem_x509_certificates(b"".join(path.read_bytes() for path in self.chain))
        context.use_certificate(leaf)
        for issuer in issuers:
            context.add_extra_chain_cert(issuer)
        context.use_privatekey_file(str(self.key))
        if requires_certificate:
            context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        return context


def _handlers() -> Any:
    try:
        with without_warnings():
            from pyftpdlib import handlers
    except ImportError as error:
        raise UserError(MISSING_EXTRA) from error
    return handlers


def _plain_handler() -> Any:
    """Make a class for this server: pyftpdlib takes its options from class attributes."""
    return type("Handler", (_handlers().FTPHandler,), {})


def _protected_handler(control: _Identity, data: _Identity, requires_certificate: bool) -> Any:
    handlers = _handlers()
    from OpenSSL import SSL

    context = data.context(requires_certificate)

    class Data(handlers.TLS_DTPHandler):  # type: ignore[misc,name-defined]  # pyftpdlib publishes no types
        """A data connection with its own context, which may have another certificate than the control connection."""

        def secure_connection(self, ssl_context: object) -> None:
            super().secure_connection(context)

        def send(self, data: bytes) -> int:
            """Reply to the client when the handshake fails on the first send; pyftpdlib does not."""
            try:
                sent: int = super().send(data)
            except SSL.Error:
                self.handle_failed_ssl_handshake()
                return 0
            return sent

    options = {"ssl_context": control.context(requires_certificate), "dtp_handler": Data}
    return type("Handler", (handlers.TLS_FTPHandler,), options)


def _failing(handler: Any, replies: Mapping[str, str]) -> Any:
    """Make a handler with other replies to some commands."""
    if not replies:
        return handler

    def pre_process_command(self: Any, line: str, command: str, argument: str) -> None:
        reply = replies.get(command)
        if reply:
            self.respond(reply)
        elif reply is None:
            handler.pre_process_command(self, line, command, argument)
        else:
            self.close()

    return type("Handler", (handler,), {"pre_process_command": pre_process_command})


def _recording(handler: Any, recorder: Recorder) -> Any:
    """Make a handler that records what is said on control connections."""

    def init(self: Any, *arguments: Any, **options: Any) -> None:
        self.said = recorder.begin(Kind.CONNECTION, counts=False)
        handler.__init__(self, *arguments, **options)

    def recv(self: Any, size: int) -> bytes:
        data: bytes = handler.recv(self, size)
        self.said.add(data)
        return data

    return type("Handler", (handler,), {"__init__": init, "recv": recv})


def _passive_address(place: Place) -> str | None:
    """Return the address for the replies to PASV; None for that of the control connection."""
    if place.listening == place.reached:
        return None
    try:
        return socket.gethostbyname(place.reached)
    except OSError as error:
        raise UserError(f"{place.reached}: {error.strerror}; FTP needs a name that this machine can resolve") from error


def _with_account(handler: Any, root: Path) -> Any:
    with without_warnings():
        from pyftpdlib.authorizers import DummyAuthorizer

    handler.authorizer = DummyAuthorizer()
    handler.authorizer.add_user(USER, PASSWORD, str(root), perm="elradfmwMT")
    handler.auth_failed_timeout = 0
    return handler


def _listen(handler: Any, marks: Marks, listener: socket.socket) -> tuple[Any, Any]:
    with without_warnings():
        from pyftpdlib.ioloop import IOLoop
        from pyftpdlib.servers import FTPServer

    class Server(FTPServer):  # type: ignore[misc]  # pyftpdlib publishes no types
        """Accepts clients, and the marks among them."""

        def handle_accepted(self, connection: socket.socket, client: Address) -> None:
            if marks.take(client):
                connection.close()
            else:
                super().handle_accepted(connection, client)

    logger = logging.getLogger("pyftpdlib")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    loop = IOLoop()  # of its own: the default one is shared by all servers of a process
    return Server(listener, handler, ioloop=loop), loop
