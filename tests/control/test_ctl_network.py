"""`telit-emulator ctl`: echo requests and USSD texts of the network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from tests.cli.programs import TIMEOUT, Running, ask, running
from tests.control.test_ctl import ctl


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "modem.ctl"


@pytest.fixture
def modem(path: Path) -> Iterator[Running]:
    with running("HE910", "--control", str(path)) as modem:
        yield modem


def test_a_peer_pings_the_module(modem: Running, path: Path) -> None:
    """It answers as #ICMP has it."""
    with serial.Serial(modem.port, timeout=TIMEOUT) as port:
        for line in ('AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1"):
            ask(port, line)
        assert "no reply\n" == ctl(path, "ping", "10.0.0.1")
        ask(port, "AT#ICMP=2")
        assert "reply\n" == ctl(path, "ping", "10.0.0.1")


def test_the_network_asks_and_answers(modem: Running, path: Path) -> None:
    """A text that wants a reply, which is shown; an answer to a code."""
    assert "not shown: no host has set +CUSD=1\n" == ctl(path, "ussd", "Welcome")
    with serial.Serial(modem.port, timeout=TIMEOUT) as port:
        for line in ("ATE0", "AT+CUSD=1"):
            ask(port, line)
        assert "shown\n" == ctl(path, "ussd", "--reply", "Yes or no?")
        assert b'\r\n+CUSD: 1,"Yes or no?",15\r\n' == port.read_until(b"15\r\n")
        port.write(b'AT+CUSD=1,"yes",15\r')
        assert b"\r\nOK\r\n\r\n+CUSD: 2\r\n" == port.read_until(b": 2\r\n")
        assert "yes\n" == ctl(path, "show", "ussd_replies")
        assert "" == ctl(path, "answer-ussd", "*100#", "5 EUR")
        port.write(b'AT+CUSD=1,"*100#",15\r')
        assert b'\r\nOK\r\n\r\n+CUSD: 0,"5 EUR",15\r\n' == port.read_until(b"15\r\n")
