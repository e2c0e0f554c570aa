"""What ends an MQTT session, what a silent broker does, and faults: the host learns of it by #MQCONN? alone."""

from collections.abc import AsyncIterator

import pytest

from emulator.device.mqtt.states import MqttState
from emulator.testing import Bench
from tests.commands.mqtt_bench import (
    BROKER,
    CONFIGURE,
    CONNACK,
    CONNECT,
    PROMPT,
    SUBACK,
    client_of,
    mqtt_bench,
    packets,
    rung,
    welcomed,
)
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpPeer
from tests.commands.ssl_bench import OK, cme, information, succeed
from tests.mqtt.test_packets import publish

FAILED, NOT_RESOLVED, TIMEOUT, NO_CONTEXT, NOT_SENT = cme(562), cme(558), cme(559), cme(556), cme(563)
SUBSCRIBE = 'AT#MQSUB=1,"t"'
OFFLINE = information("#MQCONN: 1,0", "#MQCONN: 2,0")


@pytest.fixture
async def peer() -> AsyncIterator[TcpPeer]:
    async with TcpPeer() as peer:
        yield peer


@pytest.fixture
async def bench(peer: TcpPeer) -> AsyncIterator[Bench]:
    async with mqtt_bench(peer.port) as bench:
        yield bench


async def lost(bench: Bench) -> None:
    """Wait until the instance has lost its connection; the host hears nothing of it."""
    await eventually(lambda: client_of(bench).state is MqttState.IDLE, "the connection is lost")
    assert "" == bench.read()
    assert OFFLINE == await bench.command("AT#MQCONN?")
    assert cme(3) == await bench.command(SUBSCRIBE)


# Connecting.


async def test_a_broker_that_is_not_there(bench: Bench) -> None:
    await succeed(bench, 'AT#MQCFG=1,"nowhere.example.com",1883,1')
    assert NOT_RESOLVED == await bench.command(CONNECT)
    bench.modem.route(BROKER, "127.0.0.1:1")
    await succeed(bench, CONFIGURE)
    assert FAILED == await bench.command(CONNECT)
    assert OFFLINE == await bench.command("AT#MQCONN?")


async def test_a_broker_that_does_not_answer_connect(bench: Bench, peer: TcpPeer) -> None:
    """For the packet timeout."""
    await succeed(bench, "AT#MQTCFG=1,7")
    bench.send(f"{CONNECT}\r")
    client = await peer.client()
    await eventually(lambda: bool(client.received), "CONNECT comes")
    await bench.advance(6.9)
    assert "" == bench.read()
    await bench.advance(0.2)
    assert TIMEOUT == await bench.answer()
    await eventually(lambda: client.ended, "the module hangs up")


@pytest.mark.parametrize("answer", [b"", b"\x20\x02\x00\x05", b"HTTP/1.1 400\r\n", b"\x20\x02\x00\x01"])
async def test_a_broker_that_does_not_want_the_module(bench: Bench, peer: TcpPeer, answer: bytes) -> None:
    """It hangs up, refuses, or is no broker."""
    bench.send(f"{CONNECT}\r")
    client = await peer.client()
    await eventually(lambda: bool(client.received), "CONNECT comes")
    client.say(answer)
    client.close()
    assert await bench.answer() in (FAILED, NOT_SENT)
    assert OFFLINE == await bench.command("AT#MQCONN?")
    await welcomed(bench, peer, 2)


async def test_a_broker_that_hangs_up_right_after_it_has_accepted(bench: Bench, peer: TcpPeer) -> None:
    """Both may come together: the instance is not connected then."""
    bench.send(f"{CONNECT}\r")
    client = await peer.client()
    await eventually(lambda: bool(client.received), "CONNECT comes")
    client.say(CONNACK + b"\x00\x00")
    assert NOT_SENT == await bench.answer()
    await lost(bench)


async def test_the_context_goes_down_while_the_module_connects(bench: Bench, peer: TcpPeer) -> None:
    bench.send(f"{CONNECT}\r")
    client = await peer.client()
    bench.modem.device.contexts.deactivate(1)
    assert NO_CONTEXT == await bench.answer()
    await eventually(lambda: client.ended, "the module hangs up")
    assert NO_CONTEXT == await bench.command(CONNECT)


# A connection that is open.


async def test_the_broker_closes(bench: Bench, peer: TcpPeer) -> None:
    (await welcomed(bench, peer)).close()
    await lost(bench)


async def test_the_broker_is_reset(bench: Bench, peer: TcpPeer) -> None:
    (await welcomed(bench, peer)).reset()
    await lost(bench)


async def test_the_broker_says_nonsense(bench: Bench, peer: TcpPeer) -> None:
    (await welcomed(bench, peer)).say(b"\x00\x00")
    await lost(bench)


async def test_the_context_goes_down(bench: Bench, peer: TcpPeer) -> None:
    """By the host, or because the network detaches the module."""
    client = await welcomed(bench, peer)
    await succeed(bench, "AT#SGACT=1,0")
    await lost(bench)
    await eventually(lambda: client.ended, "the connection ends")

    await bench.command("AT#SGACT=1,1")
    await welcomed(bench, peer, 2)
    bench.modem.device.network.set_attached(False)
    assert OFFLINE == await bench.command("AT#MQCONN?")


async def test_the_module_pings_after_the_keep_alive_and_misses_the_answer(bench: Bench, peer: TcpPeer) -> None:
    """What it sends itself begins the time anew (3.1.2.10)."""
    await succeed(bench, "AT#MQCFG2=1,20,1", "AT#MQTCFG=1,5")
    client = await welcomed(bench, peer)
    await bench.advance(15)
    await succeed(bench, 'AT#MQPUBS=1,"t",0,0,"x"')
    await bench.advance(15)
    assert "> PINGREQ" not in packets(bench)
    await bench.advance(5.1)
    await eventually(lambda: client.received.endswith(b"\xc0\x00"), "PINGREQ comes")
    client.say(b"\xd0\x00")
    await eventually(lambda: "< PINGRESP" in packets(bench), "the answer has come")

    await bench.advance(20)
    await bench.advance(4.8)
    assert MqttState.CONNECTED is client_of(bench).state
    await bench.advance(0.3)
    await lost(bench)


async def test_without_keep_alive_there_is_no_ping(bench: Bench, peer: TcpPeer) -> None:
    await succeed(bench, "AT#MQCFG2=1,0,1")
    await welcomed(bench, peer)
    await bench.advance(100_000)
    assert ['> CONNECT client "module", keep-alive 0 s, clean session', "< CONNACK return code 0"] == packets(bench)


async def test_a_subscription_that_nobody_answers(bench: Bench, peer: TcpPeer) -> None:
    """The connection goes on; an answer that comes too late is none to the next request."""
    client = await welcomed(bench, peer)
    bench.send(f"{SUBSCRIBE}\r")
    await eventually(lambda: bool(client.received), "SUBSCRIBE comes")
    await bench.advance(11)
    assert TIMEOUT == await bench.answer()
    client.say(SUBACK)
    client.received.clear()
    bench.send(f"{SUBSCRIBE}\r")
    await eventually(lambda: bool(client.received), "SUBSCRIBE comes")
    assert "" == bench.read()
    client.say(b"\x90\x03\x00\x02\x00")
    assert OK == await bench.answer()


@pytest.mark.parametrize("qos", [1, 2])
async def test_a_message_whose_acknowledgement_is_lost_with_the_connection(
    bench: Bench, peer: TcpPeer, qos: int
) -> None:
    client = await welcomed(bench, peer)
    bench.send(f'AT#MQPUBS=1,"t",0,{qos},"x"\r')
    await eventually(lambda: bool(client.received), "PUBLISH comes")
    client.close()
    assert NOT_SENT == await bench.answer()
    await lost(bench)


async def test_a_message_that_the_broker_does_not_take(peer: TcpPeer) -> None:
    """With QoS 0 the command waits until it is sent."""
    async with mqtt_bench(peer.port, settings=["mqtt.body_sizes={range=[1,60000000]}"]) as bench:
        client = await welcomed(bench, peer)
        assert client.transport is not None
        client.transport.pause_reading()
        assert PROMPT == await bench.command('AT#MQPUBSEXT=1,"t",0,0,50000000')
        bench.send(bytes(50_000_000))
        await bench.advance(9.9)
        assert "" == bench.read()
        await bench.advance(0.2)
        assert TIMEOUT == await bench.answer()


# Messages that find no room.


async def test_a_message_beyond_the_buffer_is_lost(peer: TcpPeer) -> None:
    """`#MQRING: 0` tells so; it is acknowledged, and what fits later is kept again."""
    settings = ["mqtt.inbox_size=100", "mqtt.message_numbers={range=[1,3]}"]
    async with mqtt_bench(peer.port, settings=settings) as bench:
        client = await welcomed(bench, peer)
        client.say(publish("t", bytes(60), 1, 1).encoded())
        assert "1,1,t,60" == await rung(bench)
        client.say(publish("t", bytes(60), 1, 2).encoded() + publish("t", bytes(5000), 1, 3).encoded())
        assert "0" == await rung(bench, before="\r\n#MQRING: 0\r\n")
        for number in (4, 5):
            client.say(publish("t", b"", 1, number).encoded())
            assert f"1,{number - 2},t,0" == await rung(bench)
        client.say(publish("t", b"", 1, 6).encoded())
        assert "0" == await rung(bench)
        await client.heard(b"".join(bytes([0x40, 2, 0, number]) for number in range(1, 7)))

        await bench.command("AT#MQREAD=1,2")
        client.say(publish("t", b"x").encoded())
        assert "1,2,t,1" == await rung(bench)


# DTR, the prompt, and the power.


async def test_a_prompt_that_outlives_its_connection(bench: Bench, peer: TcpPeer) -> None:
    """The bytes are taken, and then refused."""
    client = await welcomed(bench, peer)
    assert PROMPT == await bench.command('AT#MQPUBSEXT=1,"t",0,1,3')
    client.close()
    await eventually(lambda: client_of(bench).state is MqttState.IDLE, "the connection is lost")
    bench.send("abc")
    assert cme(3) == await bench.answer()


async def test_the_power_fails_while_the_module_connects(bench: Bench, peer: TcpPeer) -> None:
    bench.send(f"{CONNECT}\r")
    client = await peer.client()
    bench.modem.device.power.off()
    await eventually(lambda: client.ended, "the connection ends")
    bench.modem.device.power.on()
    await bench.advance(60)
    assert MqttState.DISABLED is client_of(bench).state


async def test_bytes_after_the_end_are_nobodys(bench: Bench, peer: TcpPeer) -> None:
    """What comes together with what ends the session is not read."""
    client = await welcomed(bench, peer)
    client.say(b"\x00\x00" + publish("t", b"x").encoded())
    await lost(bench)
    assert information("#MQREAD: 1,0", "#MQREAD: 2,0") == await bench.command("AT#MQREAD?")
