"""#PING: to this machine, and where no reply comes."""

import asyncio
import re
from collections.abc import Iterator

import pytest

from emulator.net import bearer as bearer_device
from emulator.net.echo import Echo
from emulator.testing import Bench
from emulator.trace.events import Pinged
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.ssl_bench import GSM, UMTS, cme, information
from tests.commands.test_name_service import NO_CONTEXT, UNRESOLVED, connect


class Network:
    """Stands for the machine's own echo, with replies that come when the test wants them to, or never."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, int, int]] = []
        """Address, size and time to live of each."""
        self.replies: Iterator[Echo | Exception | None] = iter(())
        """For each request the reply, or a failure, or None for no reply."""

    async def request_echo(self, address: str, *, size: int, ttl: int) -> Echo:
        self.requests.append((address, size, ttl))
        reply = next(self.replies)
        if isinstance(reply, Exception):
            raise reply
        if reply is None:
            await asyncio.get_running_loop().create_future()
            raise AssertionError
        return reply


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """In the place of the machine's own echo."""
    network = Network()
    monkeypatch.setattr(bearer_device, "request_echo", network.request_echo)
    return network


@EVERY_LINE
async def test_this_machine_answers(firmware: str) -> None:
    """Whether or not it lets its users send echo requests; the time to live is the profile's."""
    async with Bench(firmware) as bench:
        await connect(bench)
        answer = await bench.command('AT#PING="localhost",2,1460')
        assert re.fullmatch(
            r'\r\n#PING: 01,"127\.0\.0\.1",1,\d+\r\n#PING: 02,"127\.0\.0\.1",1,\d+\r\n\r\nOK\r\n', answer
        )


@EVERY_LINE
async def test_parameters_have_the_ranges_of_the_guides(firmware: str, network: Network) -> None:
    """And their defaults reach the network."""
    async with Bench(firmware) as bench:
        await refused(bench, 'AT#PING="10.0.0.1"', code=NO_CONTEXT)
        await connect(bench)
        network.replies = iter([Echo(50)] * 6)
        assert information("#PING: ,(1-64),(32-1460),(1-600),(1-255)") == await bench.command("AT#PING=?")
        lines = [f'#PING: {number:02},"10.0.0.1",1,50' for number in range(1, 5)]
        assert information(*lines) == await bench.command('AT#PING="10.0.0.1"')
        assert information('#PING: 01,"10.0.0.1",1,50') == await bench.command("AT#PING=10.0.0.1,1,64,1,5")
        assert information('#PING: 01,"10.0.0.1",1,50') == await bench.command("AT#PING=10.0.0.1,1,,,255")
        assert [("10.0.0.1", 32, 128)] * 4 + [("10.0.0.1", 64, 5), ("10.0.0.1", 32, 255)] == network.requests
        wrong = ("0", "65", "1,31", "1,1461", "1,32,0", "1,32,601", "1,32,50,0", "1,32,50,256", "1,32,50,128,1")
        await refused(bench, *(f"AT#PING=10.0.0.1,{values}" for values in wrong))
        await refused(bench, "AT#PING=", "AT#PING", "AT#PING?")
        await refused(bench, 'AT#PING="no-such-host.invalid"', code=UNRESOLVED)


async def test_a_reply_that_does_not_come_is_lost_after_its_time(network: Network) -> None:
    """The next request is sent then."""
    async with Bench(GSM) as bench:
        await connect(bench)
        network.replies = iter([None, Echo(), Echo(64)])
        bench.send("AT#PING=10.0.0.1,3,32,20\r")
        await bench.advance(1.9)
        assert (1, "") == (len(network.requests), bench.read())
        await bench.advance(0.1)
        answer = information('#PING: 01,"10.0.0.1",600,255', '#PING: 02,"10.0.0.1",1,50', '#PING: 03,"10.0.0.1",1,64')
        assert answer == bench.read()
        outcomes = [event.outcome for event in bench.events if isinstance(event, Pinged)]
        assert ["not answered in time", "answered", "answered"] == outcomes


@pytest.mark.parametrize("failure", [PermissionError(), OSError(113, "no route")])
async def test_what_cannot_be_sent_is_lost_as_late(network: Network, failure: Exception) -> None:
    """The module does not know better; the trace does."""
    async with Bench(UMTS) as bench:
        await connect(bench)
        network.replies = iter([failure])
        bench.send("AT#PING=10.0.0.1,1\r")
        await bench.advance(4.9)
        assert "" == bench.read()
        await bench.advance(0.1)
        assert information('#PING: 01,"10.0.0.1",600,255') == bench.read()
        outcome = next(event.outcome for event in bench.events if isinstance(event, Pinged))
        assert outcome.startswith(("not sent", "lost, No route"))


async def test_a_slow_network_takes_its_time(network: Network) -> None:
    """Both ways, rounded up to tenths of a second; what takes longer than its time is lost."""
    async with Bench(GSM) as bench:
        await connect(bench)
        network.replies = iter([Echo(50)])
        bench.modem.faults.add("slow-network", latency="310 ms", host="10.0.0.1")
        bench.send("AT#PING=10.0.0.1,1\r")
        await bench.advance(0.62)
        assert information('#PING: 01,"10.0.0.1",7,50') == bench.read()
        bench.send("AT#PING=10.0.0.1,1,32,6\r")
        await bench.advance(0.6)
        assert information('#PING: 01,"10.0.0.1",600,255') == bench.read()


async def test_the_context_goes_down(network: Network) -> None:
    """Each line has been said by then; the error follows them."""
    async with Bench(GSM) as bench:
        await connect(bench)
        network.replies = iter([Echo(50), None])
        bench.send("AT#PING=10.0.0.1,3\r")
        await bench.advance(1)
        assert '\r\n#PING: 01,"10.0.0.1",1,50\r\n' == bench.read()
        bench.modem.device.contexts.deactivate(1)
        await bench.advance(4)
        assert f'#PING: 02,"10.0.0.1",600,255\r\n{cme(NO_CONTEXT)}' == bench.read()
        assert 2 == len(network.requests)


async def test_a_restart_ends_it(network: Network) -> None:
    """Nothing is said of it afterwards."""
    async with Bench(GSM) as bench:
        await connect(bench)
        network.replies = iter([None])
        bench.modem.faults.add("reboot", command="#PING", delay="1 s")
        bench.send("AT#PING=10.0.0.1\r")
        await bench.advance(60)
        assert "PING" not in bench.read()
        assert 1 == len(network.requests)
