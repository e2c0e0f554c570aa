"""Control lines, speed and BREAK, where both ports have them: RFC 2217 on both sides."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from emulator import VirtualModem
from tests.cli.programs import ask
from tests.peers.plain import scripted_server
from tests.recording.recordings import TIMEOUT, Recording, recorded

ADDRESS = "rfc2217:127.0.0.1:0"


@contextmanager
def at_a_module(folder: Path, **options: object) -> Iterator[tuple[VirtualModem, Recording, serial.Serial]]:
    """A module, the recording in front of it, and a host that can see and set its lines."""
    with (
        VirtualModem("GE865-QUAD", listen=[ADDRESS], **options) as modem,  # type: ignore[arg-type]
        recorded(modem.port, folder, listen=ADDRESS) as recording,
        serial.serial_for_url(recording.port, 115200, timeout=TIMEOUT) as host,
    ):
        assert ask(host, "ATE0").endswith("\r\nOK\r\n")
        yield modem, recording, host


def connect(host: serial.Serial) -> None:
    """Go to data mode, which ends with DTR and which DCD follows."""
    for line in ("AT&D2", "AT&C1", 'AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1"):
        assert ask(host, line).endswith("OK\r\n")
    assert ask(host, 'AT#SD=1,0,80,"peer"') == "\r\nCONNECT\r\n"


def test_the_hosts_dtr_reaches_the_module_and_the_modules_dcd_the_host(tmp_path: Path) -> None:
    """Under &D2 and &C1: the connection ends with DTR, and DCD follows it."""
    with (
        scripted_server(b"") as server,
        at_a_module(tmp_path, routes={"peer": f"127.0.0.1:{server}"}) as (_, recording, host),
    ):
        connect(host)
        recording.wait_for('"DCD"', '"up"')
        assert (host.cd, host.dsr, host.cts) == (True, True, True)
        host.dtr = False

        assert host.read(14) == b"\r\nNO CARRIER\r\n"
        recording.wait_for('"DCD"', '"down"')
    assert ("DTR", "down") in recording.moves


def test_a_call_rings_at_the_host(tmp_path: Path) -> None:
    """By RI, for as long as the module raises it."""
    with at_a_module(tmp_path) as (modem, recording, host):
        modem.calls.ring("+4912345")
        recording.wait_for('"RI"', '"up"')
        assert host.read(8) == b"\r\nRING\r\n"
        modem.calls.end()
        recording.wait_for('"RI"', '"down"')


def test_a_host_that_leaves_takes_dtr_with_it(tmp_path: Path) -> None:
    """As when it closes a serial port: its connection ends, and the next host finds the module in command mode."""
    with (
        scripted_server(b"") as server,
        at_a_module(tmp_path, routes={"peer": f"127.0.0.1:{server}"}) as (_, recording, host),
    ):
        connect(host)
        host.close()
        recording.wait_for('"host-presence"', "false")
        with serial.serial_for_url(recording.port, 115200, timeout=TIMEOUT) as another:
            assert ask(another, "AT#SS=1") == "\r\n#SS: 1,0\r\n\r\nOK\r\n"


def test_a_line_at_a_fixed_speed_follows_the_host(tmp_path: Path) -> None:
    """AT+IPR changes the module's speed; the host sets its own behind it, and both go on."""
    with at_a_module(tmp_path, baud=115200) as (_, recording, host):
        assert ask(host, "AT+IPR=9600") == "\r\nOK\r\n"
        host.baudrate = 9600

        assert ask(host, "AT+IPR?") == "\r\n+IPR: 9600\r\n\r\nOK\r\n"
    assert ("speed", "9600") in recording.moves


def test_a_host_on_a_pseudo_terminal_sets_the_speed_of_the_line(tmp_path: Path) -> None:
    """Before its first byte has reached the module."""
    with (
        VirtualModem("GE865-QUAD", listen=[ADDRESS], baud=115200) as modem,
        recorded(modem.port, tmp_path) as recording,
    ):
        with serial.Serial(recording.port, 115200, timeout=TIMEOUT) as host:
            assert ask(host, "ATE0").endswith("OK\r\n")
            assert ask(host, "AT+IPR=19200") == "\r\nOK\r\n"
            host.baudrate = 19200
            assert ask(host, "AT") == "\r\nOK\r\n"
        recording.end()
        assert [("speed", "19200")] == recording.moves


def test_a_host_that_cannot_tell_its_speed_is_followed_by_what_it_asks_the_module(tmp_path: Path) -> None:
    """Over TCP: once the module has taken AT+IPR; a speed that it refuses changes nothing."""
    with (
        VirtualModem("GE865-QUAD", listen=[ADDRESS], baud=115200) as modem,
        recorded(modem.port, tmp_path, listen="tcp:127.0.0.1:0") as recording,
        serial.serial_for_url(recording.port, timeout=TIMEOUT) as host,
    ):
        assert ask(host, "ATE0").endswith("OK\r\n")
        assert ask(host, "AT+IPR=1234") == "\r\nERROR\r\n"
        assert ask(host, "AT+IPR=9600") == "\r\nOK\r\n"
        assert ask(host, "AT+IPR?") == "\r\n+IPR: 9600\r\n\r\nOK\r\n"
        recording.end()
        assert [("speed", "9600")] == recording.moves


@pytest.mark.parametrize("on", [True, False])
def test_a_break_and_the_format_pass_from_one_recorder_to_the_next(on: bool, tmp_path: Path) -> None:
    """Two in a row: what the second one hears is what the first one sends to its module."""
    (tmp_path / "second").mkdir()
    with (
        VirtualModem() as modem,
        recorded(modem.port, tmp_path / "second", listen=ADDRESS) as second,
        recorded(second.port, tmp_path, listen=ADDRESS) as first,
        serial.serial_for_url(first.port, 115200, timeout=TIMEOUT) as host,
    ):
        host.break_condition = True
        second.wait_for('"BREAK"', '"up"')
        if on:
            host.break_condition = False
        else:
            host.close()  # a BREAK ends with its host
        second.wait_for('"BREAK"', '"down"')
