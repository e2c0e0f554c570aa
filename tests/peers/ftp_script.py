"""An FTP server that departs from what it is told as a test wants it to: real connections, files in memory, no TLS."""

import contextlib
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType

from tests.peers.sockets import TIMEOUT

SILENCE = "(silence)"
"""In place of a reply: none."""
HANG_UP = "(hang up)"
"""In place of a reply: the control connection ends."""
RESET = "(reset)"
"""In place of a reply: the control connection breaks."""

ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class Departures:
    """What the server does instead of its duty."""

    replies: Mapping[str, str] = field(default_factory=dict)
    """By verb: what is replied, and nothing else done. The greeting is that of `HELLO`."""
    cut_at: int | None = None
    """Bytes of a download after which its data connection ends."""
    breaks: bool = False
    """Whether it is reset, instead of closed."""
    full_at: int | None = None
    """Bytes of an upload after which the disk is full."""
    last_word: str = ""
    """The reply to a transfer once its data connection has ended; what is due when empty."""
    leaves: bool = False
    """Whether the control connection ends after that."""
    stalls: bool = False
    """Whether a transfer's data connection stays open without anything on it."""
    passive_host: str = ADDRESS
    """The address that PASV names."""


class ScriptedFtpServer:
    """One client after the other, from the start of the `with` block to its end."""

    def __init__(self, files: Mapping[str, bytes] | None = None, **departures: object) -> None:
        self.files = dict(files or {})
        self.departures = Departures(**departures)  # type: ignore[arg-type]  # its fields
        self.heard: list[str] = []
        """Every command line so far."""
        self.go_on = threading.Event()
        """Set by a test to end a stall."""
        self._listener = socket.create_server((ADDRESS, 0))
        self.port: int = self._listener.getsockname()[1]
        self._client: socket.socket | None = None
        self._ends = False
        self._data: set[socket.socket] = set()
        """Data connections and the ports for them."""
        self._thread = threading.Thread(target=self._accept, name="scripted FTP server")

    def __enter__(self) -> "ScriptedFtpServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on.set()
        self._ends = True
        for open_socket in (self._listener, self._client, *self._data):
            if open_socket is not None:
                with contextlib.suppress(OSError):
                    open_socket.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(TIMEOUT)

    @property
    def has_client(self) -> bool:
        """Whether a module has connected."""
        return self._client is not None

    @property
    def verbs(self) -> list[str]:
        """The commands so far, without their arguments."""
        return [line.partition(" ")[0] for line in self.heard]

    def hang_up(self) -> None:
        """End the control connection of the client that is there."""
        assert self._client is not None
        self._client.shutdown(socket.SHUT_RDWR)

    def say(self, text: str) -> None:
        """Say something unasked."""
        assert self._client is not None
        self._client.sendall(text.encode() + b"\r\n")

    def opened(self, data: socket.socket) -> socket.socket:
        """A data connection, or a port for one, that ends with the server."""
        data.settimeout(TIMEOUT)
        self._data.add(data)
        if self._ends:
            raise OSError("the test is over")
        return data

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._client, _ = self._listener.accept()
                with self._client as client, contextlib.suppress(OSError, _Over):
                    _Dialogue(self, client).run()


class _Over(Exception):
    """The control connection is to end."""


class _Dialogue:
    """One client's session."""

    def __init__(self, server: ScriptedFtpServer, client: socket.socket) -> None:
        self._server = server
        self._client = client
        self._departures = server.departures
        self._passive: socket.socket | None = None
        self._active: tuple[str, int] | None = None
        self._restart = 0

    def run(self) -> None:
        self._client.settimeout(TIMEOUT)
        self._say(self._departures.replies.get("HELLO", "220 ready"))
        with self._client.makefile("rb") as lines:
            for line in lines:
                text = line.decode("latin-1").rstrip("\r\n")
                self._server.heard.append(text)
                verb, _, argument = text.partition(" ")
                reply = self._departures.replies.get(verb)
                self._say(self._obey(verb, argument) if reply is None else reply)

    def _say(self, reply: str) -> None:
        if reply == RESET:
            _break(self._client)
        if reply in (HANG_UP, RESET):
            raise _Over
        if reply not in (SILENCE, ""):
            self._client.sendall(reply.encode("latin-1") + b"\r\n")
        if reply.startswith("221") or (self._departures.leaves and reply.startswith("226")):
            raise _Over

    def _obey(self, verb: str, argument: str) -> str:
        files = self._server.files
        match verb:
            case "USER":
                return "331 password, please"
            case "PASS":
                return "230 logged in"
            case "TYPE" | "CWD":
                return "200 fine"
            case "PWD":
                return '257 "/" is where you are'
            case "QUIT":
                return "221 goodbye"
            case "SIZE" if argument in files:
                return f"213 {len(files[argument])}"
            case "DELE" if argument in files:
                del files[argument]
                return "250 deleted"
            case "REST":
                self._restart = int(argument)
                return "350 from there"
            case "PASV":
                return self._listen()
            case "PORT":
                *host, high, low = argument.split(",")
                self._active = (".".join(host), int(high) * 256 + int(low))
                return "200 noted"
            case "RETR" if argument in files:
                start, self._restart = self._restart, 0
                return self._send(files[argument][start:])
            case "LIST":
                return self._send("".join(f"{name}\r\n" for name in files).encode())
            case "STOR" | "APPE":
                return self._take(argument, files.get(argument, b"") if verb == "APPE" else b"")
            case "SIZE" | "DELE" | "RETR":
                return "550 no such file"
            case _:
                return "502 what?"

    def _listen(self) -> str:
        self._passive = self._server.opened(socket.create_server((ADDRESS, 0)))
        port = self._passive.getsockname()[1]
        host = self._departures.passive_host.replace(".", ",")
        return f"227 here ({host},{port >> 8},{port & 255})"

    def _open_data(self) -> socket.socket:
        self._say("150 here it comes")
        if self._passive is None:
            if self._active is None:
                raise OSError("no data connection was agreed on")
            return self._server.opened(socket.create_connection(self._active, TIMEOUT))
        with self._passive as listener:
            self._passive = None
            data, _ = listener.accept()
            return self._server.opened(data)

    def _send(self, content: bytes) -> str:
        departures = self._departures
        with self._open_data() as data:
            if departures.stalls:
                self._server.go_on.wait(TIMEOUT)
            try:
                data.sendall(content[: departures.cut_at])
            except OSError:
                return departures.last_word or "426 cut"
            if departures.breaks:
                _break(data)
        return departures.last_word or ("226 sent" if departures.cut_at is None else "426 cut")

    def _take(self, name: str, content: bytes) -> str:
        departures = self._departures
        with self._open_data() as data:
            if departures.stalls:
                self._server.go_on.wait(TIMEOUT)
            try:
                while piece := data.recv(65536):
                    content += piece
                    if departures.full_at is not None and len(content) >= departures.full_at:
                        return departures.last_word or "552 disk full"
            except OSError:
                return departures.last_word or "426 cut"
            finally:
                self._server.files[name] = content
        return departures.last_word or "226 stored"


def _break(stream: socket.socket) -> None:
    """Let the next close be a reset."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()
