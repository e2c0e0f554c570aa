"""A line to an emulated module, from whatever state its last host has left."""

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import get_type_hints

import pytest
import serial

from emulator import VirtualModem
from emulator.commands.catalogue import declared_commands
from emulator.dte.exchange import _ENDS_WITH_CARRIER, Exchange
from emulator.dte.identity import identify
from emulator.dte.module_line import ModuleLine
from emulator.dte.port import SerialPort
from emulator.dte.signals import ended_by_signals, signals_deferred
from emulator.errors import UserError
from emulator.lab.smtp_server import SmtpServer
from tests.peers.sockets import TIMEOUT


@pytest.fixture
def modem() -> Iterator[VirtualModem]:
    with VirtualModem("HE910", time_scale=50) as modem:
        yield modem


def raw(modem: VirtualModem, *sent: bytes) -> bytes:
    """What the module says to these, once it is silent."""
    with serial.Serial(modem.port, timeout=0.1) as port:
        said = b""
        for data in sent:
            port.write(data)
            while more := port.read(1000):
                said += more
        return said


def test_an_answer_has_its_lines_and_its_final_result(modem: VirtualModem) -> None:
    with ModuleLine(modem.port) as line:
        exchange = line.ask("AT+CSQ")

    assert ("AT+CSQ", ["+CSQ: 20,0"], "OK", True) == (
        exchange.sent,
        exchange.lines,
        exchange.final,
        exchange.is_ok,
    )
    assert "20,0" == exchange.value("+CSQ")


def test_a_urc_behind_the_final_result_is_none_of_the_answer(modem: VirtualModem) -> None:
    """Nor does it keep anybody waiting for the rest of the time that the answer may take."""
    with SmtpServer() as server, ModuleLine(modem.port) as line:
        for command in ('AT+CGDCONT=1,"IP","x"', "AT#SGACT=1,1"):
            line.ask(command)
        exchange = line.ask(f'AT#SD=1,0,{server.port},"{server.host}",0,0,1;+CSQ', TIMEOUT)

    told = Exchange("AT+CSQ", "AT+CSQ\r\r\n+CSQ: 20,0\r\n\r\nOK\r\n\r\nSRING: 1\r\n")
    assert (["+CSQ: 20,0"], "OK") == (told.lines, told.final)
    assert exchange.is_ok and exchange.seconds < TIMEOUT


class ScriptedPort(SerialPort):
    """A port at which a module says these pieces, one a read, once it has been asked."""

    def __init__(self, *pieces: bytes) -> None:
        super().__init__("/dev/none")
        self.pieces = [b"", *pieces]

    def write(self, data: bytes) -> None:
        """Take the command."""

    def read(self, within: float) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


_CARRIER_URC = b"\r\nNO CARRIER\r\n"
_PLACE = b"\r\n+COPS: 0\r\n\r\nOK\r\n"


@pytest.mark.parametrize("command", ["AT+COPS=?", "AT", "ate0", "AT#SD=?", "AT+CMEE=1;+COPS?", "AT+NONE", "AT#SI"])
def test_no_carrier_ends_only_commands_that_can_dial(command: str) -> None:
    """V.250 6.3: behind any other it tells that a connection has ended, before the answer or behind it."""
    port = ScriptedPort(_CARRIER_URC, _PLACE)
    before, behind = ModuleLine(port).ask(command), Exchange(command, (_PLACE + _CARRIER_URC).decode())

    assert [] == port.pieces
    assert ("OK", "OK") == (before.final, behind.final)
    assert (["NO CARRIER", "+COPS: 0"], ["+COPS: 0"]) == (before.lines, behind.lines)


@pytest.mark.parametrize("command", ["ATD*99#", "ATA", "ATO", 'at+cmee=1;#sd=1,0,80,"a"', "AT#SSLO=1", "A/", "+++"])
def test_no_carrier_ends_what_dials_or_goes_online(command: str) -> None:
    """The escape sequence, too, where the connection has ended meanwhile."""
    port = ScriptedPort(_CARRIER_URC, _PLACE)

    assert "NO CARRIER" == ModuleLine(port).ask(command).final
    assert [_PLACE] == port.pieces


def test_each_command_that_says_no_carrier_is_known_to_do_so() -> None:
    """By what its handlers return: a link for online mode, or another result."""
    silent = {"+COPS", "+CSIM"}  # coroutines, whose result is another one
    online = {
        command.name
        for command in declared_commands()
        for handler in command.handlers.values()
        if re.search(r"FailedResult|Link\b", str(get_type_hints(handler).get("return")))
    }
    assert online - silent == _ENDS_WITH_CARRIER


@pytest.mark.parametrize("before", ["E0", "E1", "V0", "E0V0", "Q1", "E0Q1", "E0V0Q1"])
def test_a_module_is_asked_in_words_and_put_back(modem: VirtualModem, before: str) -> None:
    raw(modem, f"AT{before}\r".encode())
    untouched = raw(modem, b"AT\r", b"AT+CMEE?\r")

    with ModuleLine(modem.port) as line:
        assert ["+CMEE: 0"] == line.ask("AT+CMEE?").lines

    assert untouched == raw(modem, b"AT\r", b"AT+CMEE?\r")


def test_an_entry_that_a_host_has_left_is_cancelled() -> None:
    """The port keeps it, as one without DTR does."""
    with VirtualModem("HE910", time_scale=50, settings=["closing_abandons_entry=false"]) as modem:
        raw(modem, b'AT+CMGF=1;+CMGW="123"\r', b"never stored")
        with ModuleLine(modem.port) as line:
            assert line.ask("AT").is_ok
            assert [] == line.ask('AT+CMGL="ALL"').lines


def test_a_command_that_is_broken_off_is_heard_to_its_end(modem: VirtualModem) -> None:
    with ModuleLine(modem.port) as line:
        prompt = line.ask('AT+CMGF=1;+CMGW="123"')
        assert prompt.is_prompt
    with ModuleLine(modem.port) as line:
        assert line.ask("AT").is_ok


def test_a_refusal_has_a_number_or_a_text(modem: VirtualModem) -> None:
    with ModuleLine(modem.port) as line:
        plain = line.ask("AT+CREG=9").refusal
        line.ask("AT+CMEE=1")
        number = line.ask("AT+CREG=9").refusal
        line.ask("AT+CMEE=2")
        text = line.ask("AT+CREG=9").refusal

    assert plain is not None
    assert number is not None
    assert text is not None
    assert ("", None, "CME", 4, "CME", "operation not supported") == (
        plain.family,
        plain.code,
        number.family,
        number.code,
        text.family,
        text.text,
    )


def test_another_makers_modem_is_refused() -> None:
    with (
        VirtualModem("HE910", settings=["identity.manufacturer=Acme"]) as modem,
        ModuleLine(modem.port) as line,
        pytest.raises(UserError, match="the modem there is made by Acme; only Telit's are known"),
    ):
        identify(line)


def test_the_identity_is_told_with_and_without_the_name_of_the_command(modem: VirtualModem) -> None:
    with ModuleLine(modem.port) as line:
        assert "HE910 12.00.004" == str(identify(line))


@pytest.mark.parametrize(
    ("port", "message"),
    [
        ("/dev/none", "/dev/none: No such file or directory; name a serial port that can be used"),
        ("/dev/null", "/dev/null: Inappropriate ioctl for device; name a serial port that can be used"),
        ("socket://127.0.0.1:1", "socket://127.0.0.1:1: Connection refused; name a serial port that can be used"),
        ("foo://x", "foo://x: invalid URL, protocol 'foo' not known; name a serial port, or a URL that pyserial opens"),
    ],
)
def test_a_port_that_cannot_be_opened_is_told(port: str, message: str) -> None:
    with pytest.raises(UserError) as raised, ModuleLine(port):
        raise AssertionError("it is open")

    assert message == str(raised.value)


def test_a_busy_port_is_told_with_the_program_that_uses_it() -> None:
    with VirtualModem("HE910") as modem:
        opened = f"p = serial.Serial({modem.port!r}, exclusive=True)"
        holding = f"import serial, sys; {opened}; print(flush=True); sys.stdin.read()"
        with subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdout is not None
            other.stdout.readline()
            with pytest.raises(UserError, match=rf"python\S* \(process {other.pid}\) uses it; end that first"):
                ModuleLine(modem.port).__enter__()
            other.communicate()


def test_a_silent_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.dte.module_line._FIRST_ANSWER", 0.05)
    monkeypatch.setattr("emulator.dte.module_line.GUARD_TIME", 0.0)
    master, slave = pty.openpty()
    try:
        name = os.ttyname(slave)
        with pytest.raises(UserError, match=f"{name}: no answer to AT; is a module at this port"):
            ModuleLine(name).__enter__()
    finally:
        os.close(master)
        os.close(slave)


def test_a_port_that_is_lost_is_told() -> None:
    with VirtualModem("HE910") as modem:
        line = ModuleLine(modem.port)
        line.__enter__()
    with pytest.raises(UserError, match="the port was lost"):
        line.ask("AT")
    line.__exit__(None, None, None)


def test_a_signal_waits_until_the_module_is_put_back() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), signals_deferred():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        done.append("put back")

    assert ["put back"] == done


def test_sigterm_ends_as_ctrl_c_does() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with pytest.raises(KeyboardInterrupt), ended_by_signals():
        signal.raise_signal(signal.SIGTERM)

    assert before == signal.getsignal(signal.SIGTERM)
