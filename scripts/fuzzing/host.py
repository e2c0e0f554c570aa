"""A host that brings a module into a mode, does anything there, and at last wants an answer to AT."""

import asyncio

from emulator.bench import Bench
from emulator.trace.events import Defect
from fuzzing.answers import finals
from fuzzing.case import Case, Finding, Step
from fuzzing.lines import HOST
from fuzzing.peers import LocalPeer

MODES = (
    "command",
    "half line",
    "pem",
    "der",
    "text message",
    "pdu",
    "counted",
    "online",
    "datagrams",
    "command mode",
    "mux",
)
"""How a host can have come to where the steps are done."""

_LINES = {
    "command": "AT\r",
    "half line": "AT+CSQ;+CRE",
    "pem": "AT#SSLEN=1,1\rAT#SSLSECCFG=1,0,1\rAT#SSLSECDATA=1,1,1,500\r",
    "der": "AT#SSLEN=1,1\rAT#SSLSECCFG=1,0,1,0\rAT#SSLSECDATA=1,1,1,500\r",
    "text message": 'AT+CMGF=1\rAT+CMGS="+39331234567"\r',
    "pdu": "AT+CMGF=0\rAT+CMGW=23\r",
    "counted": f'AT#SD=2,0,80,"{HOST}",0,0,1\r',
    "online": f'AT#SD=1,0,80,"{HOST}",0,0,0\r',
    "datagrams": f'AT#SD=3,1,80,"{HOST}",0,0,0\r',
    "command mode": f'AT#SD=1,0,80,"{HOST}",0,0,1\r',
    "mux": "AT+CMUX=0\r",
}
_AFTER_THE_DIAL = {"counted": "AT#SSENDEXT=2,40\r", "command mode": "AT#SRECV=1,100\r"}
_READY = ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1")


async def play_modes(case: Case) -> Finding | None:
    """Do all steps; return what was wrong."""
    async with LocalPeer() as peer, Bench(case.setting["firmware"], routes={HOST: peer.address}) as bench:
        for line in _READY:
            await bench.command(line)
        for step in case.steps:
            await _take(bench, peer, step)
            bench.read()
            if (defect := first_defect(bench)) is not None:
                return Finding("defect", f"{step}: {defect}")
        return await wants_an_answer(bench)


async def _take(bench: Bench, peer: LocalPeer, step: Step) -> None:
    match step.verb:
        case "enter":
            await _enter(bench, step.argument)
        case "say":
            bench.send(step.argument)
        case "wait":
            await bench.advance(step.argument)
        case "reopen":
            bench.port.host_close()
            bench.port.host_open()
        case "peer-says":
            peer.say(b"words of the peer")
        case "peer-closes":
            peer.close()
    await asyncio.sleep(0)


async def _enter(bench: Bench, mode: str) -> None:
    """Type what leads into a mode; whether it does depends on what went before."""
    bench.send(_LINES[mode])
    for _ in range(6):
        await asyncio.sleep(0)
    if mode in _AFTER_THE_DIAL:
        await asyncio.sleep(0.001)
        bench.send(_AFTER_THE_DIAL[mode])


def first_defect(bench: Bench) -> str | None:
    """Return the first thing that went wrong inside the module."""
    return next((event.text for event in bench.events if isinstance(event, Defect)), None)


async def wants_an_answer(bench: Bench) -> Finding | None:
    """Leave whatever mode the host is in, and type AT."""
    heard = ""
    for attempt in range(3):
        bench.port.host_close()
        bench.port.host_open()
        await bench.advance(1.2)
        bench.send("+++")
        await bench.advance(1.2)
        bench.send("\x1b")
        await bench.advance(60 + 700 * attempt)  # what runs may take its time, and a restart, too
        bench.send("\rATE0Q0V1&K0\r")
        await bench.advance(2)
        bench.read()
        bench.send("AT\r")
        heard = bench.read()
        if (defect := first_defect(bench)) is not None:
            return Finding("defect", defect)
        if finals(heard) == ["OK"]:
            return None
    return Finding("no answer to AT", repr(heard))
