"""Hosts that read as public drivers do: by the size in a ring, into one buffer, up to OK, up to NO CARRIER.

Each of them loses data, or waits for ever, where the module says a word too many, too late or not at all.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from emulator.bench import TIMEOUT
from emulator.lab.mqtt_broker import MqttBroker
from emulator.testing import Bench
from tests.commands.mqtt_bench import mqtt_bench
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.socket_bench import dialled
from tests.commands.socket_bench import has_come as has_come_in_clear
from tests.commands.ssl_bench import (
    GSM,
    OK,
    PROMPT,
    RINGING,
    UMTS,
    dial,
    enter,
    has_come,
    information,
    socket_of,
    ssl_bench,
    succeed,
)

_ANSWER = b"HTTP/1.0 200 OK\r\n\r\n" + bytes(range(65, 91)) * 100
_READ_LIMIT = 1000
_RINGS = "AT#SSLCFG=1,1,300,90,100,50,1"


class _Reader:
    """Takes the module's output apart: by lines, or by a number of bytes; it waits for what it wants."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._heard = ""

    async def line(self) -> str:
        """The next line that is not empty."""
        while not (line := await self._until("\r\n")):
            pass
        return line

    async def exactly(self, size: int) -> str:
        """The next bytes, whatever they are."""
        while len(self._heard) < size:
            await self._more()
        data, self._heard = self._heard[:size], self._heard[size:]
        return data

    async def _until(self, end: str) -> str:
        while end not in self._heard:
            await self._more()
        text, _, self._heard = self._heard.partition(end)
        return text

    async def _more(self) -> None:
        async with asyncio.timeout(TIMEOUT):
            while not (heard := self._bench.read()):
                self._bench.port.written.clear()
                await self._bench.port.written.wait()
        self._heard += heard


@asynccontextmanager
async def _time_passes(bench: Bench) -> AsyncIterator[None]:
    """The module's clock goes while the host waits."""

    async def go_on() -> None:
        while True:
            await bench.advance(0.02)
            await asyncio.sleep(0.002)  # real peers do their part meanwhile

    going = asyncio.create_task(go_on())
    try:
        yield
    finally:
        going.cancel()


async def _read_by_rings(bench: Bench, ring: str, command: str) -> bytes:
    """Read exactly as many bytes as each ring says, one ring after the other, until all of the answer is there."""
    reader, got = _Reader(bench), ""
    waiting: deque[int] = deque()
    while len(got) < len(_ANSWER):
        while not waiting:
            waiting.append(int((await reader.line()).removeprefix(f"{ring}: 1,")))
        size = waiting.popleft()
        if size > _READ_LIMIT:
            waiting.appendleft(size - _READ_LIMIT)
        bench.send(f"AT{command}=1,{min(size, _READ_LIMIT)}\r")
        while (line := await reader.line()).startswith(ring):
            waiting.append(int(line.removeprefix(f"{ring}: 1,")))
        if line.startswith(command):
            got += await reader.exactly(int(line.rpartition(",")[2].rpartition(" ")[2]))
            while await reader.line() != "OK":
                pass
    return got.encode()


_PIECES = [_ANSWER[start : start + 90] for start in range(0, len(_ANSWER), 90)]


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("late", [False, True])
async def test_a_host_that_reads_what_each_ring_says_gets_all(slow: bool, late: bool) -> None:
    """Records of one byte and halves of records among them, and data that comes between a ring and the read."""
    with ObedientPeer() as peer:
        async with ssl_bench(RINGING, peer.port) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,3,0", _RINGS)
            if slow:
                bench.modem.faults.add("slow-network", latency="120 ms", download="64 kbit/s")
            async with _time_passes(bench):
                await dial(bench)
                for piece in _PIECES:
                    peer.say(piece)
                if late:
                    await has_come(bench, len(_ANSWER))
                assert _ANSWER == await _read_by_rings(bench, "SSLSRING", "#SSLRECV")


@pytest.mark.parametrize("firmware", [GSM, UMTS])
@pytest.mark.parametrize("late", [False, True])
async def test_so_does_one_of_a_plain_socket(firmware: str, late: bool) -> None:
    """SRING in mode 1."""
    async with dialled("AT#SCFGEXT=1,1,0,0", firmware=firmware) as (bench, peer):
        for number, piece in enumerate(_PIECES, 1):
            peer.say(piece)
            if late:
                await has_come_in_clear(bench, min(90 * number, len(_ANSWER)))
        assert _ANSWER == await _read_by_rings(bench, "SRING", "#SRECV")


async def test_a_host_with_one_buffer_keeps_the_answer_when_the_peer_ends() -> None:
    """A ring after its read means more data to it: it empties the buffer, with the answer in it, and reads again."""
    with ObedientPeer() as peer:
        async with ssl_bench(RINGING, peer.port) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,3,0", _RINGS)
            await dial(bench)
            assert OK == await enter(bench, "AT#SSLSEND=1", b"GET / HTTP/1.0\r\n\r\n\x1a")
            peer.say(_ANSWER[:1023])
            await bench.until("SSLSRING: 1,1023\r\n")
            buffer = await bench.command("AT#SSLRECV=1,1000")
            peer.close()
            stream = socket_of(bench)._stream
            assert stream is not None
            await eventually(lambda: stream.peer_closed, "the peer has ended")
            await bench.advance(10)
            buffer += bench.read()
            if "SSLSRING: 1" in buffer:
                buffer = await bench.command("AT#SSLRECV=1,1000")
            assert information("#SSLRECV: 1000", _ANSWER[:1000].decode()) == buffer
            await succeed(bench, "AT#SSLH=1")


async def test_a_host_that_counts_the_bytes_of_messages_gets_each_of_them_whole() -> None:
    """#MQRING tells which one, #MQREAD how long. What comes meanwhile rings before the command or behind its OK."""
    payloads = [bytes([number, 13, 10]) * number + b"\r\nOK\r\n<<<" for number in range(40)]
    read: list[bytes] = []
    left, rung = deque(payloads), deque[str]()
    with MqttBroker() as broker:
        async with mqtt_bench(broker.port) as bench:
            await succeed(bench, 'AT#MQCONN=1,"module"', 'AT#MQSUB=1,"t"')
            reader = _Reader(bench)
            while len(read) < len(payloads):
                for _ in range(min(2, len(left))):
                    broker.publish("t", left.popleft(), 1)
                while not rung:
                    rung.append(await reader.line())
                bench.send(f"AT#MQREAD=1,{rung.popleft().split(',')[1]}\r")
                while not (line := await reader.line()).startswith("#MQREAD: 1,t,"):
                    rung.append(line)
                assert "<<<" == await reader.exactly(3)
                read.append((await reader.exactly(int(line.rpartition(",")[2]))).encode("latin-1"))
                while (line := await reader.line()) != "OK":
                    rung.append(line)
    assert payloads == read


async def _up_to_ok(bench: Bench, line: str) -> list[str]:
    """The lines of an answer, up to OK or ERROR and nothing else."""
    reader, lines = _Reader(bench), [""]
    bench.send(f"{line}\r")
    while lines[-1] not in ("OK", "ERROR"):
        lines.append(await reader.line())
    return lines[1:]


async def _up_to_no_carrier(bench: Bench, line: str) -> list[str]:
    """The lines of the answer and what follows, up to NO CARRIER."""
    reader, lines = _Reader(bench), [""]
    bench.send(f"{line}\r")
    while lines[-1] != "NO CARRIER":
        lines.append(await reader.line())
    return lines[1:]


@pytest.mark.parametrize("firmware", [GSM, UMTS])
@pytest.mark.parametrize("answer", [_up_to_ok, _up_to_no_carrier])
async def test_a_host_whose_read_waits_hears_of_the_end_in_its_own_words(
    firmware: str, answer: Callable[[Bench, str], Coroutine[Any, Any, list[str]]]
) -> None:
    """Some wait for OK or ERROR alone, some for NO CARRIER; then #SSLH must be OK, and the next dial work."""
    with ObedientPeer() as peer:
        async with ssl_bench(firmware, peer.port) as bench:
            for _ in range(2):
                await dial(bench)
                reading = asyncio.create_task(answer(bench, "AT#SSLRECV=1,1000,600"))
                await bench.advance(1)
                peer.close()
                lines = await reading
                assert ["#SSLRECV: 0", "DISCONNECTED", "OK"] == lines[:3]
                bench.read()
                await succeed(bench, "AT#SSLH=1")


async def test_a_host_that_counts_the_echo_finds_its_answers_where_they_are() -> None:
    """It takes the data back that it has entered at the prompt, byte by byte, and then four bytes for OK."""
    data = _ANSWER[:100].decode().replace("\r\n", "..")
    with ObedientPeer() as peer:
        async with ssl_bench(GSM, peer.port) as bench:
            await dial(bench)
            await bench.command("ATE1")
            reader, line = _Reader(bench), f"AT#SSLSENDEXT=1,{len(data)},600"
            bench.send(f"{line}\r")
            assert f"{line}\r{PROMPT}" == await reader.exactly(len(line) + 5)
            bench.send(data)
            assert data + OK == await reader.exactly(len(data) + len(OK))
            await eventually(lambda: len(peer.received) == len(data), "the peer has it")


@pytest.mark.parametrize(
    ("firmware", "sizes", "expected"),
    [(GSM, (1499,), 1499), ("GL868-DUAL", (1500,), 1500), ("GL868-DUAL-V3", (1499,), 1499), (UMTS, (1001, 1000), 1000)],
)
async def test_a_host_reads_as_much_at_once_as_its_firmware_gives(
    firmware: str, sizes: tuple[int, ...], expected: int
) -> None:
    """1500 bytes on the GSM families, 1000 on 12.00, where a host has met a refusal beyond."""
    with ObedientPeer() as peer:
        async with ssl_bench(firmware, peer.port) as bench:
            await dial(bench)
            peer.say(_ANSWER[:2000])
            await has_come(bench, 2000)
            answers: list[Any] = [await bench.command(f"AT#SSLRECV=1,{size}") for size in sizes]
            assert information(f"#SSLRECV: {expected}", _ANSWER[:expected].decode()) == answers[-1]
            assert all("+CME ERROR: 4\r\n" in refused for refused in answers[:-1])
