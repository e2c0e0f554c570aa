"""A host that brings a module into a mode, does anything there, and at last wants an answer to AT."""

import asyncio
from dataclasses import dataclass

from emulator.bench import Bench
from emulator.trace.events import Defect
from fuzzing.answers import finals
from fuzzing.case import Case, Finding, Step
from fuzzing.lines import HOST
from fuzzing.peers import LocalPeer
from tests.commands.peer import ObedientPeer

MODES = (
    "command",
    "half line",
    "pem",
    "der",
    "text message",
    "pdu",
    "counted",
    "body",
    "online",
    "datagrams",
    "command mode",
    "mux",
)
"""How a host can have come to where the steps are done."""

SSL_MODES = ("SSL online", "blocked read", "SSL prompt", "SSL counted", "second SSL online", "second SSL prompt")
"""The same, with a TLS server."""

_LINES = {
    "SSL online": f'AT#SSLEN=1,1\rAT#SSLD=1,443,"{HOST}",0,0\r',
    **dict.fromkeys(("blocked read", "SSL prompt", "SSL counted"), f'AT#SSLEN=1,1\rAT#SSLD=1,443,"{HOST}",0,1\r'),
    "second SSL online": f'AT#SSLEN=2,1\rAT#SSLD=2,443,"{HOST}",0,0\r',
    "second SSL prompt": f'AT#SSLEN=2,1\rAT#SSLD=2,443,"{HOST}",0,1\r',
    "command": "AT\r",
    "half line": "AT+CSQ;+CRE",
    "pem": "AT#SSLEN=1,1\rAT#SSLSECCFG=1,0,1\rAT#SSLSECDATA=1,1,1,500\r",
    "der": "AT#SSLEN=1,1\rAT#SSLSECCFG=1,0,1,0\rAT#SSLSECDATA=1,1,1,500\r",
    "text message": 'AT+CMGF=1\rAT+CMGS="+39331234567"\r',
    "pdu": "AT+CMGF=0\rAT+CMGW=23\r",
    "counted": f'AT#SD=2,0,80,"{HOST}",0,0,1\r',
    "body": f'AT#HTTPCFG=0,"{HOST}"\rAT#HTTPSND=0,0,"/",40\r',
    "online": f'AT#SD=1,0,80,"{HOST}",0,0,0\r',
    "datagrams": f'AT#SD=3,1,80,"{HOST}",0,0,0\r',
    "command mode": f'AT#SD=1,0,80,"{HOST}",0,0,1\r',
    "mux": "AT+CMUX=0\r",
}
_AFTER_THE_DIAL = {
    "counted": "AT#SSENDEXT=2,40\r",
    "command mode": "AT#SRECV=1,100\r",
    "SSL online": "",
    "blocked read": "AT#SSLRECV=1,100,600\r",
    "SSL prompt": "AT#SSLSEND=1\r",
    "SSL counted": "AT#SSLSENDEXT=1,40\r",
    "second SSL online": "",
    "second SSL prompt": "AT#SSLSEND=2\r",
}
_READY = ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1")


async def play_modes(case: Case, tls_peer: ObedientPeer | None) -> Finding | None:
    """Do all steps; return what was wrong."""
    async with LocalPeer() as peer:
        routes = {HOST: peer.address}
        if tls_peer is not None:
            routes[f"{HOST}:443"] = f"127.0.0.1:{tls_peer.port}"
        async with Bench(case.setting["firmware"], routes=routes) as bench:
            return await _play(case, bench, _Peers(peer, tls_peer))


@dataclass
class _Peers:
    """The peers that a host can have dialled."""

    plain: LocalPeer
    tls: ObedientPeer | None

    def say(self) -> None:
        self.plain.say(b"words of the peer")
        if self.tls is not None:
            self.tls.say(b"words of the peer")

    def close(self) -> None:
        self.plain.close()
        if self.tls is not None:
            self.tls.close()


async def _play(case: Case, bench: Bench, peers: _Peers) -> Finding | None:
    for line in _READY:
        await bench.command(line)
    for step in case.steps:
        await _take(bench, peers, step)
        bench.read()
        if (defect := first_defect(bench)) is not None:
            return Finding("defect", f"{step}: {defect}")
    return await wants_an_answer(bench)


async def _take(bench: Bench, peers: _Peers, step: Step) -> None:
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
            peers.say()
        case "peer-closes":
            peers.close()
    await asyncio.sleep(0)


async def _enter(bench: Bench, mode: str) -> None:
    """Type what leads into a mode; whether it does depends on what went before."""
    bench.send(_LINES[mode])
    for _ in range(6):
        await asyncio.sleep(0)
    if mode in _AFTER_THE_DIAL:
        await _dialled(bench, mode)
        bench.send(_AFTER_THE_DIAL[mode])


async def _dialled(bench: Bench, mode: str) -> None:
    """Give the dial some real time: a TLS server is a thread of its own."""
    for _ in range(50 if mode in SSL_MODES else 1):
        await asyncio.sleep(0.002)
        if finals(bench.read())[-1:] in (["OK"], ["CONNECT"]):
            break


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
