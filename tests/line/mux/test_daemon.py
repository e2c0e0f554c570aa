"""A multiplexing daemon that others wrote opens channels on the module, and programs speak AT there."""

from pathlib import Path

import serial

from emulator import VirtualModem
from tests.cli.programs import TIMEOUT, ask
from tests.peers.gsm0710muxd import mux_daemon


def test_gsm0710muxd_gives_its_channels_to_programs(tmp_path: Path) -> None:
    """It says +CMUX=0,0,5,64, as its kind does to modules that take a frame size."""
    with VirtualModem("GE910-QUAD") as modem, mux_daemon(tmp_path, modem.port, 64) as daemon:
        daemon.start()
        channels = [daemon.channel() for _ in range(3)]
        assert 3 == len(set(channels))
        with (
            serial.Serial(channels[0], timeout=TIMEOUT) as one,
            serial.Serial(channels[1], timeout=TIMEOUT) as two,
            serial.Serial(channels[2], timeout=TIMEOUT) as three,
        ):
            assert "OK" in ask(one, "ATE0")
            assert "\r\nGE910-QUAD\r\n\r\nOK\r\n" == ask(one, "AT+CGMM")
            assert ask(two, "AT+CMEE=2").startswith("AT+CMEE=2\r")
            assert "+CMEE: 0" in ask(three, "AT+CMEE?")
            assert "+CMEE: 2" in ask(two, "AT+CMEE?")
            assert 400 < len(ask(three, "AT&V"))
