"""Reads and plays the dialogues of `tests/dialogues/`; their format is described there."""

import asyncio
import contextlib
import queue
import re
import select
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emulator.lab.ftps_server import FtpsServer
from emulator.testing import Bench
from emulator.tls.suites import CipherSuite
from emulator.trace.events import HandshakeMessage
from emulator.trace.transcript import Transcript
from tests.peers.pki import CLIENT, OTHER_ROOT, ROOT, SERVER
from tests.peers.sockets import TIMEOUT
from tests.peers.tlslite_server import Seen, TlsliteServer

FOLDER = Path(__file__).parent / "dialogues"

_CONTROL = {"<LF>": "\n", "<CR>": "\r", "<ctrl>Z": "\x1a"}
_SAID = ("<prompt", "<<", "<+", "<")
_STEP = re.compile(r"(<prompt|<<|<\+|<|>>|>|peer>|peer<|peer closes|connect|wait|escape|file|fetched) ?(.*)")
_FILES = {"file.txt": b"One line.\r\nAnother line.\r\n"}
"""What the FTP server has."""


@dataclass(frozen=True)
class Dialogue:
    """One file."""

    name: str
    lines: frozenset[str]
    """The software lines on which it is valid."""
    mutual: bool
    ftp: bool
    """Whether there is an FTP server."""
    steps: tuple[tuple[str, str], ...]


def load(path: Path) -> Dialogue:
    """Read a file; ValueError names the line that is no step."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    keys = dict(re.split(r":\s*", line, maxsplit=1) for line in head.splitlines())
    steps = []
    for line in body.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _STEP.fullmatch(line)
        if match is None:
            raise ValueError(f"{path.name}: {line!r} is no step")
        steps.append((match[1], match[2]))
    mutual, ftp = keys.get("authentication") == "mutual", keys.get("server") == "ftp"
    return Dialogue(path.stem, frozenset(keys["lines"].split()), mutual, ftp, tuple(steps))


class ScriptedPeer:
    """A TLS server whose side of the dialogue is given to it a step at a time."""

    def __init__(self, mutual: bool) -> None:
        self._orders: queue.Queue[bytes | None] = queue.Queue()
        self._connected: queue.Queue[Seen] = queue.Queue()
        self._seen: Seen | None = None
        self._heard = 0
        self.server = TlsliteServer(tuple(CipherSuite), handler=self._serve, ask_certificate=mutual)

    def _serve(self, connection: Any, seen: Seen) -> None:
        """Runs in the server's thread: obey orders until the client has gone."""
        self._connected.put(seen)
        buffered = connection.sock
        while not connection.closed:
            # tlslite-ng ends a session whose read has timed out, so it is asked for data only when there is some.
            if buffered._read_buffer or select.select([buffered.socket], [], [], 0.01)[0]:
                seen.received += connection.read(min=1, max=16384)
            with contextlib.suppress(queue.Empty):
                self._obey(connection, self._orders.get_nowait())

    @staticmethod
    def _obey(connection: Any, order: bytes | None) -> None:
        if order is None:
            connection.close()
        else:
            connection.write(order)

    async def connect(self) -> Seen:
        """Wait until a session is open."""
        self._seen = await asyncio.to_thread(self._connected.get, timeout=TIMEOUT)
        self._heard = 0
        return self._seen

    def send(self, data: bytes) -> None:
        """Send to the module."""
        self._orders.put(data)

    def close(self) -> None:
        """Say close_notify and close."""
        self._orders.put(None)

    def take(self, size: int) -> bytes:
        """What has come from the module since the last call, once it is `size` bytes; else nothing."""
        assert self._seen is not None, "the dialogue has no `connect`"
        received = bytes(self._seen.received[self._heard :])
        if len(received) < size:
            return b""
        self._heard += len(received)
        return received


class Player:
    """Plays one dialogue on one firmware."""

    def __init__(self, dialogue: Dialogue, firmware: str) -> None:
        self._dialogue = dialogue
        self._firmware = firmware
        self._peer = ScriptedPeer(dialogue.mutual)
        self._files = Path()

    async def play(self) -> None:
        """Every step in turn; AssertionError names the step whose answer differs."""
        with contextlib.ExitStack() as servers:
            port = servers.enter_context(self._peer.server).port
            routes = dict.fromkeys(("123.124.125.126:443", "www.example.com:443"), f"127.0.0.1:{port}")
            if self._dialogue.ftp:
                routes["ftp.example.com:21"] = f"127.0.0.1:{self._start_ftp(servers)}"
            async with Bench(self._firmware, routes=routes) as bench:
                steps = list(self._dialogue.steps)
                while steps:
                    expected = ""
                    while steps and steps[0][0] in _SAID:
                        expected += _said(steps[0][0], self._fill(bench, steps.pop(0)[1]))
                    if expected:
                        heard = await self._hear(bench, len(expected))
                        assert expected == heard, f"expected {expected!r}\nheard    {heard!r}\n{_transcript(bench)}"
                    else:
                        await self._do(bench, *steps.pop(0))
                assert bench.read() == ""

    def _start_ftp(self, servers: contextlib.ExitStack) -> int:
        folder = Path(servers.enter_context(tempfile.TemporaryDirectory()))
        chain, key = SERVER.write(folder)
        server = servers.enter_context(FtpsServer(_FILES, chain=(chain,), key=key))
        self._files = server.root
        return server.port

    async def _hear(self, bench: Bench, size: int) -> str:
        heard = bench.read()
        try:
            async with asyncio.timeout(TIMEOUT):
                while len(heard) < size:
                    bench.port.written.clear()
                    heard += bench.read()
                    if len(heard) < size:
                        await bench.port.written.wait()
        except TimeoutError:
            pass  # the comparison shows what is missing
        return heard

    async def _do(self, bench: Bench, step: str, argument: str) -> None:
        text = self._fill(bench, argument)
        match step:
            case ">":
                bench.send(f"{text}\r")
            case ">>":
                bench.send(text)
            case "connect":
                seen = await self._peer.connect()
                assert seen.resumed is (text == "resumed")
            case "peer>":
                await self._peer_sends(bench, text.encode("latin-1"))
            case "peer<":
                await _eventually(
                    lambda: self._peer.take(len(text)) == text.encode("latin-1"), f"the peer hears {text!r}"
                )
            case "peer closes":
                self._peer.close()
                await _eventually(lambda: _peer_has_closed(bench), "the module hears that the peer has closed")
            case "file":
                name, _, content = text.partition(" ")
                assert content.encode("latin-1") == (self._files / name).read_bytes()
            case "fetched":
                await _eventually(lambda: _has_fetched(bench, text), f"the module has fetched {text}")
            case "wait":
                await bench.advance(float(text))
            case "escape":
                await bench.advance(1.1)
                bench.send("+++")
                await bench.advance(1.1)

    async def _peer_sends(self, bench: Bench, data: bytes) -> None:
        """In command mode, wait until the module has it all: reads then see it whole."""
        self._peer.send(data)
        socket = _socket(bench)
        if socket.state.value == "open":
            await _eventually(lambda: socket.pending >= len(data), f"the module has {data!r}")

    def _fill(self, bench: Bench, text: str) -> str:
        for name, control in _CONTROL.items():
            text = text.replace(name, control)
        for name, value in _MATERIAL.items():
            text = text.replace(f"{{{name}.size}}", str(len(value))).replace(f"{{{name}}}", value)
        return text.replace("{suite}", str(_socket(bench).suite_number))


_MATERIAL: Mapping[str, str] = {
    "ca": ROOT.pem.decode(),
    "ca_der": ROOT.der.decode("latin-1"),
    "other_ca": OTHER_ROOT.pem.decode(),
    "certificate": CLIENT.pem.decode(),
    "key": CLIENT.key_pem.decode(),
}


def _transcript(bench: Bench) -> str:
    lines: list[str] = []
    transcript = Transcript(lines.append)
    for event in bench.events:
        transcript(0, event)
    return "\n".join(lines)


def _said(step: str, text: str) -> str:
    return {"<prompt": "\r\n> ", "<<": text, "<": f"\r\n{text}\r\n", "<+": f"{text}\r\n"}[step]


def _socket(bench: Bench) -> Any:
    ssl = bench.modem.module.ssl
    assert ssl is not None
    return ssl.socket


def _has_fetched(bench: Bench, amount: str) -> bool:
    """Whether so many bytes wait for #FTPRECV, or the end of the file has come."""
    ftp = bench.modem.module.ftp
    if amount == "all":
        return ftp.session.transfer is not None and ftp.session.transfer.is_exhausted
    return ftp.fetch.available >= int(amount)


def _peer_has_closed(bench: Bench) -> bool:
    """Whether close_notify has come."""
    return any(
        isinstance(event, HandshakeMessage) and event.direction == "received" and "close_notify" in event.name
        for event in bench.events
    )


async def _eventually(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that another thread brings about; AssertionError when it never does."""
    try:
        async with asyncio.timeout(TIMEOUT):
            while not condition():  # noqa: ASYNC110  another thread, with no event of its own, brings it about
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise AssertionError(f"waited in vain: {what}") from None
