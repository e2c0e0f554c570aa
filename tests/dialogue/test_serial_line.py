"""Dialogues on what is at a serial port: an emulator's pseudo-terminal here, a module elsewhere."""

import asyncio
import os
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator import ManualClock, UserError, VirtualModem, WallClock
from emulator.dialogue.difference import Difference
from emulator.dialogue.play import play_on_port
from emulator.dte.port import SerialPort
from emulator.testing.real_modem import RealModem
from tests.dialogue.files import CONNECTED, made
from tests.peers.sockets import TIMEOUT


def test_a_dialogue_on_a_port(tmp_path: Path) -> None:
    """Echo is turned off first, and guard times pass in the module's time."""
    (tmp_path / "apn.bin").write_bytes(b'AT+CGDCONT=1,"IP","mine"\r')
    text = (
        ">file apn.bin\n< OK\n> AT+CGDCONT?\n"
        '< +CGDCONT: 1,"IP","mine"{any}\n< OK\nescape\n>* AT+CREG?\n< +CREG: 0,{number}\n< OK\n'
        "wait 30\n>x 41 54 0D\n< OK\n"
    )
    made(tmp_path, text)

    with VirtualModem("GE865-QUAD", clock=WallClock(scale=50)) as modem:
        modem.play(tmp_path / "it.txt")


def test_a_dialogue_finds_the_module_as_new_as_can_be(tmp_path: Path) -> None:
    """What the last one has left on does not trouble the next; a module in a test is played on in the same way."""
    made(tmp_path, "> AT#SSLEN=1,1\n< OK\n> AT+CMEE=2\n< OK\n> AT#SGACT=1,1\n< +CME ERROR: {any}\n")

    with VirtualModem("GE865-QUAD") as modem:
        modem.play(tmp_path / "it.txt")
        RealModem(modem.port).play(tmp_path / "it.txt")


def test_a_difference_on_a_port(tmp_path: Path) -> None:
    """The port takes the firmware's place in the report."""
    made(tmp_path, "> AT+CGMM\n< HE910\n< OK\n")

    with VirtualModem("GE865-QUAD") as modem, pytest.raises(Difference) as error:
        modem.play(tmp_path / "it.txt")

    lines = str(error.value).splitlines()
    assert lines[0] == f"{tmp_path}/it.txt:2: the module says something else"
    assert lines[2].startswith("+++ /dev/")
    assert lines[4:] == [" > AT+CGMM", "-< HE910", "+< GE865-QUAD", " < OK"]


def test_a_module_that_says_no_more(tmp_path: Path) -> None:
    """It has its time, and then it is a difference."""
    dialogue = made(tmp_path, "> AT\n< OK\n< and more\n")

    with (
        VirtualModem("GE865-QUAD") as modem,
        pytest.raises(Difference, match=r"it\.txt:3: the module has said no more within 0\.1 s"),
    ):
        asyncio.run(play_on_port(dialogue, modem.port, answer_timeout=0.1))


async def test_a_silent_module(tmp_path: Path) -> None:
    """Nothing of the dialogue is sent, and the line says what may be wrong."""
    dialogue = made(tmp_path, "> AT+CGMM\n< OK\n")
    master, slave = os.openpty()
    tty.setraw(slave)
    port = os.ttyname(slave)
    try:
        with pytest.raises(UserError, match=rf"{port}: no answer to AT; is a module at this port"):
            await play_on_port(dialogue, port, time_scale=50)
        assert b"+CGMM" not in os.read(master, 1000)
    finally:
        os.close(master)
        os.close(slave)


async def test_a_port_of_another_program(tmp_path: Path) -> None:
    """A port is opened for one program alone, and the other one is named where the machine tells it."""
    dialogue = made(tmp_path, "> AT\n< OK\n")

    with VirtualModem("GE865-QUAD") as modem, SerialPort(modem.port), pytest.raises(UserError, match="end that first"):
        await play_on_port(dialogue, modem.port)


@contextmanager
def unplugged_after(command: bytes) -> Iterator[str]:
    """A module that answers OK to all, and is pulled out of the machine when it hears `command`."""
    master, slave = os.openpty()
    tty.setraw(slave)

    def answer() -> None:
        heard = b""
        while command not in heard:
            heard = os.read(master, 1000)
            os.write(master, b"\r\nOK\r\n")
        os.close(master)

    device = threading.Thread(target=answer)
    device.start()
    try:
        yield os.ttyname(slave)
    finally:
        device.join(TIMEOUT)
        os.close(slave)


async def test_a_port_that_goes_away(tmp_path: Path) -> None:
    """Says so, in one line."""
    dialogue = made(tmp_path, "> ATI\n< OK\n> AT\n< OK\n")

    with unplugged_after(b"ATI") as port, pytest.raises(UserError, match=f"{port}: the port was lost"):
        await play_on_port(dialogue, port)


async def test_ports_that_cannot_be_opened(tmp_path: Path) -> None:
    """One that is not there, and a file."""
    dialogue = made(tmp_path, "> AT\n< OK\n")

    for path in (tmp_path / "none", tmp_path / "it.txt"):
        with pytest.raises(UserError, match=f"{path}: .*; name a serial port that can be used"):
            await play_on_port(dialogue, str(path))


@pytest.mark.parametrize(
    ("text", "message"),
    {
        f"{CONNECTED}peer> a\n": "it.txt:10: only the emulator can play connect, peer>; play it with",
        "server: ftp\n> AT\n< OK\n": "it.txt: only the emulator has `server: ftp`; play it with",
    }.items(),
)
async def test_steps_that_only_the_emulator_can_play(tmp_path: Path, text: str, message: str) -> None:
    """Nothing is played of such a dialogue."""
    with pytest.raises(UserError, match=message):
        await play_on_port(made(tmp_path, text), "/dev/none")


def test_a_manual_clock_does_not_go_with_a_port(tmp_path: Path) -> None:
    """Nobody could tell when the module has read what was sent."""
    made(tmp_path, "> AT\n< OK\n")

    with VirtualModem("HE910", clock=ManualClock()) as modem, pytest.raises(RuntimeError, match="WallClock"):
        modem.play(tmp_path / "it.txt")
