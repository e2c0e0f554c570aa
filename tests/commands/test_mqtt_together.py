"""MQTT together with the rest: instances, brokers, AT instances, channels, data mode, DTR, a memory that refuses."""

from collections.abc import AsyncIterator, Iterator

import pytest

from emulator.control.state import STATE
from emulator.device.mqtt.states import MqttState
from emulator.lab.mqtt_broker import MqttBroker
from tests.commands.mqtt_bench import (
    BROKER,
    CONFIGURE,
    CONNECT,
    PROMPT,
    client_of,
    mqtt_bench,
    packets,
    read,
    rung,
    send_bytes,
    welcomed,
)
from tests.commands.peer import eventually
from tests.commands.reasons import Step, dialogue
from tests.commands.socket_bench import TcpPeer
from tests.commands.ssl_bench import CONNECT as ONLINE
from tests.commands.ssl_bench import OK, cme, information, succeed
from tests.commands.test_refusing_memory import RefusingMemory
from tests.line.mux.hosts import MuxHost
from tests.mqtt.test_packets import publish

OTHER = "other.example.com"


@pytest.fixture
def broker() -> Iterator[MqttBroker]:
    with MqttBroker() as broker:
        yield broker


@pytest.fixture
async def peer() -> AsyncIterator[TcpPeer]:
    async with TcpPeer() as peer:
        yield peer


async def test_two_instances_speak_to_two_brokers_at_once(broker: MqttBroker) -> None:
    """Each has its messages, numbers and URCs of its own; one that is lost does not touch the other."""
    with MqttBroker() as second:
        async with mqtt_bench(broker.port, others={OTHER: second.address}) as bench:
            await succeed(bench, "AT#MQEN=2,1", f'AT#MQCFG=2,"{OTHER}",1883,1', CONNECT, 'AT#MQCONN=2,"module"')
            await succeed(bench, 'AT#MQSUB=1,"t"', 'AT#MQSUB=2,"t"')
            assert "2,1,t,6" == await rung(bench, 'AT#MQPUBS=2,"t",0,1,"second"')
            assert "1,1,t,5" == await rung(bench, 'AT#MQPUBS=1,"t",0,1,"first"')
            second.close()
            await eventually(lambda: client_of(bench, 2).state is MqttState.IDLE, "the second is lost")
            assert information("#MQCONN: 1,1", "#MQCONN: 2,0") == await bench.command("AT#MQCONN?")
            assert ("t", b"second") == await read(bench, instance=2)
            assert ("t", b"first") == await read(bench)


async def test_the_urc_waits_for_the_end_of_a_command(peer: TcpPeer) -> None:
    """A message that comes while the host is at a prompt, or waits for an answer of the broker."""
    async with mqtt_bench(peer.port) as bench:
        client = await welcomed(bench, peer)
        bench.send('AT#MQSUB=1,"t"\r')
        await eventually(lambda: bool(client.received), "SUBSCRIBE comes")
        client.say(publish("t", b"early").encoded())
        await eventually(lambda: len(client_of(bench).inbox) == 1, "the message has come")
        assert "" == bench.read()
        client.say(b"\x90\x03\x00\x01\x01")
        assert "1,1,t,5" == await rung(bench, before=OK)

        assert PROMPT == await bench.command('AT#MQPUBSEXT=1,"t",0,0,3')
        client.say(publish("t", b"late").encoded())
        await eventually(lambda: len(client_of(bench).inbox) == 2, "the message has come")
        assert "" == bench.read()
        bench.send("abc")
        assert "1,2,t,4" == await rung(bench, before=OK)


async def test_the_urc_waits_for_the_end_of_data_mode(peer: TcpPeer) -> None:
    async with mqtt_bench(peer.port, others={OTHER: f"127.0.0.1:{peer.port}"}) as bench:
        client = await welcomed(bench, peer)
        assert ONLINE == await bench.command(f'AT#SD=1,0,80,"{OTHER}"')
        client.say(publish("t", b"x").encoded())
        await eventually(lambda: len(client_of(bench).inbox) == 1, "the message has come")
        assert "" == bench.read()
        await bench.advance(1.1)
        bench.send("+++")
        await bench.advance(1.1)
        assert "1,1,t,1" == await rung(bench, before=OK)


async def test_an_instance_belongs_to_the_at_instance_that_has_enabled_it(broker: MqttBroker) -> None:
    """The other one has the other; each hears its own URCs, and both see the states."""
    async with mqtt_bench(broker.port, ports=2) as bench:
        other = bench.hosts[1]
        await other.command("AT+CMEE=1")
        await succeed(bench, CONNECT, 'AT#MQSUB=1,"t"')
        refused = [CONFIGURE, CONNECT, 'AT#MQSUB=1,"t"', 'AT#MQPUBS=1,"t",0,0,"x"', "AT#MQREAD=1,1", "AT#MQDISC=1"]
        for line in [*refused, "AT#MQEN=1,0", "AT#MQEN=1,1"]:
            assert cme(3) == await other.command(line), line
        assert information("#MQCONN: 1,1", "#MQCONN: 2,0") == await other.command("AT#MQCONN?")

        for line in ("AT#MQEN=2,1", f'AT#MQCFG=2,"{BROKER}",1883,1', 'AT#MQCONN=2,"second"', 'AT#MQSUB=2,"t"'):
            assert OK == await other.command(line)
        assert "2,1,t,4" == await rung(other, 'AT#MQPUBS=2,"t",0,1,"both"')
        assert "1,1,t,4" == await rung(bench)
        assert OK == await other.command("AT#MQEN=2,0")
        await succeed(bench, "AT#MQEN=2,1")


async def test_a_channel_of_the_multiplexer_has_its_messages(broker: MqttBroker) -> None:
    data = bytes(range(256)) * 4
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, "AT#MQEN=1,0")
        mux = MuxHost(bench)
        await mux.start()
        channel = mux.open(1)
        for line in ("ATE0", "AT#MQEN=1,1", CONFIGURE, CONNECT, 'AT#MQSUB=1,"t"'):
            assert (await channel.command(line)).endswith(OK)
        broker.publish("t", data, 1)
        assert "\r\n#MQRING: 1,1,t,1024\r\n" == await channel.until("1024\r\n")
        channel.send("AT#MQREAD=1,1\r")
        heard = await channel.until(OK)
        assert b"\r\n#MQREAD: 1,t,1024\r\n<<<" + data + OK.encode() == heard.encode("latin-1")


async def test_dtr_that_falls_ends_a_command_that_waits(peer: TcpPeer) -> None:
    """Where &D says so; the session goes on."""
    async with mqtt_bench(peer.port) as bench:
        await succeed(bench, "AT&D2")
        await welcomed(bench, peer)
        bench.send('AT#MQSUB=1,"t"\r')
        await eventually(lambda: len(packets(bench)) == 3, "SUBSCRIBE is sent")
        bench.port.host_close()
        await eventually(lambda: not client_of(bench)._work.is_busy, "the command ends")
        bench.port.host_open()
        await bench.advance(1)
        assert "#MQCONN: 1,1" in await bench.command("AT#MQCONN?")


async def test_a_memory_that_refuses_changes_no_setting(broker: MqttBroker) -> None:
    async with mqtt_bench(broker.port) as bench:
        memory = RefusingMemory(bench)
        memory.refuses = lambda number: True
        shown = ["AT#MQCFG?", "AT#MQCFG2?", "AT#MQTCFG?", "AT#MQWCFG?"]
        before = [await bench.command(line) for line in shown]
        lines = ['AT#MQCFG=1,"b",1,2', "AT#MQCFG2=1,1,0", "AT#MQTCFG=1,1", 'AT#MQWCFG=1,1,0,0,"a","b"']
        for line in lines:
            assert cme(23) == await bench.command(line), line
        assert before == [await bench.command(line) for line in shown]
        await succeed(bench, CONNECT)


async def test_the_firmwares_own_context_counts(broker: MqttBroker) -> None:
    """<cid> of #MQCFG: another one that goes down is no matter."""
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, 'AT+CGDCONT=2,"IP","two"')
        assert cme(556) == await bench.command(f'AT#MQCFG=1,"{BROKER}",1883,2;#MQCONN=1,"a"')
        await bench.command("AT#SGACT=2,1")
        await succeed(bench, CONNECT, "AT#SGACT=1,0", 'AT#MQPUBS=1,"t",0,1,"x"', "AT#SGACT=2,0")
        assert "#MQCONN: 1,0" in await bench.command("AT#MQCONN?")


REASONS: list[Step] = [
    ("AT#MQREAD=2,1", "MQTT instance 2 is disabled: AT#MQEN=2,1 first"),
    ("AT#MQEN=1,1", "MQTT instance 1 is enabled already: AT#MQEN=1,0 first"),
    ("AT#MQEN=2,0", "MQTT instance 2 is disabled already"),
    ("AT#MQEN=2,1", None),
    ('AT#MQCONN=2,"a"', 'MQTT instance 2 has no broker: AT#MQCFG=2,"<server>",<port>,<cid> first'),
    ('AT#MQSUB=1,"t"', 'MQTT instance 1 is not connected: AT#MQCONN=1,"<client id>" first'),
    (
        "AT#MQREAD=1,5",
        'MQTT instance 1 has no message 5 that was not read: AT#MQSUB=1,"<topic>" and wait for #MQRING first',
    ),
    ('AT#MQWCFG=1,1,0,0,"",""', "a will has a topic of one character at least"),
    (CONNECT, None),
    (CONNECT, "MQTT instance 1 is connected, or connecting: AT#MQDISC=1 first"),
    ('AT#MQPUBS=1,"a/#",0,0,"x"', "the broker cannot be asked so: Publish topic cannot contain wildcards."),
    ('AT#MQSUB=1,"secret"', "the broker refuses the subscription"),
]


async def test_each_refusal_has_its_reason_and_the_next_step(broker: MqttBroker) -> None:
    broker.refused = ["secret"]
    async with mqtt_bench(broker.port) as bench:
        assert await dialogue(bench, REASONS) == REASONS


async def test_the_state_is_shown_to_the_user(broker: MqttBroker) -> None:
    """`ctl show`."""
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, CONNECT, 'AT#MQSUB=1,"t"')
        await rung(bench, 'AT#MQPUBS=1,"t",0,1,"x"')
        assert {"1": "connected, 1 unread"} == STATE["mqtt"].read(bench.modem)


async def test_no_secret_is_in_the_trace(broker: MqttBroker) -> None:
    """Neither the password nor, in a packet, what a message says."""
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, f'{CONNECT},"user","s3cret"', 'AT#MQSUB=1,"t"')
        assert (await send_bytes(bench, b"payload")).startswith(OK)
        assert "s3cret" not in str(bench.events)
        assert not any("payload" in line for line in packets(bench))
