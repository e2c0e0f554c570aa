"""Two hosts at one module that do at random what hosts do with sockets and messages, and peers that do as they like.

Whatever happens, nothing in the module fails, nothing is left behind, and both hosts get an answer in the end.
"""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from emulator.bench import BenchHost
from emulator.testing import Bench
from emulator.trace.events import Defect
from tests.commands.socket_bench import TcpPeer, socket_bench
from tests.commands.ssl_bench import GSM, HOST, UMTS

_STEPS = 120
_ENTRIES = (b"abc\x1a", b"\x1b", b"00ff\x1a", b"x" * 2000 + b"\x1a", b"\xf2\x1a")


class RandomHosts:
    """The same for each seed, as far as the network of this machine is."""

    def __init__(self, seed: int, bench: Bench, peer: TcpPeer) -> None:
        self._random = Random(seed)
        self._bench = bench
        self._peer = peer

    async def play(self) -> None:
        """Take the steps."""
        deeds: list[Callable[[BenchHost], Awaitable[None]]] = [
            self._command,
            self._command,
            self._command,
            self._enter,
            self._be_a_peer,
            self._call,
            self._let_time_pass,
            self._escape,
            self._get_a_message,
            self._come_and_go,
            self._type_garbage,
        ]
        for _ in range(_STEPS):
            await self._random.choice(deeds)(self._random.choice(self._bench.hosts))
            await asyncio.sleep(self._random.choice([0, 0.002]))
            for host in self._bench.hosts:
                host.read()

    async def _command(self, host: BenchHost) -> None:
        n, bit, pick = self._random.randrange(1, 4), self._random.randrange(2), self._random.choice
        host.send(
            pick(
                [
                    f'AT#SD={n},{bit},80,"{HOST}",{pick([0, 255])},0,{pick([0, 1])}',
                    f"AT#SH={n}",
                    f"AT#SO={n}",
                    "AT#SS;#SI",
                    f"AT#SRECV={n},{pick([1, 100, 1500])},{bit}",
                    f"AT#SL={n},{bit},0",
                    f"AT#SLUDP={n},{bit},0",
                    f"AT#SA={n},{bit}",
                    f"AT#SCFG={n},1,{pick([0, 1, 300])},{pick([0, 5])},{pick([10, 600])},{pick([0, 50])}",
                    f"AT#SCFGEXT={n},{pick([0, 1, 2, 3])},{bit},0,{pick([0, 1])},{pick([0, 1])}",
                    f"AT#SCFGEXT2={n},{bit},{pick([0, 1])},0,0,{pick([0, 1, 2])}",
                    "AT#SGACT=1,1",
                    "AT#SGACT=1,0",
                    f"AT+CMGF={bit}",
                    "AT+CMGL=4",
                    "AT+CMGR=1",
                    "AT+CMGD=1,4",
                    f"AT+CNMI={pick([0, 1, 2, 3])},{pick([0, 1, 2, 3])},0,{pick([0, 1, 2])}",
                    f"AT&D{pick([0, 1, 2])}",
                ]
            )
            + "\r"
        )

    async def _enter(self, host: BenchHost) -> None:
        n = self._random.randrange(1, 4)
        host.send(
            self._random.choice([f"AT#SSEND={n}\r", f"AT#SSENDEXT={n},5\r", 'AT+CMGS="+39333"\r', "AT+CMGW=23\r"])
        )
        await asyncio.sleep(0.001)
        host.send(self._random.choice(_ENTRIES))

    async def _be_a_peer(self, host: BenchHost) -> None:
        for client in self._peer.clients[-3:]:
            match self._random.randrange(4):
                case 0:
                    client.close()
                case 1:
                    client.reset()
                case _ if client.transport is not None and not client.transport.is_closing():
                    client.say(self._random.randbytes(self._random.choice([1, 64, 3000])))

    async def _call(self, host: BenchHost) -> None:
        for address in self._bench.modem.device.sockets.listening.values():
            try:
                _, writer = await asyncio.open_connection(*address)
            except OSError:  # it was a UDP port
                continue
            writer.write(b"hi")
            if self._random.randrange(2):
                writer.close()

    async def _let_time_pass(self, host: BenchHost) -> None:
        await self._bench.advance(self._random.choice([0.2, 2, 100]))

    async def _escape(self, host: BenchHost) -> None:
        await self._bench.advance(1.1)
        host.send("+++")
        await self._bench.advance(1.1)

    async def _get_a_message(self, host: BenchHost) -> None:
        self._bench.modem.receive_sms("+39331", self._random.choice(["a", "Жук", "x" * 300, ""]))

    async def _come_and_go(self, host: BenchHost) -> None:
        host.port.host_close()
        await asyncio.sleep(0)
        host.port.host_open()

    async def _type_garbage(self, host: BenchHost) -> None:
        host.send(self._random.randbytes(20))


async def _answers(bench: Bench, host: BenchHost) -> bool:
    """Whether the host gets its OK, once whatever it was in is over."""
    for _ in range(3):
        await bench.advance(1.2)
        host.send("+++")
        await bench.advance(1.2)
        host.send("\x1b")
        await bench.advance(120)
    host.read()
    host.send("\rAT\r")
    await bench.advance(1)
    return "\r\nOK\r\n" in host.read()


@pytest.mark.parametrize("seed", range(15))
async def test_random_hosts_harm_nothing(seed: int) -> None:
    """With a seed for each run."""
    async with TcpPeer() as peer, socket_bench((GSM, UMTS, "ME310G1")[seed % 3], peer.port, ports=2) as bench:
        await RandomHosts(seed, bench, peer).play()
        assert all([await _answers(bench, host) for host in bench.hosts])
        assert [] == [event.text for event in bench.events if isinstance(event, Defect)]
    await asyncio.sleep(0.01)
    assert {asyncio.current_task()} == asyncio.all_tasks()
