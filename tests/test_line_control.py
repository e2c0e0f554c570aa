"""What a module's settings make of its serial line: control lines, speed, flow control. V.250 6.2, V.24."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from emulator.at.terminal import TYPE_AHEAD
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.testing import Bench
from emulator.tls.wire.suites import CipherSuite
from tests.commands.ssl_bench import CONNECT, NO_CARRIER, OK, prepare, succeed
from tests.peers.tlslite_server import TlsliteServer

CTS, DSR, RI, DCD, NONE = DeviceLines.CTS, DeviceLines.DSR, DeviceLines.RI, DeviceLines.DCD, DeviceLines.NONE
LINES = ["GE865-QUAD", "HE910", "GE910-QUAD", "GL865-QUAD-V3"]
"""A model of each software line."""


@asynccontextmanager
async def bench_with_peer() -> AsyncIterator[Bench]:
    """A bench, and an echoing TLS server at the name `peer`."""
    with TlsliteServer(list(CipherSuite)) as server:
        async with Bench("HE910", routes={"peer": f"127.0.0.1:{server.port}"}) as bench:
            yield bench
        await asyncio.sleep(0)  # the socket closes in the loop, and the server waits for that


async def connect(bench: Bench) -> None:
    await prepare(bench)
    assert CONNECT == await bench.command('AT#SSLD=1,443,"peer",0,0')


@pytest.mark.parametrize("firmware", LINES)
async def test_a_module_that_waits_for_commands_shows_it(firmware: str) -> None:
    """CTS and DSR are up from the start, DCD is not."""
    async with Bench(firmware) as bench:
        assert bench.port.lines == CTS | DSR


@pytest.mark.parametrize(
    ("line", "before", "online"),
    [("AT&C0", DCD, DCD), ("AT&C1", NONE, DCD), ("AT&C2", DCD, DCD)],
)
async def test_dcd_follows_data_mode_as_c_says(line: str, before: DeviceLines, online: DeviceLines) -> None:
    """And is down again when the host has left it."""
    async with bench_with_peer() as bench:
        await succeed(bench, line)
        seen = [bench.port.lines & DCD]
        await connect(bench)
        seen.append(bench.port.lines & DCD)
        assert OK == await bench.escape()
        seen.append(bench.port.lines & DCD)
        await bench.advance(1.1)
        seen.append(bench.port.lines & DCD)
        wink = NONE if line == "AT&C2" else before
        assert seen == [before, online, wink, before]


@pytest.mark.parametrize(("line", "before"), [("AT&S0", DSR), ("AT&S1", NONE), ("AT&S2", NONE), ("AT&S3", DSR)])
async def test_dsr_is_up_as_s_says(line: str, before: DeviceLines) -> None:
    """Always, or in data mode."""
    async with bench_with_peer() as bench:
        await succeed(bench, line)
        assert bench.port.lines & DSR == before
        await connect(bench)
        assert bench.port.lines & DSR


async def test_ri_is_up_for_a_second_when_somebody_rings() -> None:
    """Again from each ring on; other lines do not ring."""
    async with Bench() as bench:
        bench.modem.instance.notify("+CREG: 1")
        assert not bench.port.lines & RI
        bench.modem.instance.notify("RING")
        await bench.advance(0.9)
        bench.modem.instance.notify("SSLSRING: 1,20")
        await bench.advance(0.9)
        assert bench.port.lines & RI
        await bench.advance(0.2)
        assert not bench.port.lines & RI


@pytest.mark.parametrize(("setting", "urc"), [("#E2SLRI", "SRING: 1"), ("#E2SMSRI", '+CMTI: "SM",1')])
async def test_ri_is_up_for_as_long_as_the_host_has_set(setting: str, urc: str) -> None:
    """At a connection, and at a message; from the factory not at all."""
    async with Bench() as bench:
        bench.modem.instance.notify(urc)
        assert not bench.port.lines & RI
        bench.read()
        await succeed(bench, f"AT{setting}=200")
        bench.modem.instance.notify(urc)
        await bench.advance(0.19)
        assert bench.port.lines & RI
        await bench.advance(0.02)
        assert not bench.port.lines & RI


async def test_a_module_without_power_drives_no_line() -> None:
    """And all that it should when it is back."""
    async with Bench() as bench:
        bench.modem.instance.notify("RING")
        bench.modem.device.power.restart()
        assert bench.port.lines == NONE
        await bench.advance(10)
        assert bench.port.lines == CTS | DSR


@pytest.mark.parametrize(
    ("line", "full", "told"),
    [
        ("AT&K0", CTS, ("", "")),
        ("AT&K1", NONE, ("", "")),
        ("AT&K3", NONE, ("", "")),
        ("AT&K4", CTS, ("\x13", "\x11")),
        ("AT&K6", NONE, ("\x13", "\x11")),
    ],
)
async def test_the_host_learns_that_the_module_takes_no_more(
    line: str, full: DeviceLines, told: tuple[str, str]
) -> None:
    """By CTS, by XOFF and XON, or by both: it types while a command waits for the peer."""
    async with bench_with_peer() as bench:
        await prepare(bench)
        await succeed(bench, 'AT#SSLD=1,443,"peer",0,1', line)
        bench.send("AT#SSLRECV=1,100\r")
        bench.send("x" * TYPE_AHEAD)
        assert (bench.port.lines & CTS, bench.read()) == (full, told[0])
        await bench.advance(100)
        assert (bench.port.lines & CTS, bench.read().count("\x11")) == (CTS, len(told[1]))


@pytest.mark.parametrize(("line", "closes"), [("AT&D0", None), ("AT&D1", OK), ("AT&D2", NO_CARRIER)])
async def test_dtr_that_falls_on_a_line_that_stays_gets_its_answer(line: str, closes: str | None) -> None:
    """&D decides; the host is still there to hear it."""
    async with bench_with_peer() as bench:
        await succeed(bench, line)
        await connect(bench)
        bench.port.host_lines(HostLines.RTS)
        if closes is None:
            assert OK == await bench.escape()
        else:
            assert closes == await bench.answer()
        bench.port.host_lines(HOST_IS_READY)
        assert OK == await bench.command("AT")


async def test_dtr_starts_a_module_that_is_off() -> None:
    """As opening a port without lines does."""
    async with Bench() as bench:
        bench.port.host_lines(HostLines.RTS)
        bench.modem.device.power.off()
        bench.port.host_lines(HOST_IS_READY)
        await bench.advance(10)
        assert bench.port.lines == CTS | DSR


async def test_a_half_typed_line_stays_when_dtr_falls() -> None:
    """Only a host that has gone leaves nothing."""
    async with Bench() as bench:
        bench.send("AT+CG")
        bench.port.host_lines(HostLines.RTS)
        bench.port.host_lines(HOST_IS_READY)
        bench.send("MM\r")
        assert "HE910" in await bench.answer()


async def timed(bench: Bench, line: str, seconds: float) -> str:
    """Send a line and hear what has come after that time."""
    bench.send(f"{line}\r")
    await bench.advance(seconds)
    return bench.read()


@pytest.mark.parametrize("firmware", LINES)
async def test_ipr_changes_the_speed_once_ok_has_been_said(firmware: str) -> None:
    """Twelve bytes go and six come at 30 a second; three go and six come at 960."""
    async with Bench(firmware, baud=300, echo=True) as bench:
        await timed(bench, "ATE0", 1)
        assert "\r\nOK\r" == await timed(bench, "AT+IPR=9600", 17.9 / 30)
        assert "\n" == await timed(bench, "", 0.2 / 30)
        assert OK == await timed(bench, "AT", 9.1 / 960)


async def test_the_format_of_a_character_counts() -> None:
    """+ICF=1 has two stop bits."""
    async with Bench(baud=9600, echo=True) as bench:
        await timed(bench, "ATE0;+ICF=1", 1)
        bench.send("AT\r")
        await bench.advance(9 * 11 / 9600 - 0.0001)
        heard = bench.read()
        await bench.advance(0.0002)
        assert heard + bench.read() == OK != heard


@pytest.mark.parametrize("firmware", ["HE910", "GE910-QUAD"])
async def test_a_module_that_finds_no_speed_is_set_to_that_of_the_line(firmware: str) -> None:
    """And stays there when the factory settings are restored."""
    async with Bench(firmware, baud=19200, echo=True) as bench:
        await timed(bench, "ATE0", 1)
        await timed(bench, "AT&F", 1)
        assert "+IPR: 19200\r\n" in await timed(bench, "AT+IPR?", 1)


@pytest.mark.parametrize("line", ["AT&K4", "AT+IFC=1,1"])
async def test_xon_and_xoff_work_in_data_mode(line: str) -> None:
    """They stop the module and are no data; with &K3 they are the peer's."""
    async with bench_with_peer() as bench:
        await succeed(bench, "AT#SKIPESC=1")
        await connect(bench)
        bench.send(b"\x13\x11" + bytes(298))
        assert (await bench.until("\0" * 298)) == "\x13\x11" + "\0" * 298
        assert OK == await bench.escape()
        await succeed(bench, line)
        assert CONNECT == await bench.command("AT#SSLO=1")
        bench.send(b"\x13" + b"x" * 300)
        bench.port.written.clear()
        bench.send(b"\x11")
        assert (await bench.until("x" * 300)) == "x" * 300
