"""Faults at random, in any number and order, while hosts at two ports and at channels do at random what hosts do."""

import asyncio
from contextlib import suppress
from random import Random
from typing import Any

import msgspec

from emulator.bench import Bench, BenchHost
from emulator.errors import UserError
from fuzzing.answers import finals
from fuzzing.case import Case, Finding, Step
from fuzzing.declarations import LINES, commands
from fuzzing.fault_values import make_fault
from fuzzing.host import first_defect
from fuzzing.isolation import run_alone
from fuzzing.lines import HOST, make_line
from fuzzing.peers import LocalPeer, tls_peer_of
from tests.commands.peer import ObedientPeer
from tests.peers.mux_client import MuxClient

_LINES = (
    "#SGACT=1,1", "#SGACT=1,0", f'#SD=1,0,80,"{HOST}",0,0,1', f'#SD=2,0,80,"{HOST}",255,0,0', "#SH=1", "#SRECV=1,100",
    "#SSEND=1", "#SSENDEXT=1,5", f'#SSLD=1,443,"{HOST}",0,1', f'#SSLD=1,443,"{HOST}",1,0', "#SSLEN=1,1", "#SSLH=1",
    f'#SSLD=2,443,"{HOST}",0,1', f'#SSLD=2,443,"{HOST}",0,0', "#SSLEN=2,1", "#SSLEN=2,0", "#SSLH=2", "#SSLSEND=2",
    "#SSLRECV=1,100,50", "#SSLRECV=2,100,50", "#SSLI", "#SSLSEND=1",
    "#SSLSECDATA=1,1,1,50", "+CREG?;+CSQ", "+COPS?", "+CPIN?", '+CPIN="1234"',
    "+CMGF=1", '+CMGS="+39331234567"', "+CMGL=4", "+CFUN=4", "+CFUN=1", "#QDNS=no.such.name", "#REBOOT", "+CGACT=1,1",
    f"#FTPOPEN={HOST},a,b,1", "#FTPLIST", f"#HTTPCFG=0,{HOST}", "#HTTPQRY=0,0,/", "#HTTPSND=0,0,/,5", "#HTTPRCV=0",
)  # fmt: skip
_ENTRIES = ("abc\x1a", "\x1b", "12345", "\x1a", "-----BEGIN", "+++")
_READY = (
    'AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1", "AT#SSLEN=2,1", "AT+CMGF=1", f"AT#HTTPCFG=0,{HOST}",
)  # fmt: skip
_OPENERS = (f'AT#SD=1,0,80,"{HOST}",0,0,1\r', f'AT#SD=2,0,80,"{HOST}",0,0,0\r', f'AT#SSLD=1,443,"{HOST}",0,1\r', "AT\r")
_LONGEST = 3 * 3600.0
"""Seconds after which each fault that lasts has ended."""


class Faults:
    """Let things go wrong, take the faults back, and find a module that answers at every port."""

    name = "faults"
    summary = "faults of every kind in any order, with hosts at two ports and at channels"
    weight = 0.05

    def make(self, dice: Random) -> Case:
        firmware = dice.choice(LINES)
        places = dice.choice([(0,), (0, 1), (0, 1), (1, 2, 3)])
        openers = [Step("say", [place, dice.choice(_OPENERS)]) for place in places]
        steps = [Step("fault", make_fault(dice)), *openers]
        for _ in range(40):
            chance = dice.random()
            if chance < 0.25:
                steps.append(Step("fault", make_fault(dice)))
            elif chance < 0.3:
                steps.append(Step("remove", dice.randint(1, 6)))
            elif chance < 0.45:
                steps.append(Step("wait", dice.choice([0.1, 1.1, 5.0, 30.0, 200.0])))
            elif chance < 0.52:
                steps.append(Step(dice.choice(["reopen", "peer-says", "peer-closes"]), dice.randrange(2)))
            else:
                steps.append(Step("say", [dice.choice(places), self._words(dice, firmware)]))
        setting = {"firmware": firmware, "peer": dice.choice(["plain", "plain", "plain", "TLS"])}
        return Case(self.name, tuple(steps), setting)

    def _words(self, dice: Random, firmware: str) -> str:
        chance = dice.random()
        if chance < 0.6:
            return f"AT{dice.choice(_LINES)}\r"
        if chance < 0.8:
            return dice.choice(_ENTRIES)
        return make_line(dice, commands(firmware)) + "\r"

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        with tls_peer_of(case) as tls_peer:
            finding, uncaught = run_alone(_play(case, tls_peer))
        return finding or (Finding("uncaught", uncaught[0]) if uncaught else None)


async def _play(case: Case, tls_peer: ObedientPeer | None) -> Finding | None:
    async with LocalPeer() as peer:
        routes = {HOST: peer.address}
        if tls_peer is not None:
            routes[f"{HOST}:443"] = f"127.0.0.1:{tls_peer.port}"
        async with Bench(case.setting["firmware"], ports=2, routes=routes, seed=1) as bench:
            stage = _Stage(bench, peer, tls_peer)
            for host in bench.hosts:
                for line in _READY:
                    await host.command(line)
            for step in case.steps:
                stage.take(step)
                await _let_happen(bench, step, is_slow=tls_peer is not None)
                if (defect := first_defect(bench)) is not None:
                    return Finding("defect", f"{step}: {defect}")
            return await stage.is_well_in_the_end()


async def _let_happen(bench: Bench, step: Step, *, is_slow: bool) -> None:
    await asyncio.sleep(0.002 if is_slow else 0)
    await bench.advance(step.argument if step.verb == "wait" else 0.0)


class _Stage:
    """Two hosts at ports, and a program that speaks 27.010 at the first port when it is told to."""

    def __init__(self, bench: Bench, peer: LocalPeer, tls_peer: ObedientPeer | None) -> None:
        self._bench = bench
        self._peer = peer
        self._tls_peer = tls_peer
        self._mux = MuxClient(lambda data: self._say(bench, data))

    def take(self, step: Step) -> None:
        """Take one step."""
        match step.verb:
            case "fault":
                with suppress(UserError):  # it does not go together, or there is no such instance
                    self._bench.modem.faults.add(**step.argument)
            case "remove":
                with suppress(UserError, KeyError, LookupError):
                    self._bench.modem.faults.remove(step.argument)
            case "say":
                self._speak(*step.argument)
            case "reopen":
                _reopen(self._bench.hosts[step.argument])
            case "peer-says":
                self._peer.say(b"words of the peer")
                if self._tls_peer is not None:
                    self._tls_peer.say(b"words of the peer")
            case "peer-closes":
                self._peer.close()
                if self._tls_peer is not None:
                    self._tls_peer.close()

    def _speak(self, place: int, words: str) -> None:
        """Type at a port, or at a channel of the first port, which is opened."""
        if place < 2:
            self._say(self._bench.hosts[place], words.encode("latin-1"))
            return
        channel = place - 1
        self._say(self._bench, b"AT+CMUX=0\r")
        for number in (0, channel):
            self._mux.connect(number)
        self._mux.send(channel, words.encode("latin-1"))

    def _say(self, host: BenchHost, data: bytes) -> None:
        _be_there(host)
        host.send(data)
        host.read()

    async def is_well_in_the_end(self) -> Finding | None:
        """Take all faults back, wait until nothing lasts any more, and ask at both ports."""
        bench = self._bench
        for rule in list(bench.modem.faults.rules):
            bench.modem.faults.remove(rule.number)
        await bench.advance(_LONGEST)
        for host in bench.hosts:
            heard = ""
            for _ in range(3):
                _reopen(host)
                await bench.advance(1.2)
                host.send("+++")
                await bench.advance(1.2)
                host.send("\x1b")
                await bench.advance(_LONGEST)
                host.send("\rATE0Q0V1&K0\r")
                await bench.advance(2)
                host.read()
                host.send("AT\r")
                heard = host.read()
                if finals(heard) == ["OK"]:
                    break
            else:
                return Finding("no answer to AT", f"port {bench.hosts.index(host) + 1}: {heard!r}")
        if (defect := first_defect(bench)) is not None:
            return Finding("defect", defect)
        return _memory_is_whole(bench)


def _memory_is_whole(bench: Bench) -> Finding | None:
    content: Any = bench.modem.device.nvm
    again = msgspec.json.decode(msgspec.json.encode(content, enc_hook=dict), type=type(content))
    return None if again == content else Finding("memory", "what NVM holds is not what would be read again")


def _be_there(host: BenchHost) -> None:
    try:
        host.port.host_write(b"")
    except ValueError:
        host.port.host_open()


def _reopen(host: BenchHost) -> None:
    _be_there(host)
    host.port.host_close()
    host.port.host_open()
