"""One seed, one trace: the same seed and the same input give the same bytes, another seed gives others."""

from typing import Any

from emulator.faults.stream import FaultyStream
from emulator.testing import Bench
from emulator.trace.events import Event
from emulator.trace.json_lines import JsonLines
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import CONNECT, HOST, OK, routes_to, socket_of

BAD_DAY: list[dict[str, Any]] = [
    {"name": "activation-late", "probability": 0.5, "times": 0, "duration": "3 s"},
    {
        "name": "unsolicited-line",
        "text": "RING",
        "command": "+CSQ",
        "at": "answer",
        "byte": 4,
        "times": 0,
        "probability": 0.5,
    },
    {"name": "signal", "command": "+CSQ", "probability": 0.3, "times": 0, "rssi": 4},
    {"name": "bytes-garbled", "command": "+CGMR", "probability": 0.2, "times": 0},
    {"name": "connection-reset", "at": "received", "byte": "1 MB"},  # never comes, but has the records told apart
]


MESSAGE = 74
"""Bytes of each message of the server: tlslite-ng makes two records of it, which AES128-SHA seals in 32 bytes each."""


def under_way(bench: Bench) -> int:
    """Bytes that have come from the server and wait in the slow network."""
    secure: Any = socket_of(bench)._stream
    stream: FaultyStream = secure._tcp
    return stream._in.waiting


async def play(bench: Bench, peer: ObedientPeer) -> None:
    """A dialogue in which chance has its say at many places."""
    await bench.command('AT+CGDCONT=1,"IP","lab"')
    for _ in range(6):
        bench.send("AT#SGACT=1,1\r")
        await bench.advance(4)
        await bench.command("AT#SGACT=1,0")
    for _ in range(8):
        bench.send("AT+CSQ;+CGMR\r")
        await bench.advance(0.1)
    bench.send("AT#SGACT=1,1\r")
    await bench.advance(4)
    bench.read()
    await bench.command("AT#SSLEN=1,1")
    assert CONNECT == await bench.command(f'AT#SSLD=1,443,"{HOST}",0,0')
    bench.modem.faults.add("slow-network", latency="1 s", jitter="2 s")
    for number in range(8):
        before = under_way(bench)
        peer.say(f"Message {number}".encode())
        await eventually(lambda whole=before + MESSAGE: under_way(bench) == whole, "it is under way")  # type: ignore[misc]
        await bench.advance(0.3)
    await bench.advance(20)


async def traced(seed: int, peer: ObedientPeer) -> bytes:
    """The trace of one play as JSON Lines."""
    lines: list[str] = []
    write = JsonLines(lines.append)

    def reader(now: float, event: Event) -> None:
        write(now, event)

    async with Bench("HE910", routes=routes_to(peer.port), seed=seed) as bench:
        bench.modem.trace.subscribe(reader)
        for fault in BAD_DAY:
            bench.modem.faults.add(**fault)
        assert OK == await bench.command("AT")
        await play(bench, peer)
    return "\n".join(lines).encode()


async def test_the_same_seed_gives_the_same_trace_to_the_byte_and_another_another() -> None:
    with ObedientPeer() as peer:
        first, again, other = [await traced(seed, peer) for seed in (1, 1, 2)]

    assert first.count(b'"event":"fault"') > 10
    assert first.count(b'"mode":"online"') >= 8
    assert first == again
    assert first != other
