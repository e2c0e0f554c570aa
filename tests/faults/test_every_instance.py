"""Every kind of fault at every kind of AT instance: the first port, the second one, a channel of the multiplexer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from emulator.bench import BenchHost
from emulator.faults.catalogue import FAULTS
from emulator.faults.triggers import Rule
from emulator.testing import Bench
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    CONNECT,
    ERROR,
    GSM,
    HOST,
    NO_CARRIER,
    OK,
    PROMPT,
    UMTS,
    cme,
    information,
    routes_to,
)
from tests.line.mux.hosts import MuxHost

DIAL = f'AT#SSLD=1,443,"{HOST}",0,1'
DIAL_ONLINE = f'AT#SSLD=1,443,"{HOST}",0,0'


@dataclass
class Stage:
    """A host at the AT instance that a fault is addressed to, and another host at another one."""

    bench: Bench
    host: BenchHost
    other: BenchHost
    terminal: str
    peer: ObedientPeer

    def add(self, name: str, **parameters: Any) -> Rule:
        return self.bench.modem.faults.add(name, terminal=self.terminal, **parameters)

    async def finished(self) -> str:
        """Let time pass until the command has answered, and real servers do their part meanwhile."""
        heard = ""
        for _ in range(400):
            await asyncio.sleep(0.005)
            await self.bench.advance(0.5)
            heard += self.host.read()
            if heard:
                return heard
        raise AssertionError("no answer")


@asynccontextmanager
async def stage_at(terminal: str, firmware: str = UMTS) -> AsyncIterator[Stage]:
    with ObedientPeer() as peer:
        async with Bench(firmware, ports=2, routes=routes_to(peer.port), seed=1) as bench:
            first, second = bench.hosts
            host, other = (second, first) if terminal == "2" else (first, second)
            if terminal == "1.2":
                mux = MuxHost(bench)
                await mux.start()
                other, host = mux.open(1), mux.open(2)
                await other.command("ATE0")
            assert (await host.command("ATE0;+CMEE=1")).endswith(OK)
            assert OK == await host.command('AT+CGDCONT=1,"IP","lab"')
            assert (await host.command("AT#SGACT=1,1")).endswith(OK)
            assert OK == await host.command("AT#SSLEN=1,1")
            yield Stage(bench, host, other, terminal, peer)


See = Callable[[Stage], Awaitable[None]]


def after(line: str, heard: str) -> See:
    """The host hears this, at once or in the next seconds, when it asks."""

    async def see(stage: Stage) -> None:
        stage.host.send(f"{line}\r")
        assert heard in await stage.finished()

    return see


def report(line: str) -> See:
    """The host is told that its registration is another one."""

    async def see(stage: Stage) -> None:
        assert OK == await stage.host.command("AT+CREG=1")
        stage.host.send("AT+CSQ\r")
        heard = stage.host.read()
        assert line in heard

    return see


async def context_is_down(stage: Stage) -> None:
    assert information("#SGACT: 1,0") == await stage.host.command("AT#SGACT?")


async def activation_fails(stage: Stage) -> None:
    await stage.host.command("AT#SGACT=1,0")
    assert cme(133) == await stage.host.command("AT#SGACT=1,1")


async def activation_takes_long(stage: Stage) -> None:
    await stage.host.command("AT#SGACT=1,0")
    stage.host.send("AT#SGACT=1,1\r")
    await stage.bench.advance(3.9)
    assert "" == stage.host.read()
    await stage.bench.advance(0.2)
    assert information("#SGACT: 212.195.45.65") == stage.host.read()


async def connection_ends(stage: Stage) -> None:
    assert CONNECT == await stage.host.command(DIAL_ONLINE)
    stage.peer.say(b"Good bye")
    assert (await stage.host.until(NO_CARRIER)).endswith(NO_CARRIER)


async def peer_says_nothing(stage: Stage) -> None:
    assert OK == await stage.host.command(DIAL)
    assert PROMPT == await stage.host.command("AT#SSLSEND=1")
    stage.host.send("Is anybody there?\x1a")
    assert OK == await stage.host.answer()
    assert b"" == stage.peer.received
    await after("AT#SSLRECV=1,100", information("#SSLRECV: 0", "TIMEOUT"))(stage)


async def dialling_takes_long(stage: Stage) -> None:
    before = stage.bench.clock.now()
    stage.host.send(f"{DIAL}\r")
    assert OK == await stage.finished()
    assert stage.bench.clock.now() - before > 4


async def bytes_of_entry(stage: Stage, entered: bytes) -> None:
    assert OK == await stage.host.command(DIAL)
    assert PROMPT == await stage.host.command("AT#SSLSEND=1")
    stage.host.send("0123456789\x1a")
    assert OK == await stage.host.answer()
    await eventually(lambda: stage.peer.received == entered, f"heard {stage.peer.received!r}")


async def garbled(stage: Stage) -> None:
    stage.host.send("AT+CSQ\r")
    good, bad = information("+CSQ: 20,0"), stage.host.read()
    assert 2 == sum(a != b for a, b in zip(good, bad, strict=True))


async def an_answer_comes_in_two_pieces(stage: Stage) -> None:
    stage.host.send("AT+CSQ\r")
    assert "\r\n+CS" == stage.host.read()
    await stage.bench.advance(1.9)
    assert "" == stage.host.read()
    await stage.bench.advance(0.2)
    assert "Q: 20,0\r\n" + OK == stage.host.read()


async def data_comes_in_two_portions(stage: Stage) -> None:
    assert OK == await stage.host.command(DIAL)
    stage.peer.say(b"Good")
    await after("AT#SSLRECV=1,100", information("#SSLRECV: 0", "TIMEOUT"))(stage)
    await after("AT#SSLRECV=1,100", information("#SSLRECV: 4", "Good"))(stage)


async def a_data_call_has_a_rate(stage: Stage) -> None:
    assert OK == await stage.host.command("AT#SGACT=1,0")
    await after("ATD*99***1#", "\r\nCONNECT 115200\r\n")(stage)


def pieces(*said: str) -> See:
    """The host asks for the signal, and hears these pieces, one in two seconds."""

    async def see(stage: Stage) -> None:
        stage.host.send("AT+CSQ\r")
        heard = []
        for _ in said:
            heard.append(stage.host.read())
            await stage.bench.advance(2)
        assert list(said) == heard

    return see


async def the_module_is_silent(stage: Stage) -> None:
    stage.host.send("AT+CSQ\r")
    assert "" == stage.host.read()
    assert "running" != stage.bench.modem.device.power.state.value
    await stage.bench.advance(20)
    assert "running" == stage.bench.modem.device.power.state.value


async def the_port_is_another_one(stage: Stage) -> None:
    """Of a channel it is the port below: the host there opens the new one, and the module speaks AT again."""
    number = int(stage.terminal[0])
    before = stage.bench.modem.at_ports[str(number)].instance
    stage.host.send("AT+CSQ\r")
    assert not before.host.connected
    await stage.bench.advance(2.1)
    assert before.host.connected
    back = BenchHost(stage.bench.port, stage.bench.clock)
    back.port.host_open()
    assert (await back.command("ATE0")).endswith(OK)
    assert before is stage.bench.modem.at_ports[str(number)].instance


async def the_other_side_hangs_up(stage: Stage) -> None:
    assert OK == await stage.host.command("ATD12345;")
    await after("AT+CSQ", NO_CARRIER)(stage)


async def a_message_is_announced(stage: Stage) -> None:
    assert OK == await stage.host.command("AT+CNMI=2,1")
    await after("AT+CSQ", information("+CSQ: 20,0") + '\r\n+CMTI: "SM",1\r\n')(stage)


Case = tuple[Mapping[str, Any], See]
AT_CSQ: Mapping[str, Any] = {"command": "+CSQ"}
CASES: Mapping[str, Case] = {
    "call-comes": ({**AT_CSQ, "number": "+4912345"}, after("AT+CSQ", information("+CSQ: 20,0") + "\r\nRING\r\n")),
    "call-ended": (AT_CSQ, the_other_side_hangs_up),
    "calls-fail": ({"command": "D"}, after("ATD12345;", "\r\nBUSY\r\n")),
    "message-comes": (AT_CSQ, a_message_is_announced),
    "registration-lost": (AT_CSQ, report("\r\n+CREG: 2\r\n")),
    "registration-denied": (AT_CSQ, report("\r\n+CREG: 3\r\n")),
    "registration-regained": ({**AT_CSQ, "roaming": True}, report("\r\n+CREG: 5\r\n")),
    "signal": ({**AT_CSQ, "rssi": 3}, after("AT+CSQ", "+CSQ: 3,0")),
    "attachment-refused": ({"command": "+CGATT?"}, after("AT+CGATT?", "+CGATT: 0")),
    "operator-named": ({"command": "+COPS?"}, after("AT+COPS?", '+COPS: 0,0,"Chunghwa Telecom",2')),
    "sim-busy": ({"command": "+CPIN?"}, after("AT+CPIN?", cme(14))),
    "sim-missing": ({"command": "+CPIN?"}, after("AT+CPIN?", cme(10))),
    "sim-locked": ({"command": "+CPIN?"}, after("AT+CPIN?", "+CPIN: SIM PIN")),
    "context-dropped": ({"command": "#SGACT?"}, context_is_down),
    "activation-refused": ({"command": "#SGACT"}, activation_fails),
    "activation-late": ({"command": "#SGACT", "duration": "4 s"}, activation_takes_long),
    "name-unknown": ({"command": "#SSLD"}, after(DIAL, cme(832))),
    "connection-refused": ({"command": "#SSLD"}, after(DIAL, cme(832))),
    "connection-unanswered": ({"command": "#SSLD"}, after(DIAL, cme(832))),
    "connection-reset": ({"command": "#SSLD", "at": "received", "byte": 1}, connection_ends),
    "connection-closed": ({"command": "#SSLD", "at": "received", "byte": 1}, connection_ends),
    "peer-silent": ({"command": "#SSLD"}, peer_says_nothing),
    "slow-network": ({"command": "#SSLD", "latency": "1 s", "times": 1}, dialling_takes_long),
    "data-late": ({"command": "#SSLD", "duration": "8 s"}, data_comes_in_two_portions),
    "command-refused": (AT_CSQ, after("AT+CSQ", cme(3))),
    "connect-rate": ({"command": "D"}, a_data_call_has_a_rate),
    "error-form": ({"command": "#SSLH"}, after("AT#SSLH=1", ERROR)),
    "handshake-stalled": ({"command": "#SSLD", "message": "certificate"}, after(DIAL, cme(839))),
    "handshake-cut": ({"command": "#SSLD"}, after(DIAL, cme(839))),
    "record-corrupted": ({"command": "#SSLD"}, connection_ends),
    "slow-processor": ({"command": "#SSLD", "times": 1}, after(DIAL, cme(839))),
    "reboot": (AT_CSQ, the_module_is_silent),
    "brown-out": (AT_CSQ, the_module_is_silent),
    "port-vanished": ({**AT_CSQ, "duration": "2 s"}, the_port_is_another_one),
    "unsolicited-line": ({**AT_CSQ, "text": "RING"}, after("AT+CSQ", information("+CSQ: 20,0") + "\r\nRING\r\n")),
    "bytes-lost": ({**AT_CSQ, "byte": 2, "count": 3}, after("AT+CSQ", "\r\nQ: 20,0\r\n\r\nOK\r\n")),
    "bytes-doubled": ({**AT_CSQ, "byte": 3, "count": 3}, after("AT+CSQ", "\r\n+CSQCSQ: 20,0\r\n")),
    "bytes-late": ({**AT_CSQ, "byte": 5, "duration": "2 s"}, an_answer_comes_in_two_pieces),
    "bytes-garbled": ({**AT_CSQ, "byte": 3, "count": 2}, garbled),
}
"""By kind: its keys, and how the host sees it."""
MORE: Mapping[str, tuple[str, Mapping[str, Any], See]] = {
    "a line at a byte of an answer": (
        "unsolicited-line",
        {**AT_CSQ, "at": "answer", "byte": 8, "text": "RING"},
        after("AT+CSQ", "\r\n+CSQ: \r\nRING\r\n20,0\r\n"),
    ),
    "an answer that comes after seconds": (
        "bytes-late",
        {**AT_CSQ, "byte": 0, "duration": "5 s"},
        pieces("", "", "", "\r\n+CSQ: 20,0\r\n" + OK),
    ),
    "an answer that dribbles": (
        "bytes-late",
        {**AT_CSQ, "byte": 2, "count": 3, "duration": "2 s"},
        pieces("\r\n", "+", "C", "SQ: 20,0\r\n" + OK),
    ),
    "a result that comes late": (
        "bytes-late",
        {**AT_CSQ, "line": "result", "duration": "3 s"},
        pieces("\r\n+CSQ: 20,0\r\n", "", OK),
    ),
    "a line before a result": (
        "unsolicited-line",
        {**AT_CSQ, "at": "answer", "line": "result", "text": "RING"},
        after("AT+CSQ", "\r\n+CSQ: 20,0\r\n\r\nRING\r\n" + OK),
    ),
    "bytes lost as they are typed": ("bytes-lost", {"at": "typed", "byte": 2}, after("ATX+CSQ", "+CSQ: 20,0")),
    "bytes garbled as they are typed": ("bytes-garbled", {"at": "typed", "byte": 2}, after("AT+CSQ", ERROR)),
    "bytes doubled at a prompt": (
        "bytes-doubled",
        {"at": "entry", "byte": 2},
        lambda stage: bytes_of_entry(stage, b"01223456789"),
    ),
    "bytes lost at a prompt": (
        "bytes-lost",
        {"command": "#SSLSEND", "at": "entry", "byte": 2},
        lambda stage: bytes_of_entry(stage, b"013456789"),
    ),
}
"""Other places of the same kinds."""


async def see(name: str, parameters: Mapping[str, Any], see_it: See, terminal: str) -> None:
    firmware = GSM if name == "slow-processor" else UMTS
    async with stage_at(terminal, firmware) as stage:
        rule = stage.add(name, **parameters)
        assert (await stage.other.command("AT+CSQ;+CPIN?;#SGACT?")).endswith(OK)
        assert 0 == rule.fired

        await see_it(stage)

        assert 1 == rule.fired


@pytest.mark.parametrize("terminal", ["1", "2", "1.2"])
@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_fires_at_its_instance_and_its_host_sees_it(name: str, terminal: str) -> None:
    """And not when another instance does the same."""
    await see(name, *CASES[name], terminal)


@pytest.mark.parametrize("terminal", ["1", "2", "1.2"])
@pytest.mark.parametrize("case", MORE)
async def test_bytes_of_an_instance_are_counted_for_themselves(case: str, terminal: str) -> None:
    """What another host types, enters or hears is not altered."""
    name, parameters, see_it = MORE[case]
    await see(name, parameters, see_it, terminal)


@pytest.mark.parametrize("terminal", ["1", "2", "1.2"])
async def test_a_fault_with_a_time_fires_at_its_instance(terminal: str) -> None:
    """Whichever instance has had a command last."""
    async with stage_at(terminal) as stage:
        stage.add("unsolicited-line", time="30 s", text="RING")
        assert (await stage.other.command("AT+CSQ")).endswith(OK)
        await stage.bench.advance(31)

        assert ("\r\nRING\r\n", "") == (stage.host.read(), stage.other.read())


@pytest.mark.parametrize("terminal", ["1", "2", "1.2"])
async def test_a_line_without_an_instance_is_heard_where_the_last_command_was(terminal: str) -> None:
    async with stage_at(terminal) as stage:
        assert (await stage.host.command("AT+CSQ")).endswith(OK)
        stage.bench.modem.faults.add("unsolicited-line", text="RING")
        await stage.bench.advance(0)

        assert ("\r\nRING\r\n", "") == (stage.host.read(), stage.other.read())


async def test_a_line_is_heard_on_a_channel_before_it_has_had_a_command() -> None:
    """The AT instance that had the last one has no port meanwhile: the multiplexer has it."""
    async with Bench(UMTS) as bench:
        mux = MuxHost(bench)
        await mux.start()
        channel = mux.open(3)
        bench.modem.faults.add("unsolicited-line", text="RING")
        await bench.advance(0)

        assert "\r\nRING\r\n" == channel.read()


async def test_a_line_for_a_channel_that_is_closed_does_not_fire_and_says_why() -> None:
    async with Bench(UMTS) as bench:
        rule = bench.modem.faults.add("unsolicited-line", text="RING", terminal="1.3")
        await bench.advance(0)

        assert "1: unsolicited-line terminal=1.3 text=RING (0 of 1; AT instance 1.3 is not open)" == str(rule)


def test_every_kind_has_a_case() -> None:
    assert FAULTS.keys() == CASES.keys()
