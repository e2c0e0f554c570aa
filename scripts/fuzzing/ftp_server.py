"""An FTP server in the loop of the case that replies what it is told to, and does odd things on data connections."""

import asyncio
import socket
import struct
from types import TracebackType
from typing import Self

SILENCE, HANG_UP, RESET = "(silence)", "(hang up)", "(reset)"
"""In place of a reply."""
DATA_WAYS = ("whole", "cut", "reset", "nothing", "no listener", "late", "long")
"""What becomes of a data connection."""

_FILE = bytes(range(256)) * 8
_REPLIES = {
    "HELLO": "220 here",
    "USER": "331 password",
    "PASS": "230 in",
    "PWD": '257 "/" is where',
    "SIZE": "213 2048",
    "DELE": "250 gone",
    "REST": "350 from there",
    "QUIT": "221 bye",
}


class OddFtpServer:
    """One control connection after the other; what it replies can change at any time."""

    def __init__(self) -> None:
        self.replies: dict[str, str] = {}
        """By verb, in the place of the right ones; a text may hold several lines."""
        self.data_way = "whole"
        self._servers: list[asyncio.Server] = []
        self._control: asyncio.Transport | None = None
        self._active: tuple[str, int] | None = None
        self._passive: asyncio.Server | None = None
        self._data: asyncio.Future[asyncio.Transport] | None = None
        self._opened: list[asyncio.Transport] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where it can be reached."""
        host, port = self._servers[0].sockets[0].getsockname()
        return f"{host}:{port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._servers.append(await loop.create_server(lambda: _Control(self), "127.0.0.1", 0))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        for server in self._servers:
            server.close()
        for transport in (*self._opened, *([self._control] if self._control else [])):
            transport.abort()
        await asyncio.sleep(0.001)

    def say(self, text: str) -> None:
        """Say something on the control connection."""
        if self._control is None or text == SILENCE:
            return
        if text == HANG_UP:
            self._control.close()
        elif text == RESET:
            reset(self._control)
        else:
            self._control.write(text.encode("latin-1") + b"\r\n")

    def greet(self, control: asyncio.Transport) -> None:
        """Take a client; one that was there is forgotten."""
        self._control = control
        self.obey("HELLO")

    def obey(self, line: str) -> None:
        """Do what a client asks for."""
        verb, _, argument = line.partition(" ")
        task = asyncio.get_running_loop().create_task(self._answer(verb.upper(), argument))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, verb: str, argument: str) -> None:
        if verb == "PASV":
            right = await self._listen()
        elif verb == "PORT":
            right = self._note(argument)
        elif verb in ("RETR", "LIST", "STOR", "APPE"):
            await self._transfer(verb)
            return
        else:
            right = _REPLIES.get(verb, "200 fine")
        self.say(self.replies.get(verb, right))

    async def _listen(self) -> str:
        data: asyncio.Future[asyncio.Transport] = asyncio.get_running_loop().create_future()
        self._data = data
        server = await asyncio.get_running_loop().create_server(lambda: _Data(self._opened, data), "127.0.0.1", 0)
        self._servers.append(server)
        port = server.sockets[0].getsockname()[1]
        if self.data_way == "no listener":
            server.close()
        return f"227 here (127,0,0,1,{port >> 8},{port & 255})"

    def _note(self, argument: str) -> str:
        *host, high, low = argument.split(",")
        self._data, self._active = None, (".".join(host), int(high) * 256 + int(low))
        return "200 noted"

    async def _transfer(self, verb: str) -> None:
        self.say(self.replies.get(verb, "150 here it comes"))
        data = await self._connect()
        if data is None:
            return
        if self.data_way == "late":
            await asyncio.sleep(0.003)
        if verb in ("RETR", "LIST"):
            data.write({"cut": _FILE[:100], "nothing": b"", "long": _FILE * 50}.get(self.data_way, _FILE))
        if self.data_way == "reset":
            reset(data)
        elif verb in ("RETR", "LIST") or self.data_way == "cut":
            data.close()
        self.say(self.replies.get("done", "226 done"))

    async def _connect(self) -> asyncio.Transport | None:
        if self._data is not None:
            return await self._data
        if self._active is None or self.data_way == "no listener":
            return None
        loop = asyncio.get_running_loop()
        data: asyncio.Future[asyncio.Transport] = loop.create_future()
        try:
            await loop.create_connection(lambda: _Data(self._opened, data), *self._active)
        except OSError:
            return None
        return data.result()


class _Control(asyncio.Protocol):
    def __init__(self, server: OddFtpServer) -> None:
        self._server = server
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._server.greet(transport)

    def data_received(self, data: bytes) -> None:
        *lines, self._heard = (self._heard + data).split(b"\r\n")
        for line in lines:
            self._server.obey(line.decode("latin-1"))


class _Data(asyncio.Protocol):
    def __init__(self, opened: list[asyncio.Transport], made: "asyncio.Future[asyncio.Transport]") -> None:
        self._opened = opened
        self._made = made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._opened.append(transport)
        if not self._made.done():
            self._made.set_result(transport)


def reset(transport: asyncio.Transport) -> None:
    """Break a connection."""
    raw = transport.get_extra_info("socket")
    if raw is not None and not transport.is_closing():
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
