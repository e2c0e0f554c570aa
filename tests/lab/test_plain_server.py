"""The lab's servers without TLS, with sockets of this machine."""

import asyncio
import socket

from emulator.lab.conversations import echo, https
from emulator.lab.plain_server import PlainScriptedServer, PlainServer
from emulator.lab.scripted_server import ScriptedSession
from tests.commands.peer import eventually
from tests.peers.sockets import TIMEOUT


def _client(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), TIMEOUT)


def _all(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(65536), b""))


async def _session(server: PlainScriptedServer) -> ScriptedSession:
    found: list[ScriptedSession] = []

    def looked() -> bool:
        found.extend(filter(None, [server.sessions.next()]))
        return bool(found)

    await eventually(looked, "there is a session")
    return found[0]


def test_the_echo_says_what_it_hears_to_each_client() -> None:
    """All bytes, until the client has said all."""
    data = bytes(range(256)) * 100
    with PlainServer(echo) as server, _client(server.port) as other:
        with _client(server.port) as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            assert _all(client) == data
        other.sendall(b"still here")
        assert other.recv(100) == b"still here"
        assert server.served == 2


def test_a_conversation_ends_as_its_reply_says() -> None:
    """And what the client says comes together before it is answered."""
    with PlainServer(https) as server, _client(server.port) as client:
        client.sendall(b"GET / HTTP/1.0\r\n")
        client.sendall(b"\r\n")
        assert _all(client).endswith(b"Hello from the lab.\r\n")


async def test_a_scripted_session_says_and_hears_and_ends() -> None:
    """Its own side only: the client may go on to speak."""
    with PlainScriptedServer() as server:
        assert server.sessions.next() is None
        with _client(server.port) as client:
            session = await _session(server)
            client.sendall(b"question")
            await eventually(lambda: session.heard == b"question", "it is heard")
            assert (session.take(), session.take(), session.resumed) == (b"question", b"", False)
            session.send(b"answer")
            session.close()
            assert await asyncio.to_thread(_all, client) == b"answer"
            client.sendall(b"goodbye")
            await eventually(lambda: session.heard == b"goodbye", "it is heard")
        session.send(b"too late")
