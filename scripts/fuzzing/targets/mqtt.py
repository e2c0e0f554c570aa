"""An MQTT broker that says anything, to every MQTT command."""

import asyncio
from collections.abc import Callable
from random import Random

from emulator.bench import Bench
from fuzzing.answers import finals
from fuzzing.case import Case, Finding, Step
from fuzzing.ftp_server import HANG_UP, RESET, SILENCE
from fuzzing.host import first_defect, wants_an_answer
from fuzzing.isolation import run_alone
from fuzzing.mqtt_broker import OddBroker

_FIRMWARES = "LE910C1", "ME910C1", "ME310G1"
"""A firmware of each line that has MQTT."""
_LINES = (
    '#MQCONN=1,"a"', '#MQCONN=1,"a"', '#MQCONN=1,"a","b","c"', '#MQCONN=1,""', '#MQSUB=1,"t"', '#MQSUB=1,"+/#"',
    '#MQUNS=1,"t"', '#MQPUBS=1,"t",0,0,"x"', '#MQPUBS=1,"t",1,1,"x"', '#MQPUBS=1,"t",0,2,"x"', '#MQPUBS=1,"#",0,2,"x"',
    '#MQPUBSEXT=1,"t",0,1,3', '#MQPUBSEXT=1,"\xff",0,2,3', "#MQREAD=1,1", "#MQREAD=1,2", "#MQREAD?", "#MQCONN?",
    "#MQDISC=1", "#MQEN=1,0", "#MQEN=1,1", "#MQCFG2=1,0,0", "#MQCFG2=1,5,1", "#MQTCFG=1,1", '#MQWCFG=1,1,1,2,"w","x"',
    "#SGACT=1,0", "#SGACT=1,1",
)  # fmt: skip
_TOPICS = (b"t", b"", b"a/b", b"\0", b"\xff\xfe", b'a "b",c', b"\r\nOK\r\n", b"x" * 300, b"\xe6\xb8\xa9")
_PAYLOADS = (b"", b"hello", b"\r\nOK\r\n", bytes(range(256)), bytes(3000), bytes(20000))
_ACCEPTED = b"\x20\x02\x00\x00"


class Mqtt:
    """Talk to a broker that answers at random: each command gets its one result, and memory stays within bounds."""

    name = "mqtt"
    summary = "packets, lengths, identifiers and ends of an MQTT broker"
    weight = 0.05

    def make(self, dice: Random) -> Case:
        steps: list[Step] = [Step("say", _cut(dice, _ACCEPTED)), Step("line", 'AT#MQCONN=1,"a"')]
        for _ in range(12):
            if dice.random() < 0.8:
                said = b"".join(_packet(dice) for _ in range(dice.choice([1, 1, 2, 5])))
                steps.append(Step("say", _cut(dice, said)))
            if dice.random() < 0.2:
                steps.append(Step("end", dice.choice([SILENCE, SILENCE, HANG_UP, RESET])))
            steps.append(Step("line", f"AT{dice.choice(_LINES)}"))
        return Case(self.name, tuple(steps), {"firmware": dice.choice(_FIRMWARES)})

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        finding, uncaught = run_alone(_talk(case))
        return finding or (Finding("uncaught", uncaught[0]) if uncaught else None)


def _packet(dice: Random) -> bytes:
    """Make what a broker sends: mostly a packet, now and then with a wrong length or byte."""
    number = dice.choice([1, 1, 2, 3, 0, 65535]).to_bytes(2, "big")
    made = dice.choice(
        [
            _ACCEPTED,
            bytes((0x20, 2, dice.randrange(3), dice.randrange(7))),
            b"\x90\x03" + number + bytes([dice.choice([0, 1, 2, 3, 128])]),
            bytes([dice.choice([0x40, 0x50, 0x62, 0x60, 0x70, 0xB0]), 2]) + number,
            b"\xd0\x00",
            _publish(dice, number),
            _publish(dice, number),
            bytes((dice.randrange(256), dice.randrange(256))) + dice.randbytes(dice.randrange(9)),
        ]
    )
    if dice.random() < 0.15:
        changed = bytearray(made)
        changed[dice.randrange(len(changed))] = dice.randrange(256)
        made = bytes(changed)
    return made


def _publish(dice: Random, number: bytes) -> bytes:
    topic, payload, flags = dice.choice(_TOPICS), dice.choice(_PAYLOADS), dice.randrange(16)
    length = len(topic) if dice.random() < 0.9 else dice.choice([0, 1, 65535])
    body = length.to_bytes(2, "big") + topic + (number if flags & 6 else b"") + payload
    return bytes([0x30 | flags]) + _length(len(body) if dice.random() < 0.95 else dice.choice([0, 1, 2_000_000])) + body


def _length(size: int) -> bytes:
    """Write a remaining length (2.2.3)."""
    written = b""
    while size > 127:
        written += bytes([size & 127 | 128])
        size >>= 7
    return written + bytes([size])


def _cut(dice: Random, said: bytes) -> list[str]:
    """Cut what is said at random, and leave out its end now and then."""
    text = said.decode("latin-1")
    if dice.random() < 0.1:
        text = text[: dice.randrange(len(text) + 1)]
    places = sorted({0, *(dice.randrange(len(text) + 1) for _ in range(dice.choice([0, 1, 4])))})
    return [text[start:end] for start, end in zip(places, [*places[1:], len(text)], strict=True)]


async def _talk(case: Case) -> Finding | None:
    async with OddBroker() as broker, Bench(case.setting["firmware"], routes={"mqtt.lab": broker.address}) as bench:
        ready = ("AT+CMEE=1", 'AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#MQEN=1,1", 'AT#MQCFG=1,"mqtt.lab",1883,1')
        for line in ready:
            await bench.command(line)
        for step in case.steps:
            match step.verb:
                case "line":
                    if (finding := await _give(bench, step.argument)) is not None:
                        return finding
                case "say":
                    broker.pieces = step.argument
                case "end":
                    broker.end = step.argument
        return await wants_an_answer(bench)


async def _give(bench: Bench, line: str) -> Finding | None:
    """Type a line, and do what it asks for, up to its last result."""
    await bench.advance(0)
    bench.read()
    bench.send(f"{line}\r")
    heard = await _until(bench, finals)
    if heard.endswith("\r\n>>>"):
        bench.send("123")
        heard = await _until(bench, finals)
    if (defect := first_defect(bench)) is not None:
        return Finding("defect", f"{line}: {defect}")
    if not finals(heard):
        return Finding("no answer", f"{line}: {heard!r}")
    return _beyond_bounds(bench)


def _beyond_bounds(bench: Bench) -> Finding | None:
    mqtt = bench.modem.device.mqtt
    assert mqtt is not None, "the firmwares have it"
    most = mqtt[1].profile.inbox_size
    if (used := mqtt[1].inbox.used) > most:
        return Finding("memory", f"{used} bytes wait, and {most} may")
    return None


async def _until(bench: Bench, found: Callable[[str], object]) -> str:
    """Read until something is found in what has been heard, at most for a minute; return what was new."""
    heard = ""
    for turn in range(60):
        heard += bench.read()
        if found(heard):
            break
        await asyncio.sleep(0 if turn < 30 else 0.001)
        await bench.advance(0.0 if turn < 10 else 1.1)
    return heard
