"""Anything on the way to a terminal: telnet options, frames, hosts that come and go, on every transport."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from emulator.clock import ManualClock
from emulator.modem import Modem
from emulator.options import ModemOptions
from emulator.trace.events import Defect, Event
from fuzzing.case import Case, Finding, Step
from fuzzing.declarations import LINES, commands
from fuzzing.isolation import run_alone
from fuzzing.lines import make_line
from fuzzing.raw_host import RawHost
from tests.peers.mux_client import frame

TRANSPORTS = ("pty", "tcp", "unix", "rfc2217")
_GAP = 0.03
"""Seconds of real time between two hosts after which the second one must be answered."""
_CARRIED = 0.002
"""Seconds of real time in which the kernel carries bytes."""
_TELNET_VERBS = (251, 252, 253, 254, 250, 240, 241, 246, 255, 0)
_TELNET_OPTIONS = (0, 1, 3, 44, 24, 255)
_PORT_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 200)
_CONTROLS = (0x3F, 0x2F, 0x53, 0x43, 0xEF, 0xFF, 0x03, 0x73, 0x1F)
_TYPED = (
    "AT\r",
    "AT+CMUX=0\r",
    "AT#SSLEN=1,1\rAT#SSLSECDATA=1,1,1,500\r",
    'AT+CMGF=1;+CMGS="1"\r',
    "AT+CR",
    "+++",
    "\x13",
    "\x11",
)


class Ports:
    """Do anything to a port of each transport; the next host's AT is answered."""

    name = "ports"
    summary = "bytes, telnet options, frames and hosts that come and go on every transport"
    weight = 0.04

    def make(self, dice: Random) -> Case:
        firmware, transport = dice.choice(LINES), dice.choice(TRANSPORTS)
        steps = [Step("open")]
        for _ in range(25):
            chance = dice.random()
            if chance < 0.12:
                steps += [Step(dice.choice(["close", "reset"])), Step("open")]
            elif chance < 0.2:
                steps.append(Step("wait", dice.choice([0.3, 1.1, 30.0])))
            elif chance < 0.25:
                steps.append(Step("read"))
            else:
                steps.append(Step("send", self._bytes(dice, firmware, transport)))
        return Case(self.name, tuple(steps), {"firmware": firmware, "transport": transport})

    def _bytes(self, dice: Random, firmware: str, transport: str) -> str:
        chance = dice.random()
        if transport == "rfc2217" and chance < 0.5:
            return _telnet(dice)
        if chance < 0.65:
            return dice.choice(_TYPED)
        if chance < 0.8:
            return _frame(dice)
        if chance < 0.9:
            return make_line(dice, commands(firmware)) + "\r"
        return dice.randbytes(dice.choice([1, 5, 100, 3000])).decode("latin-1")

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            finding, uncaught = run_alone(_play(case, Path(folder)))
        return finding or (Finding("uncaught", uncaught[0]) if uncaught else None)


def _telnet(dice: Random) -> str:
    """Make an option, a suboption of RFC 2217, or a part of one."""
    if dice.random() < 0.4:
        made = bytes((255, dice.choice(_TELNET_VERBS), dice.choice(_TELNET_OPTIONS)))
    else:
        value = dice.randbytes(dice.choice([0, 1, 4, 5, 300])).replace(b"\xff", b"\xff\xff")
        made = bytes((255, 250, dice.choice((44, 44, 44, 24)), dice.choice(_PORT_COMMANDS))) + value + b"\xff\xf0"
    return made[: dice.choice([len(made), len(made), dice.randint(0, len(made))])].decode("latin-1")


def _frame(dice: Random) -> str:
    """Make a frame of the multiplexer, at times with a byte changed."""
    channel, information = dice.choice([0, 1, 2, 63]), dice.randbytes(dice.choice([0, 1, 3, 60, 127]))
    if dice.random() < 0.3:
        information = b"AT\r"
    made = bytearray(frame(channel << 2 | dice.choice([1, 3]), dice.choice(_CONTROLS), information))
    if dice.random() < 0.4:
        made[dice.randrange(len(made))] = dice.randrange(256)
    return bytes(made).decode("latin-1")


@asynccontextmanager
async def _modem(case: Case, folder: Path, events: list[Event]) -> AsyncIterator[tuple[Modem, ManualClock]]:
    clock = ManualClock()
    at = {"pty": "pty", "tcp": "tcp:127.0.0.1:0", "unix": f"unix:{folder / 'port'}", "rfc2217": "rfc2217:127.0.0.1:0"}
    readers = (lambda now, event: events.append(event),)
    options = ModemOptions(
        case.setting["firmware"], listen=[at[case.setting["transport"]]], clock=clock, readers=readers
    )
    modem = Modem(options)
    try:
        yield modem, clock
    finally:
        modem.close()
        await asyncio.sleep(0)


async def _play(case: Case, folder: Path) -> Finding | None:
    events: list[Event] = []
    async with _modem(case, folder, events) as (modem, clock):
        host = RawHost(modem.port)
        try:
            for step in case.steps:
                await _take(host, clock, step)
                if (finding := _defect(events, str(step))) is not None:
                    return finding
            host.close()
            return await _next_host(modem, clock) or _defect(events, "in the end")
        finally:
            host.close()


async def _take(host: RawHost, clock: ManualClock, step: Step) -> None:
    match step.verb:
        case "open":
            host.open()
        case "close":
            host.close()
        case "reset":
            host.reset()
        case "send":
            host.send(step.argument.encode("latin-1"))
        case "read":
            host.read()
        case "wait":
            await clock.advance_in_loop(step.argument)
    for _ in range(3):
        await asyncio.sleep(0)


async def _next_host(modem: Modem, clock: ManualClock) -> Finding | None:
    """Let another host come after a while, and after one that restores what settings hide."""
    heard = b""
    for pause in (1.0, 60.0, 1000.0):
        for line in (b"\rATE0Q0V1&K0\r", b"AT\r"):
            await asyncio.sleep(_GAP)
            await clock.advance_in_loop(pause)
            host = RawHost(modem.port)
            host.open()
            await asyncio.sleep(_CARRIED)
            host.send(line)
            heard = await _heard(host, clock)
            host.close()
        if b"\r\nOK\r\n" in heard:
            return None
    return Finding("no answer to AT", repr(heard))


async def _heard(host: RawHost, clock: ManualClock) -> bytes:
    heard = b""
    for _ in range(20):
        await asyncio.sleep(_CARRIED)
        await clock.advance_in_loop(0.05)
        heard += host.read()
        if b"\r\nOK\r\n" in heard:
            break
    return heard


def _defect(events: list[Event], where: str) -> Finding | None:
    texts = [event.text for event in events if isinstance(event, Defect)]
    events.clear()
    return Finding("defect", f"{where}: {texts[0]}") if texts else None
