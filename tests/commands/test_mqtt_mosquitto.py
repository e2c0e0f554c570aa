"""The MQTT commands against mosquitto, with its own clients outside."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.device.mqtt.states import MqttState
from tests.commands.mqtt_bench import (
    CONFIGURE,
    CONNECT,
    client_of,
    mqtt_bench,
    read,
    rung,
    rung_at_the_prompt,
    send_bytes,
)
from tests.commands.peer import eventually
from tests.commands.ssl_bench import OK, cme, information, succeed
from tests.peers.mosquitto import ACCOUNT, Mosquitto, mosquitto, with_accounts


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.mark.parametrize("qos", range(3))
async def test_a_message_from_outside_arrives_with_each_qos(broker: Mosquitto, qos: int) -> None:
    """Bytes of any value; the module asks for QoS 2, so that the broker does not lower it."""
    data = bytes(range(256))
    async with mqtt_bench(broker.port, settings=["mqtt.subscription_qos=2"]) as bench:
        await succeed(bench, CONNECT, f'AT#MQSUB=1,"in/{qos}"')
        await asyncio.to_thread(broker.publish, f"in/{qos}", data, "-q", str(qos))

        assert f"1,1,in/{qos},256" == await rung(bench)
        assert (f"in/{qos}", data) == await read(bench)


@pytest.mark.parametrize("qos", range(3))
async def test_a_message_of_the_module_reaches_a_client_outside(broker: Mosquitto, qos: int) -> None:
    """A retained one, too, which the client gets though it comes later."""
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, CONNECT, f'AT#MQPUBS=1,"out/{qos}",1,{qos},"kept"')
        with broker.subscribed(f"out/{qos}", 2, "-q", "2") as client:
            assert client.stdout is not None
            assert f"out/{qos} 1 {qos} kept\n".encode() == await asyncio.to_thread(client.stdout.readline)
            assert OK == await send_bytes(bench, b"later", f"out/{qos}", qos)
            assert f"out/{qos} 0 {qos} later\n".encode() == await asyncio.to_thread(client.stdout.readline)


async def test_a_long_message_goes_both_ways(broker: Mosquitto) -> None:
    """As long as one command takes."""
    data = bytes(range(256)) * 16
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, CONNECT, 'AT#MQSUB=1,"long"')
        assert "1,1,long,4096" == await rung_at_the_prompt(bench, data, "long")
        assert ("long", data) == await read(bench)


async def test_the_will_reaches_a_client_outside(broker: Mosquitto) -> None:
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, 'AT#MQWCFG=1,1,1,1,"status","lost"', CONNECT)
        bench.modem.device.power.off()
        with broker.subscribed("status") as client:
            output, _ = await asyncio.to_thread(client.communicate)
    assert b" 0 lost\n" in output


async def test_a_kept_session_gets_what_has_come_meanwhile(broker: Mosquitto) -> None:
    """And says that it is there."""
    async with mqtt_bench(broker.port) as bench:
        line = 'AT#MQCONN=1,"kept"'
        await succeed(bench, "AT#MQCFG2=1,60,0", line, 'AT#MQSUB=1,"while"', "AT#MQDISC=1")
        await asyncio.to_thread(broker.publish, "while", b"away", "-q", "1")
        assert "1,1,while,4" == await rung(bench, line)


async def test_a_ping_keeps_the_connection(broker: Mosquitto) -> None:
    """By the module's clock, far ahead of the broker's."""
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, "AT#MQCFG2=1,1,1", CONNECT)
        for _ in range(5):
            await bench.advance(1)
            await succeed(bench, 'AT#MQSUB=1,"anything"')
        assert information("#MQCONN: 1,1", "#MQCONN: 2,0") == await bench.command("AT#MQCONN?")


async def test_another_connection_with_the_same_client_id_takes_the_place(broker: Mosquitto) -> None:
    """The first one is closed by the broker (3.1.4); no URC tells of it."""
    async with mqtt_bench(broker.port) as bench:
        await succeed(bench, CONNECT, "AT#MQEN=2,1", CONFIGURE.replace("1,", "2,", 1), CONNECT.replace("1,", "2,", 1))
        await eventually(lambda: client_of(bench).state is MqttState.IDLE, "the first one is closed")
        assert information("#MQCONN: 1,0", "#MQCONN: 2,1") == await bench.command("AT#MQCONN?")


async def test_a_password_file_lets_in_whom_it_knows(tmp_path: Path) -> None:
    user, password = ACCOUNT
    with mosquitto(tmp_path, *with_accounts(tmp_path)) as broker:
        async with mqtt_bench(broker.port) as bench:
            for account in ("", f',"{user}","wrong"'):
                assert cme(562) == await bench.command(CONNECT + account)
            await succeed(bench, f'{CONNECT},"{user}","{password}"')
