"""A bench whose module is ready for MQTT, and short words for what tests of the MQTT commands do over and over."""

import json
import re
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from emulator.bench import BenchHost
from emulator.device.mqtt.client import MqttClient
from emulator.resources import PROFILES
from emulator.testing import Bench
from emulator.trace.events import MqttPacket
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpClient, TcpPeer
from tests.commands.ssl_bench import OK, succeed

BROKER = "mqtt.example.com"
MODEL = "ME310G1"
CONFIGURE = f'AT#MQCFG=1,"{BROKER}",1883,1'
CONNECT = 'AT#MQCONN=1,"module"'
PROMPT = "\r\n>>>"
CONNACK = b"\x20\x02\x00\x00"
SUBACK = b"\x90\x03\x00\x01\x01"

_RING = re.compile("\r\n#MQRING: ([^\r\n]*)\r\n$")


@asynccontextmanager
async def mqtt_bench(
    port: int, firmware: str = MODEL, others: Mapping[str, str] | None = None, **options: Any
) -> AsyncIterator[Bench]:
    """A module with +CMEE=1, context 1 active, and instance 1 enabled for the broker, whose name leads to `port`.

    `others` are further routes.
    """
    routes = {BROKER: f"127.0.0.1:{port}", **(others or {})}
    async with Bench(firmware, routes=routes, **options) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","ibox.tim.it"')
        await bench.command("AT#SGACT=1,1")
        await succeed(bench, "AT#MQEN=1,1", CONFIGURE)
        yield bench


def mqtt_setting() -> str:
    """A setting that gives a firmware without MQTT that of the later lines."""
    return f"mqtt={_inline(tomllib.loads((PROFILES / 'lte.toml').read_text())['mqtt'])}"


def _inline(value: Any) -> str:
    """A value of TOML in one line."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}={_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_inline, value)) + "]"
    return json.dumps(value)


def client_of(bench: Bench, number: int = 1) -> MqttClient:
    """An MQTT instance of the module."""
    assert bench.modem.device.mqtt is not None
    return bench.modem.device.mqtt[number]


async def rung(host: BenchHost, line: str = "", before: str = "") -> str:
    """Send a line, where there is one, and read up to the next #MQRING; what it says. `before` is what comes first."""
    if line:
        host.send(f"{line}\r")
        before = OK
    heard = ""
    while (found := _RING.search(heard)) is None:
        heard += await host.until("\r\n")
        assert "ERROR" not in heard, heard
    assert heard.removesuffix(found[0]) == before, heard
    return found[1]


async def rung_at_the_prompt(host: BenchHost, data: bytes, topic: str, qos: int = 1) -> str:
    """Publish bytes at the prompt to a topic that the module has subscribed to; what #MQRING says."""
    assert PROMPT == await host.command(f'AT#MQPUBSEXT=1,"{topic}",0,{qos},{len(data)}')
    host.send(data)
    return await rung(host, before=OK)


async def send_bytes(host: BenchHost, data: bytes, topic: str = "t", qos: int = 1) -> str:
    """Publish bytes at the prompt; the answer."""
    assert PROMPT == await host.command(f'AT#MQPUBSEXT=1,"{topic}",0,{qos},{len(data)}')
    host.send(data)
    return await host.answer()


async def read(host: BenchHost, number: int = 1, instance: int = 1) -> tuple[str, bytes]:
    """Read a message as a host that counts does: topic and payload."""
    host.send(f"AT#MQREAD={instance},{number}\r")
    heard = await host.until(OK)
    head, sign, rest = heard.partition("\r\n<<<")
    assert sign, heard
    topic, size = head.removeprefix(f"\r\n#MQREAD: {instance},").rsplit(",", 1)
    assert rest[int(size) :] == OK, heard
    return topic, rest[: int(size)].encode("latin-1")


def packets(bench: Bench) -> list[str]:
    """The control packets so far, as the trace shows them: `>` from the module, `<` to it."""
    return [
        f"{'>' if event.direction == 'sent' else '<'} {event.text}"
        for event in bench.events
        if isinstance(event, MqttPacket)
    ]


async def welcomed(
    bench: Bench, peer: TcpPeer, number: int = 1, line: str = CONNECT, answer: bytes = CONNACK
) -> TcpClient:
    """Connect to a broker that obeys the test; its end of the connection."""
    bench.send(f"{line}\r")
    client = await peer.client(number)
    await eventually(lambda: bool(client.received), "CONNECT comes")
    client.say(answer)
    assert OK == await bench.answer()
    client.received.clear()
    return client
