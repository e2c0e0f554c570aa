"""A host in a data call that says anything: PPP, packets of IPv4, bytes, the escape; on the whole module."""

import asyncio
from random import Random

from emulator.bench import Bench
from fuzzing.case import Case, Finding, Step
from fuzzing.declarations import LINES
from fuzzing.host import first_defect, wants_an_answer
from fuzzing.isolation import run_alone
from fuzzing.lines import HOST
from fuzzing.peers import LocalPeer
from fuzzing.targets.ip_packets import packet
from fuzzing.targets.ppp import PROTOCOLS, agreement, information, noise
from tests.ppp.host import IPCP, IPV4, LCP, PAP, REQUEST, Seen, control, fcs_16, frame, option

_SECONDS = (0.01, 0.3, 1.1, 3.0, 30.0, 700.0)
_TYPED = ("+++", "ATO\r", "ATH\r", "ATD*99#\r", "AT+CGACT=0,1\r", "AT+CFUN=4\r", "AT\r", "AT+CGDATA\r")
_ROUNDS = 12
"""Exchanges in which a good host comes online."""


class DataCalls:
    """Do anything in a data call; afterwards AT is answered."""

    name = "data-calls"
    summary = "PPP, packets, bytes and the escape in a data call of the whole module"
    weight = 0.1

    def make(self, dice: Random) -> Case:
        steps = [Step("say", "ATD*99#\r"), *(self._step(dice) for _ in range(dice.choice([3, 10, 30])))]
        return Case(self.name, tuple(steps), {"firmware": dice.choice(LINES), "type": str(dice.randrange(4))})

    def _step(self, dice: Random) -> Step:
        match dice.choices(["online", "packet", "frame", "bytes", "wait", "say", "escape"], [3, 8, 4, 2, 3, 1, 1])[0]:
            case "packet":
                return Step("frame", [IPV4, packet(dice).hex()])
            case "frame":
                return Step("frame", [dice.choice(PROTOCOLS), information(dice).hex()])
            case "bytes":
                return Step("bytes", noise(dice).hex())
            case "wait":
                return Step("wait", dice.choice(_SECONDS))
            case "say":
                return Step("say", dice.choice(_TYPED))
            case verb:
                return Step(verb)

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        finding, uncaught = run_alone(_play(case))
        return finding or (Finding("uncaught", uncaught[0]) if uncaught else None)


async def _play(case: Case) -> Finding | None:
    async with LocalPeer() as peer, Bench(case.setting["firmware"], routes={HOST: peer.address}) as bench:
        for line in ('AT+CGDCONT=1,"IP","apn"', f"AT#GAUTH={case.setting['type']}"):
            await bench.command(line)
        for step in case.steps:
            await _take(bench, step)
            if (defect := first_defect(bench)) is not None:
                return Finding("defect", f"{step}: {defect}")
        return await wants_an_answer(bench)


async def _take(bench: Bench, step: Step) -> None:
    match step.verb:
        case "say":
            bench.send(step.argument)
        case "bytes":
            bench.send(bytes.fromhex(step.argument))
        case "frame":
            bench.send(_framed(step.argument[0], bytes.fromhex(step.argument[1])))
        case "wait":
            await bench.advance(step.argument)
        case "escape":
            await bench.advance(1.1)
            bench.send("+++")
            await bench.advance(1.1)
        case "online":
            await _come_online(bench)
    await asyncio.sleep(0)
    if step.verb != "online":
        bench.read()


async def _come_online(bench: Bench) -> None:
    """Ask for everything, and agree to everything, for some rounds."""
    bench.send(_framed(LCP, control(REQUEST, 77)))
    for _ in range(_ROUNDS):
        for seen in _seen(bench.read()):
            if (answer := agreement(seen)) is not None:
                bench.send(_framed(*answer))
        bench.send(_framed(PAP, control(REQUEST, 78, b"\2me\6secret")))
        bench.send(_framed(IPCP, control(REQUEST, 79, option(3, bytes(4)))))
        await bench.advance(0.2)


def _framed(protocol: int, content: bytes) -> bytes:
    return frame(b"\xff\x03" + protocol.to_bytes(2, "big") + content)


def _seen(heard: str) -> list[Seen]:
    """Return the control packets among what the module has said."""
    packets = []
    for raw in heard.encode("latin-1").split(b"~"):
        octets = iter(raw)
        content = bytes(next(octets, 0) ^ 0x20 if octet == 0x7D else octet for octet in octets)
        if len(content) > 8 and int.from_bytes(content[-2:], "little") == fcs_16(content[:-2]):
            content = content[:-2].removeprefix(b"\xff\x03")
            packets.append(Seen(int.from_bytes(content[:2], "big"), content[2:]))
    return packets
