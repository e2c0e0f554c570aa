"""Ports over RFC 2217, as pyserial's client and bare telnet clients meet them."""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import cast

import pytest
import serial
from hypothesis import given, settings
from hypothesis import strategies as st
from serial import rfc2217

from emulator import VirtualModem
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.port import HIGH_MARK
from emulator.line.serial.serial_line import SerialLine
from emulator.line.transports.rfc2217 import Rfc2217Port
from emulator.line.transports.rfc2217.com_port import ModemState, modem_state
from emulator.line.transports.rfc2217.telnet import Agreed, Data, Option, Subnegotiation, Telnet
from emulator.line.transports.tcp import TcpPort
from emulator.testing.contracts.port_bench import Recorder
from emulator.tls.wire.suites import CipherSuite
from tests.cli.programs import TIMEOUT, ask
from tests.line.benches import TcpHost
from tests.peers.tlslite_server import TlsliteServer

AGREE = b"\xff\xfb\x2c\xff\xfb\x00"
"""IAC WILL COM-PORT-OPTION, IAC WILL BINARY."""


def command(number: int, value: bytes = b"") -> bytes:
    """A subnegotiation of the COM-PORT-OPTION; the server's numbers begin at 100."""
    return b"\xff\xfa\x2c" + bytes((number,)) + value.replace(b"\xff", b"\xff\xff") + b"\xff\xf0"


@contextmanager
def pyserial(baudrate: int = 9600, line: int | None = None) -> Iterator[rfc2217.Serial]:
    """pyserial's client at a module that can dial an echoing TLS server at the name `peer`."""
    with (
        TlsliteServer(list(CipherSuite)) as server,
        VirtualModem(
            "GE865-QUAD",
            listen=["rfc2217:127.0.0.1:0"],
            routes={"peer": f"127.0.0.1:{server.port}"},
            baud=line,
        ) as modem,
        serial.serial_for_url(modem.port, baudrate, timeout=TIMEOUT) as port,
    ):
        assert ask(port, "ATE0").endswith("\r\nOK\r\n")
        yield cast(rfc2217.Serial, port)


def connect(port: rfc2217.Serial) -> None:
    """Open the secure socket in data mode, up to an echo of the peer."""
    for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
        assert ask(port, line).endswith("OK\r\n")
    assert ask(port, 'AT#SSLD=1,443,"peer",0,0') == "\r\nCONNECT\r\n"
    exchange(port)


def exchange(port: rfc2217.Serial) -> None:
    """Send all byte values through the peer and back, in one packet."""
    packet = bytes(number % 256 for number in range(300))
    port.write(packet)
    assert port.read(300) == packet


def test_pyserial_talks_to_the_module() -> None:
    """In command mode and, with every byte value, in data mode."""
    with pyserial() as port:
        assert ask(port, "AT+CGMM") == "\r\nGE865-QUAD\r\n\r\nOK\r\n"
        connect(port)


def test_dtr_that_falls_suspends_the_connection_under_d1() -> None:
    """The host hears OK, and can resume the connection once DTR is up again."""
    with pyserial() as port:
        assert ask(port, "AT&D1") == "\r\nOK\r\n"
        connect(port)
        port.dtr = False
        assert port.read(6) == b"\r\nOK\r\n"
        assert ask(port, "AT#SSLS=1").startswith("\r\n#SSLS: 1,2")
        port.dtr = True
        assert ask(port, "AT#SSLO=1") == "\r\nCONNECT\r\n"
        exchange(port)


def test_dtr_that_falls_closes_the_connection_under_d2() -> None:
    """The host hears NO CARRIER, and the socket is closed."""
    with pyserial() as port:
        assert ask(port, "AT&D2") == "\r\nOK\r\n"
        connect(port)
        port.dtr = False
        assert port.read(14) == b"\r\nNO CARRIER\r\n"
        assert ask(port, "AT#SSLO=1").endswith("ERROR\r\n")


def test_dtr_that_falls_is_nothing_under_d0() -> None:
    """Data mode goes on."""
    with pyserial() as port:
        connect(port)
        port.dtr = False
        exchange(port)


def test_dcd_follows_data_mode_under_c1_and_is_up_under_c0() -> None:
    """As pyserial's `cd` shows it; the other lines of a module that is ready are up."""
    with pyserial() as port:
        assert (port.cd, port.dsr, port.cts, port.ri) == (False, True, True, False)
        assert ask(port, "AT&D2") == ask(port, "AT")
        connect(port)
        assert port.cd
        port.dtr = False
        assert port.read(14) == b"\r\nNO CARRIER\r\n"
        assert ask(port, "AT") == "\r\nOK\r\n"
        assert not port.cd
        assert ask(port, "AT&C0") == ask(port, "AT")
        assert port.cd


def test_a_line_at_a_fixed_speed_wants_the_host_at_the_same(caplog: pytest.LogCaptureFixture) -> None:
    """A host at another speed is not understood, and understands once it has found the module's."""
    with pyserial(line=921600, baudrate=115200) as port:
        ask(port, "AT+IPR=115200")
        port.baudrate = 9600
        assert "the host is set to 9600 bit/s, the module to 115200: neither understands the other" in caplog.text
        port.write(b"ATI\r")
        port.baudrate = 115200
        assert ask(port, "AT") == "\r\nOK\r\n"
        assert ask(port, "AT+IPR=57600") == "\r\nOK\r\n"
        port.baudrate = 57600
        assert ask(port, "AT") == "\r\nOK\r\n"


def test_any_speed_works_where_the_line_has_none() -> None:
    """Without `--baud` nothing is paced and nothing garbled."""
    with pyserial(baudrate=300) as port:
        ask(port, "AT+IPR=115200")
        assert ask(port, "AT") == "\r\nOK\r\n"


async def listening(line: SerialLine | None = None) -> tuple[Rfc2217Port, Recorder, TcpHost]:
    """A port with a host that has connected and agreed to the options."""
    port, recorder = Rfc2217Port(TcpPort("127.0.0.1", 0), line or SerialLine()), Recorder()
    port.open(recorder)
    host = TcpHost(port._port.number)
    await host.send(AGREE)
    await expect(host, command(107, b"\x00"))
    return port, recorder, host


async def expect(host: TcpHost, wanted: bytes) -> bytes:
    """Read until `wanted` has come; all that was read."""
    heard = b""
    async with asyncio.timeout(TIMEOUT):
        while wanted not in heard:
            piece = await asyncio.get_running_loop().sock_recv(host._socket, 4096)
            assert piece, heard
            heard += piece
    return heard


@asynccontextmanager
async def visited(line: SerialLine | None = None) -> AsyncIterator[tuple[Rfc2217Port, Recorder, TcpHost]]:
    """A port, its owner, and a host at it."""
    port, recorder, host = await listening(line)
    try:
        yield port, recorder, host
    finally:
        host.close()
        port.close()


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (command(0), command(100, b"telit-emulator")),
        (command(1, struct.pack("!I", 0)), command(101, struct.pack("!I", 9600))),
        (command(1, struct.pack("!I", 0xFF)), command(101, struct.pack("!I", 0xFF))),
        (command(2, b"\x00"), command(102, b"\x08")),
        (command(2, b"\x07") + command(2, b"\x00"), command(102, b"\x07") * 2),
        (command(3, b"\x00"), command(103, b"\x01")),
        (command(4, b"\x00"), command(104, b"\x01")),
        (command(5, b"\x00"), command(105, b"\x01")),
        (command(5, b"\x03") + command(5, b"\x00"), command(105, b"\x03") * 2),
        (command(5, b"\x10") + command(5, b"\x0d"), command(105, b"\x10") * 2),
        (command(5, b"\x05") + command(5, b"\x04"), command(105, b"\x05") + command(105, b"\x05")),
        (command(5, b"\x07"), command(105, b"\x08")),
        (command(5, b"\x09") + command(5, b"\x07"), command(105, b"\x09") * 2),
        (command(5, b"\x0a"), command(105, b"\x0b")),
        (command(5, b"\x0c") + command(5, b"\x0a"), command(105, b"\x0c") * 2),
        (command(10, b"\xff"), command(110, b"\xff")),
        (command(11, b"\x80"), command(111, b"\x80") + command(107, b"\x00")),
        (command(12, b"\x03"), command(112, b"\x03")),
        (b"\xff\xfd\x01", b"\xff\xfc\x01"),
        (b"\xff\xfb\x18", b"\xff\xfe\x18"),
    ],
)
async def test_each_request_is_answered(asked: bytes, answered: bytes) -> None:
    """With the value in force; options that a port does not have are refused."""
    async with visited(SerialLine(9600)) as (_port, _recorder, host):
        await host.send(asked)
        assert (await expect(host, answered)).endswith(answered)


async def test_the_host_moves_its_lines() -> None:
    """Its owner is told of each change once; both are up to begin with."""
    async with visited() as (_port, recorder, host):
        for control in (8, 12, 12, 9, 11, 8):
            await host.send(command(5, bytes((control,))))
        await recorder.until(lambda: len(recorder.lines) == 4)
        assert recorder.lines == [HostLines.DTR, HostLines.NONE, HostLines.RTS, HOST_IS_READY]


async def test_a_line_moves_while_nothing_is_read() -> None:
    """The data before it waits, up to a point beyond which the connection is not read either."""
    async with visited() as (port, recorder, host):
        port.pause()
        await host.send(b"waits" + command(5, b"\x09"))
        await recorder.until(lambda: recorder.lines == [HostLines.RTS])
        assert recorder.told == ["opened"]
        sending = asyncio.create_task(host.send(bytes(8 * HIGH_MARK)))
        async with asyncio.timeout(TIMEOUT):
            while port._hosts.waiting <= HIGH_MARK:  # noqa: ASYNC110  the port tells nobody that it is full
                await asyncio.sleep(0)
        port.resume()
        await sending
        await recorder.until(lambda: len(recorder.received) == 5 + 8 * HIGH_MARK)


async def test_the_host_is_shown_the_lines_that_it_asks_for() -> None:
    """With what has changed; what the mask leaves out is not told."""
    async with visited() as (port, _recorder, host):
        port.set_lines(DeviceLines.CTS | DeviceLines.DSR)
        await expect(host, command(107, b"\x33"))
        port.set_lines(DeviceLines.CTS | DeviceLines.DSR | DeviceLines.DCD)
        await expect(host, command(107, b"\xb8"))
        await host.send(command(11, b"\x30"))
        await expect(host, command(107, b"\x30"))
        port.set_lines(DeviceLines.CTS)
        await expect(host, command(107, b"\x10"))


def test_the_end_of_ringing_is_told() -> None:
    """RI has no change of its own, but a trailing edge."""
    assert modem_state(DeviceLines.NONE, DeviceLines.RI) == ModemState.RI
    assert modem_state(DeviceLines.RI, DeviceLines.NONE) == ModemState.RI_ENDED


async def test_a_host_that_suspends_the_flow_hears_nothing_until_it_resumes_it() -> None:
    """Nothing is lost, and the module is told that it must wait."""
    async with visited() as (port, recorder, host):
        await host.send(command(8) + command(0))
        await expect(host, command(100, b"telit-emulator"))
        port.write(bytes(HIGH_MARK + 1))
        assert port.congested
        await host.send(command(0))
        assert await expect(host, command(100, b"telit-emulator")) == command(100, b"telit-emulator")
        await host.send(command(9))
        await expect(host, bytes(1000))
        await recorder.until(lambda: recorder.congestion_ended == 1)


async def test_purging_throws_away_what_waits() -> None:
    """What the host has sent and the module not taken; what the module has sent and the host not taken."""
    async with visited() as (port, recorder, host):
        port.pause()
        await host.send(b"old" + command(8) + command(0))
        await expect(host, command(100, b"telit-emulator"))
        port.write(bytes(HIGH_MARK + 1))
        await host.send(command(12, b"\x03") + b"new")
        await expect(host, command(112, b"\x03"))
        port.resume()
        await recorder.until_told("opened", b"new")
        assert recorder.congestion_ended == 1
        await host.send(command(9) + command(0))
        assert await expect(host, command(100, b"telit-emulator")) == command(100, b"telit-emulator")


async def test_the_speed_that_the_host_asks_for_is_known() -> None:
    """To the line, for which it counts."""
    line = SerialLine(9600)

    async with visited(line) as (_port, _recorder, host):
        await host.send(command(1, struct.pack("!I", 57600)))
        await expect(host, command(101, struct.pack("!I", 57600)))
        assert line.rate == 57600


def collected(*pieces: bytes) -> tuple[list[object], bytes]:
    """What telnet makes of pieces: its events, and its answers."""
    answers = bytearray()
    telnet = Telnet(answers.extend)
    events: list[object] = []
    for piece in pieces:
        events.extend(telnet.feed(piece))
    return events, bytes(answers)


def test_cr_nul_is_cr_outside_binary_mode() -> None:
    """As a telnet client sends the enter key; in binary mode NUL is data."""
    assert collected(b"AT\r\0", b"\r", b"\0!")[0] == [Data(b"AT\r"), Data(b"\r"), Data(b"!")]
    assert collected(b"\xff\xfb\x00\r\0")[0] == [Agreed(Option.BINARY), Data(b"\r\0")]


def test_options_are_agreed_to_once_and_given_up_again() -> None:
    """An answer never calls for another answer."""
    assert collected(b"\xff\xfd\x2c\xff\xfd\x2c")[1] == b"\xff\xfb\x2c"
    assert collected(b"\xff\xfd\x2c\xff\xfe\x2c\xff\xfe\x2c")[1] == b"\xff\xfb\x2c\xff\xfc\x2c"
    assert collected(b"\xff\xfb\x03\xff\xfc\x03")[1] == b"\xff\xfd\x03\xff\xfe\x03"


def test_a_subnegotiation_may_come_in_pieces_and_hold_iac() -> None:
    """And one that never ends keeps no more than a kilobyte."""
    assert collected(b"\xff", b"\xfa\x2c\x01\xff", b"\xff", b"\xff\xf0")[0] == [Subnegotiation(44, b"\x01\xff")]
    telnet = Telnet(lambda data: None)
    assert list(telnet.feed(b"\xff\xfa" + bytes(100_000))) == []
    assert len(telnet._value) == 1024


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"\xff", b"\xff\xfa\x2c", b"\xff\xf0", AGREE]), max_size=30))
def test_no_bytes_break_the_option_layer(pieces: list[bytes]) -> None:
    """Cut anywhere they mean the same."""
    whole = collected(b"".join(pieces))
    split = collected(*pieces)

    assert joined(whole[0]) == joined(split[0])
    assert whole[1] == split[1]


def joined(events: list[object]) -> list[object]:
    """With data that follows data in one piece."""
    result: list[object] = []
    for event in events:
        if isinstance(event, Data) and result and isinstance(result[-1], Data):
            result[-1] = Data(result[-1].data + event.data)
        else:
            result.append(event)
    return [event for event in result if event != Data(b"")]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.binary(max_size=20) | st.builds(command, st.integers(0, 255), st.binary(max_size=6)), max_size=20))
async def test_no_bytes_break_a_port(pieces: list[bytes]) -> None:
    """A host that talks nonsense is a host that leaves in the end, and the next one is served."""
    async with visited() as (port, recorder, host):
        for piece in pieces:
            await host.send(piece)
        host.close()
        await recorder.until(lambda: recorder.presence == ["opened", "closed"])
        following = TcpHost(port._port.number)
        await following.send(AGREE + command(0))
        await expect(following, command(100, b"telit-emulator"))
        following.close()
