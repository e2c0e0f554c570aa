"""What faults do to MQTT, in clear text and within TLS, against a real broker."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from emulator.device.mqtt.states import MqttState
from emulator.lab.mqtt_broker import MqttBroker
from emulator.testing import Bench
from emulator.trace.events import Fault
from tests.commands.mqtt_bench import BROKER, CONNECT, PROMPT, client_of, mqtt_bench, rung
from tests.commands.peer import eventually
from tests.commands.ssl_bench import OK, cme, succeed

SUBSCRIBE = 'AT#MQSUB=1,"t"'
PUBLISH = 'AT#MQPUBS=1,"t",0,1,"hello"'


@pytest.fixture
def broker() -> Iterator[MqttBroker]:
    with MqttBroker() as broker:
        yield broker


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
async def bench(request: pytest.FixtureRequest, broker: MqttBroker) -> AsyncIterator[Bench]:
    async with mqtt_bench(broker.port) as bench:
        if request.param:
            await succeed(bench, f'AT#MQCFG=1,"{BROKER}",8883,1,1', "AT#SSLSECCFG2=1,3")
        yield bench


def fired(bench: Bench) -> int:
    """How many faults the trace shows."""
    return sum(isinstance(event, Fault) for event in bench.events)


async def in_time(bench: Bench, line: str) -> str:
    """Give a command, and let time pass until it has answered; real servers do their part meanwhile."""
    bench.send(f"{line}\r")
    for _ in range(2000):
        await asyncio.sleep(0.002)
        await bench.advance(0.5)
        if heard := bench.read():
            return heard
    raise AssertionError("no answer")


async def lost(bench: Bench) -> None:
    """Wait until the connection is lost; the host is told nothing, and can connect again."""
    await eventually(lambda: client_of(bench).state is MqttState.IDLE, "the connection is lost")
    assert "" == bench.read()
    assert "#MQCONN: 1,0" in await bench.command("AT#MQCONN?")
    await succeed(bench, CONNECT)


@pytest.mark.parametrize(
    ("fault", "code"), [("name-unknown", 558), ("connection-refused", 562), ("connection-unanswered", 559)]
)
async def test_a_dial_fails_once(bench: Bench, fault: str, code: int) -> None:
    """Then it succeeds."""
    bench.modem.faults.add(fault, command="#MQCONN", host=BROKER)
    assert cme(code) == await in_time(bench, CONNECT)
    await succeed(bench, CONNECT)
    assert 1 == fired(bench)


@pytest.mark.parametrize("fault", ["connection-reset", "connection-closed"])
async def test_a_message_is_cut(bench: Bench, broker: MqttBroker, fault: str) -> None:
    """In the midst of what the broker sends: it is lost, and so is the connection."""
    await succeed(bench, CONNECT, SUBSCRIBE)
    bench.modem.faults.add(fault, at="received", byte=2000)
    broker.publish("t", bytes(4000))
    await lost(bench)
    assert "#MQREAD: 1,0" in await bench.command("AT#MQREAD?")
    assert 1 == fired(bench)


async def test_the_broker_falls_silent(bench: Bench, broker: MqttBroker) -> None:
    """A publication with QoS 1 waits for the packet timeout, and the keep-alive finds out."""
    await succeed(bench, "AT#MQCFG2=1,30,1", CONNECT)
    bench.modem.faults.add("peer-silent", byte=5)
    bench.send(f"{PUBLISH}\r")
    await bench.advance(9.9)
    assert "" == bench.read()
    await bench.advance(0.2)
    assert cme(559) == await bench.answer()
    await bench.advance(31)
    await bench.advance(11)
    await lost(bench)


@pytest.mark.parametrize("fault", ["registration-lost", "context-dropped", "sim-missing"])
async def test_the_network_goes(bench: Bench, fault: str) -> None:
    """The connection is lost at once; it can be had again once the context is back."""
    await succeed(bench, CONNECT)
    bench.modem.faults.add(fault, time="1 s")
    await bench.advance(1)
    assert "#MQCONN: 1,0" in await bench.command("AT#MQCONN?")
    assert cme(556) == await bench.command(CONNECT)


@pytest.mark.parametrize("fault", ["reboot", "brown-out"])
async def test_the_power_goes(bench: Bench, broker: MqttBroker, fault: str) -> None:
    """The instance is disabled after it, and the broker publishes the will."""
    await succeed(bench, 'AT#MQWCFG=1,1,0,0,"status","lost"', CONNECT)
    bench.modem.faults.add(fault, time="1 s", **({"duration": "5 s"} if fault == "brown-out" else {}))
    await bench.advance(60)
    await eventually(lambda: [b"lost"] == [message.payload for message in broker.messages], "the will is published")
    bench.read()
    await bench.command("ATE0")
    assert "#MQEN: 1,0" in await bench.command("AT#MQEN?")


async def test_bytes_of_a_message_are_lost_on_the_line(broker: MqttBroker) -> None:
    """Those of what the host types at the prompt: fewer than it counts, so that the module waits for more."""
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, CONNECT)
        bench.modem.faults.add("bytes-lost", command="#MQPUBSEXT", at="entry", byte=1)
        assert PROMPT == await bench.command('AT#MQPUBSEXT=1,"t",0,1,5')
        bench.send("12345")
        await bench.advance(1)
        assert "" == bench.read()
        bench.send("6")
        assert OK == await bench.answer()
        await eventually(lambda: bool(broker.messages), "the broker has the message")
        assert b"13456" == broker.messages[0].payload


async def test_a_slow_network_takes_its_time(broker: MqttBroker) -> None:
    """Two ways for each answer of the broker, and two for the connection."""
    async with mqtt_bench(broker.port) as bench:
        bench.modem.faults.add("slow-network", latency="1 s")
        started = bench.clock.now()
        assert OK == await in_time(bench, CONNECT)
        assert bench.clock.now() - started >= 4


async def test_a_damaged_record_ends_the_connection(broker: MqttBroker) -> None:
    """TLS tells by the MAC."""
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, f'AT#MQCFG=1,"{BROKER}",8883,1,1', "AT#SSLSECCFG2=1,3", CONNECT, SUBSCRIBE)
        bench.modem.faults.add("record-corrupted", byte=2000)
        broker.publish("t", bytes(4000))
        await lost(bench)
        assert 1 == fired(bench)
        await succeed(bench, SUBSCRIBE)
        assert "1,1,t,5" == await rung(bench, PUBLISH)
