"""MQTT within TLS, against mosquitto: the settings and the security data are those of SSId 1."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from emulator.lab.mqtt_broker import MqttBroker
from emulator.testing import Bench
from emulator.trace.events import TlsOutcome
from tests.commands.mqtt_bench import BROKER, CONNECT, mqtt_bench, read, rung
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpPeer
from tests.commands.ssl_bench import OK, PROMPT, succeed
from tests.peers.mosquitto import mosquitto, within_tls
from tests.peers.pki import CLIENT, OTHER_ROOT, ROOT, SERVER

SECURE = f'AT#MQCFG=1,"{BROKER}",8883,1,1'
BUSY = "\r\n+CME ERROR: SSL already activated\r\n"
HANDSHAKE = "\r\n+CME ERROR: SSL error during handshake\r\n"
NO_DATA = "\r\n+CME ERROR: SSL certs and keys wrong or not stored\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("broker")
    with mosquitto(folder, *within_tls(folder, SERVER)) as broker:
        yield broker.port


@pytest.fixture
async def bench(port: int) -> AsyncIterator[Bench]:
    """A module that speaks TLS 1.2 to mosquitto, and checks nothing."""
    async with mqtt_bench(port) as bench:
        await succeed(bench, "AT+CMEE=2", SECURE, "AT#SSLSECCFG=1,0,0", "AT#SSLSECCFG2=1,3")
        yield bench


async def store(bench: Bench, kind: int, pem: bytes) -> None:
    """Store security data while SSL is enabled, and disable it again."""
    await succeed(bench, "AT#SSLEN=1,1")
    assert PROMPT == await bench.command(f"AT#SSLSECDATA=1,1,{kind},{len(pem)}")
    bench.send(pem + b"\x1a")
    assert OK == await bench.answer()
    await succeed(bench, "AT#SSLEN=1,0")


def outcomes(bench: Bench) -> list[str]:
    return [event.outcome for event in bench.events if isinstance(event, TlsOutcome)]


async def talk(bench: Bench) -> None:
    """A message out, and back."""
    await succeed(bench, CONNECT, 'AT#MQSUB=1,"t"')
    assert "1,1,t,5" == await rung(bench, 'AT#MQPUBS=1,"t",0,1,"hello"')
    assert ("t", b"hello") == await read(bench)
    await succeed(bench, "AT#MQDISC=1")


async def test_messages_pass_within_tls(bench: Bench) -> None:
    await talk(bench)
    assert ["established"] == outcomes(bench)


async def test_the_server_is_authenticated_by_the_stored_authority(bench: Bench) -> None:
    """Without one the module does not dial; another one is no help."""
    await succeed(bench, "AT#SSLSECCFG=1,0,1")
    assert NO_DATA == await bench.command(CONNECT)
    await store(bench, 1, OTHER_ROOT.pem)
    assert HANDSHAKE == await bench.command(CONNECT)
    await store(bench, 1, ROOT.pem)
    await talk(bench)


async def test_a_broker_that_wants_a_certificate_of_the_module(tmp_path: Path) -> None:
    with mosquitto(tmp_path, *within_tls(tmp_path, SERVER, ROOT)) as broker:
        async with mqtt_bench(broker.port) as bench:
            await succeed(bench, "AT+CMEE=2", SECURE, "AT#SSLSECCFG2=1,3")
            assert OK != await bench.command(CONNECT)
            for kind, pem in enumerate((CLIENT.pem, ROOT.pem, CLIENT.key_pem)):
                await store(bench, kind, pem)
            await succeed(bench, "AT#SSLSECCFG=1,0,2")
            await talk(bench)


@pytest.mark.parametrize("named", [False, True])
async def test_the_hello_names_the_broker_where_the_settings_say_so(named: bool) -> None:
    """SNI of #SSLSECCFG2."""
    async with TcpPeer() as peer, mqtt_bench(peer.port) as bench:
        await succeed(bench, SECURE, f"AT#SSLSECCFG2=1,3,{int(named)}")
        bench.send(f"{CONNECT}\r")
        client = await peer.client()
        await eventually(lambda: len(client.received) > 40, "the hello comes")
        assert named is (BROKER.encode() in client.received)
        client.close()
        await bench.answer()


async def test_tls_is_chosen_while_the_ssl_socket_is_disabled(bench: Bench) -> None:
    """It may be enabled again before #MQCONN, as hosts do; not open."""
    await succeed(bench, "AT#SSLEN=1,1")
    assert BUSY == await bench.command(SECURE)
    await succeed(bench, SECURE[:-1] + "0", "AT#SSLEN=1,0", SECURE, "AT#SSLEN=1,1")
    await talk(bench)


async def test_the_ssl_socket_and_mqtt_exclude_each_other(bench: Bench) -> None:
    """Its settings cannot change while MQTT is connected within TLS; nor can it dial then, or MQTT while it is open."""
    await succeed(bench, "AT#SSLEN=1,1", CONNECT)
    assert OK != await bench.command("AT#SSLSECCFG=1,0,0")
    assert BUSY == await bench.command(f'AT#SSLD=1,8883,"{BROKER}",0,1')
    await succeed(bench, "AT#MQDISC=1", f'AT#SSLD=1,8883,"{BROKER}",0,1')
    assert BUSY == await bench.command(CONNECT)
    await succeed(bench, "AT#SSLH=1")
    await talk(bench)


async def test_two_instances_within_tls_are_one_too_many(bench: Bench) -> None:
    """As there is one SSL socket whose settings they share."""
    await succeed(bench, "AT#MQEN=2,1", SECURE.replace("=1", "=2"), CONNECT)
    assert BUSY == await bench.command(CONNECT.replace("=1", "=2"))
    await succeed(bench, "AT#MQDISC=1", CONNECT.replace("=1", "=2"))


async def test_a_broker_that_speaks_no_tls(bench: Bench) -> None:
    with MqttBroker(misbehaviour="no-tls") as broker:
        bench.modem.route(BROKER, broker.address)
        assert HANDSHAKE == await bench.command(CONNECT)
    assert "#MQCONN: 1,0" in await bench.command("AT#MQCONN?")


async def test_the_labs_broker_speaks_tls_1_0_too() -> None:
    """For a module whose settings are those of the factory."""
    with MqttBroker() as broker:
        async with mqtt_bench(broker.port) as bench:
            await succeed(bench, SECURE, "AT#SSLSECCFG2=1,1")
            await talk(bench)
