"""Data calls: dialling, PPP in data mode, suspending, and every way in which they end. IP Easy User Guide 2."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import md5
from typing import Any, ClassVar

import pytest
from scapy.layers.ppp import PPP_PAP_Request

from emulator.control.state import show
from emulator.device.network.contexts import PdpContexts
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.ppp.ipcp import Addresses
from emulator.testing import Bench
from emulator.trace.events import Defect, PppPacket, StateChanged
from tests.commands.lines import EVERY_LINE
from tests.commands.ssl_bench import CONNECT, ERROR, NO_CARRIER, OK, cme, information, succeed
from tests.line.mux.hosts import multiplexed
from tests.ppp.host import (
    ACK,
    CHAP,
    ECHO,
    ECHOED,
    IPCP,
    IPV4,
    LCP,
    NAK,
    PAP,
    REQUEST,
    TERMINATE,
    TERMINATED,
    HostEnd,
    Seen,
    control,
    option,
    unframed,
)

ADDRESS = b"\xd4\xc3\x2d\x41"
"""212.195.45.65, which the profile gives to context 1."""
DIALS = (
    "ATD*99#",
    "ATD*99***1#",
    "ATDT*99***1#",
    "atdp *99***1#",
    "ATD*99**1*1#",
    "ATD*99**PPP*1#",
    "ATDT*99#",
    'AT+CGDATA="PPP",1',
    'AT+CGDATA="PPP"',
    "AT+CGDATA",
)


class BenchEnd(HostEnd):
    """The host's end of the link, at a port of a bench."""

    def __init__(self, host: Any) -> None:
        super().__init__(host.send, lambda: host.read().encode("latin-1"))


class EchoingGateway:
    """Sends each packet back, in the place of the network."""

    made: ClassVar[list["EchoingGateway"]] = []

    def __init__(self, addresses: Addresses, unit: int, send: Callable[[bytes], None]) -> None:
        self.addresses, self.unit, self.send = addresses, unit, send
        self.received: list[bytes] = []
        self.paused = self.closed = False
        self.made.append(self)

    def receive(self, packet: bytes) -> None:
        self.received.append(packet)
        self.send(packet)

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def close(self) -> None:
        self.closed = True


@asynccontextmanager
async def module(firmware: str = "HE910", *lines: str, **options: Any) -> AsyncIterator[Bench]:
    """A module with a context, whose calls need no login."""
    async with Bench(firmware, **options) as bench:
        bench.modem.device.data_calls._make_gateway = EchoingGateway
        await succeed(bench, 'AT+CGDCONT=1,"IP","lab"', "AT#GAUTH=0", *lines)
        yield bench


async def dial(bench: Bench, line: str = "ATD*99#") -> BenchEnd:
    """Dial, and stop at CONNECT."""
    assert CONNECT == await bench.command(line)
    return BenchEnd(bench)


async def open_link(bench: Bench, end: BenchEnd) -> None:
    """Negotiate up to an open network, as pppd does."""
    end.ask(LCP, option(5, b"host"))
    end.acknowledge(asked(end, LCP))
    await bench.advance(0)
    await open_network(bench, end)


def asked(end: BenchEnd, protocol: int) -> Seen:
    """The last Configure-Request of the module."""
    end.seen()
    return next(each for each in reversed(end.kept) if (each.protocol, each.code) == (protocol, REQUEST))


async def open_network(bench: Bench, end: BenchEnd) -> None:
    """Take the addresses that the module has for the host."""
    own = asked(end, IPCP)
    (nak,) = end.ask(IPCP, option(3, bytes(4)), option(129, bytes(4)), option(131, bytes(4)))
    assert (nak.code, nak.data[:6]) == (NAK, option(3, ADDRESS))
    (ack,) = end.ask(IPCP, nak.data, identifier=2)
    assert ack.code == ACK
    end.acknowledge(own)


@asynccontextmanager
async def called(firmware: str = "HE910", *lines: str, **options: Any) -> AsyncIterator[tuple[Bench, BenchEnd]]:
    """A module with an open call."""
    async with module(firmware, *lines, **options) as bench:
        end = await dial(bench)
        await open_link(bench, end)
        yield bench, end


# Dialling


@EVERY_LINE
@pytest.mark.parametrize("line", DIALS)
async def test_every_way_of_dialling_begins_a_call(firmware: str, line: str) -> None:
    """CONNECT alone, and the first packet of PPP behind it."""
    async with module(firmware) as bench:
        end = await dial(bench, line)
        assert [] == end.seen()

        await bench.advance(0.1)
        assert [(LCP, REQUEST)] == [(each.protocol, each.code) for each in end.seen()]


@EVERY_LINE
async def test_the_values_of_cgdata(firmware: str) -> None:
    """PPP only."""
    async with module(firmware) as bench:
        assert information('+CGDATA: ("PPP")') == await bench.command("AT+CGDATA=?")
        assert ERROR == await bench.command('AT+CGDATA="M-HEX"')


@EVERY_LINE
async def test_the_host_gets_the_address_of_the_context(firmware: str) -> None:
    """+CGACT? and +CGPADDR show it from another port meanwhile."""
    async with module(firmware, ports=2) as bench:
        other = bench.hosts[1]
        await open_link(bench, await dial(bench))

        assert information("+CGACT: 1,1") == await other.command("AT+CGACT?")
        assert information('+CGPADDR: 1,"212.195.45.65"') == await other.command("AT+CGPADDR=1")


async def test_another_context_has_another_address() -> None:
    """As +CGDCONT has defined it."""
    async with module("HE910", 'AT+CGDCONT=3,"IP","lab"', ports=2) as bench:
        end = await dial(bench, "ATD*99***3#")
        end.ask(LCP)
        end.acknowledge(asked(end, LCP))
        await bench.advance(0)

        answers = end.ask(IPCP, option(3, bytes(4)))
        assert option(3, b"\xd4\xc3\x2d\x43") in [each.data for each in answers]
        assert information("+CGACT: 1,0", "+CGACT: 3,1") == await bench.hosts[1].command("AT+CGACT?")


@pytest.mark.parametrize(
    ("prepared", "line", "code"),
    [
        ((), "ATD*99***2#", 555),
        ((), "ATD*99***0#", 4),
        ((), "ATD*99***9#", 4),
        ((), "ATD*99***1x#", 4),
        ((), "ATD*98#", 4),
        ((), 'AT+CGDATA="PPP",2', 555),
        (("AT+CGATT=0",), "ATD*99#", 30),
        (("AT+COPS=2",), "ATD*99#", 30),
    ],
    ids=[
        "undefined",
        "no context",
        "no such context",
        "no number",
        "service 98",
        "+CGDATA",
        "detached",
        "deregistered",
    ],
)
async def test_a_call_that_cannot_be_is_refused(prepared: tuple[str, ...], line: str, code: int) -> None:
    """At once, with the cause; without +CMEE plainly."""
    async with module("HE910", *prepared) as bench:
        assert ERROR == await bench.command(line)
        await succeed(bench, "AT+CMEE=1")
        assert cme(code) == await bench.command(line)


async def test_a_context_serves_sockets_or_a_call() -> None:
    """Whoever comes first; also before the network is up, and again once the other has let go of it."""
    async with module("HE910", "AT+CMEE=1", ports=2) as bench:
        other = bench.hosts[1]
        assert await other.command("AT#SGACT=1,1") != ERROR
        assert cme(553) == await bench.command("ATD*99#")
        assert OK == await other.command("AT#SGACT=1,0")
        end = await dial(bench)
        assert ERROR == await other.command("AT#SGACT=1,1")
        await open_link(bench, end)
        assert ERROR == await other.command("AT#SGACT=1,1")


async def test_a_context_that_cgact_has_activated_serves_a_call() -> None:
    """And is released with it."""
    async with module("HE910", "AT+CGACT=1,1") as bench:
        await open_link(bench, await dial(bench))
        assert OK == await bench.escape()
        assert OK == await bench.command("ATH")
        assert information("+CGACT: 1,0") == await bench.command("AT+CGACT?")


async def test_there_is_one_call_at_a_time() -> None:
    """A second port is refused, on any context; after the first has ended it is not."""
    async with module("HE910", 'AT+CGDCONT=2,"IP","lab"', ports=2) as bench:
        other = bench.hosts[1]
        await other.command("AT+CMEE=1")
        await dial(bench)
        assert cme(3) == await other.command("ATD*99***2#")
        await bench.escape()
        assert OK == await bench.command("ATH")
        assert CONNECT == (await other.command("ATD*99***2#"))[: len(CONNECT)]


async def test_a_number_is_no_data_call() -> None:
    """Nobody is reached."""
    async with module() as bench:
        assert NO_CARRIER == await bench.command("ATD+393311234567")


# Authentication


@pytest.mark.parametrize(("kind", "wanted"), [(0, None), (1, b"\xc0\x23"), (2, b"\xc2\x23\x05"), (3, b"\xc2\x23\x05")])
async def test_gauth_says_what_the_host_is_asked_for(kind: int, wanted: bytes | None) -> None:
    """Nothing, PAP, CHAP, or CHAP and then PAP."""
    async with module("HE910", f"AT#GAUTH={kind}") as bench:
        end = await dial(bench)
        await bench.advance(0.1)

        (request,) = end.seen()
        assert (option(3, wanted) if wanted else option(2, bytes(4)) + option(5, request.data[8:12])) in request.data


LOGIN: dict[str, Any] = {"settings": ("pdp.username=telit", "pdp.password=public-demo")}


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("kind", [1, 2])
async def test_the_network_decides_about_the_login(kind: int, right: bool) -> None:
    """The link acknowledges it; a wrong one ends the call when the context is activated."""
    password = b"public-demo" if right else b"wrong"
    async with module("HE910", f"AT#GAUTH={kind}", **LOGIN) as bench:
        end = await dial(bench)
        end.ask(LCP)
        end.acknowledge(asked(end, LCP))
        if kind == 1:
            end.send(PAP, bytes(PPP_PAP_Request(id=1, username=b"telit", password=password)))
        else:
            challenge = next(each for each in end.kept if each.protocol == CHAP)
            digest = md5(bytes((challenge.identifier,)) + password + challenge.data[1:17]).digest()
            end.send(CHAP, control(2, challenge.identifier, b"\x10" + digest + b"telit"))
        await bench.advance(0)

        said = end.seen()
        accepted = {1: (PAP, 2), 2: (CHAP, 3)}[kind]
        assert accepted in [(each.protocol, each.code) for each in said]
        if right:
            assert [IPCP] == [each.protocol for each in said[1:]]
        else:
            assert [(LCP, TERMINATE)] == [(each.protocol, each.code) for each in said[1:]]
            end.send(LCP, control(TERMINATED, said[1].identifier))
            assert NO_CARRIER == await bench.until(NO_CARRIER)


# Data mode and command mode


async def test_packets_pass_to_the_gateway_and_back() -> None:
    """An echo of the network comes back as it went, but for its addresses."""
    async with called() as (_, end):
        gateway = EchoingGateway.made[-1]
        end.send(IPV4, b"packet")

        assert [Seen(IPV4, b"packet")] == end.seen()
        assert gateway.received == [b"packet"]


async def test_a_host_that_negotiates_anew_keeps_its_connections() -> None:
    """As long as it agrees on the same; with smaller packets they end."""
    async with called() as (bench, end):
        gateway = EchoingGateway.made[-1]
        await open_link(bench, end)
        assert gateway is EchoingGateway.made[-1]
        assert not gateway.closed

        end.ask(LCP, option(1, b"\2\0"))
        end.acknowledge(asked(end, LCP))
        await bench.advance(0)
        await open_network(bench, end)
        assert gateway.closed
        assert 512 == EchoingGateway.made[-1].unit


async def test_the_escape_sequence_suspends_and_ato_goes_on() -> None:
    """OK, then CONNECT; the link does not end meanwhile, and the gateway waits."""
    async with called() as (bench, end):
        gateway = EchoingGateway.made[-1]
        assert OK == await bench.escape()
        assert gateway.paused
        gateway.send(b"lost in command mode")
        assert information("+CGACT: 1,1") == await bench.command("AT+CGACT?")
        assert CONNECT == await bench.command("ATO")
        assert not gateway.paused

        end.send(LCP, control(ECHO, 9, b"host"))
        assert [ECHOED] == [each.code for each in end.seen()]


async def test_an_escape_sequence_without_silence_is_data() -> None:
    """As a host sends that types +++ATH in one write."""
    async with called() as (bench, end):
        bench.send("+++ATH\r")
        await bench.advance(2)

        end.send(LCP, control(ECHO, 9, b"host"))
        assert [ECHOED] == [each.code for each in end.seen()]


@EVERY_LINE
async def test_hanging_up_ends_the_call_and_releases_the_context(firmware: str) -> None:
    """ATH after the escape sequence: OK; nothing is left to go back to."""
    async with called(firmware) as (bench, _):
        gateway = EchoingGateway.made[-1]
        assert OK == await bench.escape()
        assert OK == await bench.command("ATH")

        assert gateway.closed
        assert information("+CGACT: 1,0") == await bench.command("AT+CGACT?")
        assert NO_CARRIER == await bench.command("ATO")
        assert CONNECT == await bench.command("ATD*99#")


async def test_another_port_neither_resumes_nor_ends_the_call() -> None:
    """It is that of the AT instance that has dialled."""
    async with called(ports=2) as (bench, _):
        assert OK == await bench.escape()
        assert NO_CARRIER == await bench.hosts[1].command("ATO")
        assert OK == await bench.hosts[1].command("ATH")
        assert CONNECT == await bench.command("ATO")


# The end


async def test_the_host_ends_the_link_and_hears_no_carrier() -> None:
    """Behind the Terminate-Ack; the context is released."""
    async with called() as (bench, end):
        gateway = EchoingGateway.made[-1]
        end.send(LCP, control(TERMINATE, 5, b"User request"))
        said = bench.read().encode("latin-1")

        frames, _, rest = said.rpartition(b"~")
        (answer,) = unframed(frames + b"~")
        assert answer == b"\xff\x03\xc0\x21" + control(TERMINATED, 5)
        assert NO_CARRIER.encode() == rest
        assert gateway.closed
        assert information("+CGACT: 1,0") == await bench.command("AT+CGACT?")


async def test_no_carrier_may_take_its_time() -> None:
    """As long as the profile says."""
    async with called(settings=("pdp.data_calls.release=1.5",)) as (bench, end):
        end.send(LCP, control(TERMINATE, 5))
        assert [TERMINATED] == [each.code for each in end.seen()]
        await bench.advance(1.4)
        assert "" == bench.read()
        await bench.advance(0.1)
        assert NO_CARRIER == bench.read()


async def end_by_registration(bench: Bench) -> None:
    bench.modem.device.coverage.offer(2)


async def end_by_detaching(bench: Bench) -> None:
    assert OK == await bench.hosts[1].command("AT+CGATT=0")


async def end_by_deactivating(bench: Bench) -> None:
    assert OK == await bench.hosts[1].command("AT+CGACT=0,1")


async def end_by_the_network(bench: Bench) -> None:
    bench.modem.device.contexts.drop(1)


async def end_by_a_fault(bench: Bench) -> None:
    bench.modem.faults.make("registration-lost", {"duration": "5 s"})
    await bench.advance(0)


ENDS = (end_by_registration, end_by_detaching, end_by_deactivating, end_by_the_network, end_by_a_fault)


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("end_context", ENDS)
async def test_a_context_that_goes_down_ends_the_call(end_context: Callable[[Bench], Any], answers: bool) -> None:
    """Terminate-Request, and NO CARRIER once the host has answered, or does not."""
    async with called(ports=2) as (bench, end):
        gateway = EchoingGateway.made[-1]
        await end_context(bench)

        (request,) = end.seen()
        assert (request.protocol, request.code) == (LCP, TERMINATE)
        assert gateway.closed
        if answers:
            end.send(LCP, control(TERMINATED, request.identifier))
            assert NO_CARRIER == bench.read()
        else:
            await bench.advance(5)
            assert NO_CARRIER in bench.read()
        bench.read()
        assert OK == await bench.command("AT")


async def test_a_context_that_goes_down_in_command_mode_ends_the_call_at_once() -> None:
    """NO CARRIER as a URC: on the line there is no link to be heard."""
    async with called() as (bench, _):
        assert OK == await bench.escape()
        bench.modem.device.contexts.drop(1)
        assert NO_CARRIER == bench.read()
        assert NO_CARRIER == await bench.command("ATO")


async def test_a_network_that_refuses_the_context_ends_the_call() -> None:
    """CONNECT has come before: the link is terminated, and the trace says why."""
    async with module("HE910") as bench:
        bench.modem.faults.add("activation-refused")
        end = await dial(bench)
        end.ask(LCP)
        end.acknowledge(asked(end, LCP))
        await bench.advance(0)
        request = end.seen()[-1]
        assert (request.protocol, request.code) == (LCP, TERMINATE)
        end.send(LCP, control(TERMINATED, request.identifier))
        assert NO_CARRIER == bench.read()
        assert "refused" in " ".join(event.after for event in bench.events if isinstance(event, StateChanged))


async def test_a_network_that_is_slow_lets_ipcp_wait() -> None:
    """LCP is open meanwhile; what the host asks of IPCP is answered when the network is there."""
    async with module("HE910") as bench:
        bench.modem.faults.make("activation-late", {"duration": "20 s"})
        end = await dial(bench)
        end.ask(LCP)
        end.acknowledge(asked(end, LCP))
        await bench.advance(19)
        assert [] == end.ask(IPCP, option(3, bytes(4)))
        await bench.advance(1)
        assert [(IPCP, REQUEST), (IPCP, NAK)] == [(each.protocol, each.code) for each in end.seen()]
        assert "online" == show(bench.modem)["data_call"]


async def test_a_defect_in_the_activation_ends_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever, and the next call can be made."""

    async def explode(*arguments: object) -> str:
        raise RuntimeError("boom")

    async with module("HE910") as bench:
        with monkeypatch.context() as broken:
            broken.setattr(PdpContexts, "activate", explode)
            end = await dial(bench)
            end.ask(LCP)
            end.acknowledge(asked(end, LCP))
            await bench.advance(0)
            assert NO_CARRIER == bench.read()
        assert ["RuntimeError: boom"] == [event.text for event in bench.events if isinstance(event, Defect)]
        await open_link(bench, await dial(bench))


async def test_a_host_that_does_not_speak_ppp_hears_no_carrier() -> None:
    """After ten requests, each #GPPPCFG's timeout after the one before."""
    async with module("HE910", 'AT#GPPPCFG="",10,1') as bench:
        end = await dial(bench)
        bench.send("AT\rAT\r")
        await bench.advance(9.9)
        assert [REQUEST] * 10 == [each.code for each in end.seen()]
        await bench.advance(0.2)
        assert NO_CARRIER == bench.read()
        assert OK == await bench.command("AT")


async def test_the_power_ends_the_call_without_a_word() -> None:
    """And a call can be made after the start."""
    async with called() as (bench, _):
        gateway = EchoingGateway.made[-1]
        bench.modem.device.power.off()
        assert gateway.closed
        assert "" == bench.read()


# #GPPPCFG


async def test_gppcfg_gives_the_module_an_address() -> None:
    """In its request of IPCP; without one it has none, and never one of zeros."""
    for address, wanted in (("10.0.0.1", option(3, b"\x0a\0\0\1")), ("0.0.0.0", b""), ("", b"")):
        async with module("HE910", f'AT#GPPPCFG="{address}",25,1') as bench:
            end = await dial(bench)
            end.ask(LCP)
            end.acknowledge(asked(end, LCP))
            await bench.advance(0)
            assert wanted == asked(end, IPCP).data


# DTR and DCD


@pytest.mark.parametrize(("reaction", "result"), [(1, OK), (2, NO_CARRIER)])
async def test_dtr_that_falls_leaves_data_mode_or_ends_the_call(reaction: int, result: str) -> None:
    """&D1 is as the escape sequence, &D2 hangs up (V.250 6.2.9)."""
    async with called("HE910", f"AT&D{reaction}") as (bench, _):
        bench.port.host_lines(HostLines.RTS)
        assert result == bench.read()
        bench.port.host_lines(HOST_IS_READY)
        assert (CONNECT if reaction == 1 else NO_CARRIER) == await bench.command("ATO")


async def test_dtr_means_nothing_under_d0() -> None:
    """The call goes on."""
    async with called("HE910", "AT&D0") as (bench, end):
        bench.port.host_lines(HostLines.RTS)
        end.send(LCP, control(ECHO, 9, b"host"))
        assert [ECHOED] == [each.code for each in end.seen()]


async def test_dtr_that_falls_in_command_mode_ends_a_suspended_call() -> None:
    """Under &D2."""
    async with called("HE910", "AT&D2") as (bench, _):
        assert OK == await bench.escape()
        bench.port.host_lines(HostLines.RTS)
        assert NO_CARRIER == bench.read()
        assert information("+CGACT: 1,0") == await bench.command("AT+CGACT?")


async def test_a_host_that_closes_the_port_ends_its_call() -> None:
    """Under &D2; the next host hears nothing of it."""
    async with called("HE910", "AT&D2") as (bench, _):
        bench.port.host_close()
        bench.port.host_open()
        assert "" == bench.read()
        assert information("+CGACT: 1,0") == await bench.command("AT+CGACT?")


async def test_dcd_is_up_from_connect_to_the_end() -> None:
    """Also while the call is suspended (V.250 6.2.8)."""
    async with module("HE910", "AT&C1") as bench:
        assert DeviceLines.DCD not in bench.port.lines
        end = await dial(bench)
        assert DeviceLines.DCD in bench.port.lines
        await open_link(bench, end)
        assert OK == await bench.escape()
        assert DeviceLines.DCD in bench.port.lines
        assert OK == await bench.command("ATH")
        assert DeviceLines.DCD not in bench.port.lines


# Back-pressure, the trace


async def test_a_host_that_takes_nothing_pauses_the_gateway() -> None:
    """And what must be sent all the same waits, up to a bound."""
    async with called() as (_, end):
        gateway = EchoingGateway.made[-1]
        for _ in range(500):
            gateway.send(b"x" * 1400)
        assert gateway.paused
        packets = end.seen() + end.seen()

        assert not gateway.paused
        assert 1400 * len(packets) < 250_000
        gateway.send(b"last")
        assert [Seen(IPV4, b"last")] == end.seen()[-1:]


async def test_the_trace_tells_the_negotiation() -> None:
    """In the words of pppd, without names and passwords, and the states of call and context."""
    async with called() as (bench, _):
        told = [event.text for event in bench.events if isinstance(event, PppPacket)]

        assert any(text.startswith("LCP ConfReq id=0x1 <asyncmap 0x0> <magic ") for text in told)
        assert "IPCP ConfReq id=0x1 <addr 0.0.0.0> <ms-dns1 0.0.0.0> <ms-dns2 0.0.0.0>" in told
        changes = [(each.thing, each.before, each.after) for each in bench.events if isinstance(each, StateChanged)]
        assert ("data call", "connecting", "online") in changes
        assert ("PDP context 1", "down", "active 212.195.45.65") in changes


async def test_the_trace_shows_no_password() -> None:
    """Nor the frames that have it."""
    async with module("HE910", "AT#GAUTH=1") as bench:
        end = await dial(bench)
        end.ask(LCP)
        end.acknowledge(asked(end, LCP))
        end.send(PAP, bytes(PPP_PAP_Request(id=1, username=b"telit", password=b"public-demo")))
        await bench.advance(0)

        assert "PAP AuthReq id=0x1" in [event.text for event in bench.events if isinstance(event, PppPacket)]
        assert not [event for event in bench.events if "public-demo" in repr(event)]


async def test_two_runs_are_the_same_to_the_byte() -> None:
    """Magic numbers and challenges, too."""
    runs = []
    for _ in range(2):
        async with module("HE910", "AT#GAUTH=2") as bench:
            end = await dial(bench)
            end.ask(LCP)
            end.acknowledge(asked(end, LCP))
            await bench.advance(3)
            end.seen()
            runs.append(end.kept)

    assert runs[0] == runs[1]


# The multiplexer


async def test_a_call_on_one_channel_while_another_takes_commands() -> None:
    """As hosts do that want the signal meanwhile; the channel that closes ends its call."""
    async with multiplexed() as (bench, host):
        one, two = host.open(1), host.open(2)
        for channel in (one, two):
            await channel.command("ATE0")
        assert OK == await one.command('AT+CGDCONT=1,"IP","lab";#GAUTH=0;&D2')
        assert CONNECT == await one.command("ATD*99#")
        end = BenchEnd(one)
        await open_link(bench, end)
        assert information("+CSQ: 20,0") == await two.command("AT+CSQ")
        assert information("+CGACT: 1,1") == await two.command("AT+CGACT?")
        end.send(LCP, control(ECHO, 9, b"host"))
        assert [ECHOED] == [each.code for each in end.seen()]

        host.disconnect(1)
        assert information("+CGACT: 1,0") == await two.command("AT+CGACT?")


async def test_the_command_mode_of_a_channel_during_its_call() -> None:
    """+++ and ATO on a channel."""
    async with multiplexed() as (bench, host):
        one = host.open(1)
        await one.command("ATE0")
        assert OK == await one.command('AT+CGDCONT=1,"IP","lab";#GAUTH=0')
        assert CONNECT == await one.command("ATD*99#")
        await open_link(bench, BenchEnd(one))
        assert OK == await one.escape()
        assert information("+CGACT: 1,1") == await one.command("AT+CGACT?")
        assert CONNECT == await one.command("ATO")
        assert OK == await one.escape()
        assert OK == await one.command("ATH")
