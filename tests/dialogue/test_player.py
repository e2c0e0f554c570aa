"""Dialogues on emulated modules."""

import hashlib
from pathlib import Path

import pytest

from emulator.dialogue.play import play_emulated
from emulator.errors import UserError
from emulator.options import ModemOptions
from tests.dialogue.files import CONNECTED, made, played

ALL_KINDS = f"""\
source: one step of each kind
lines: 12.00

> AT+CSQ
< +CSQ: {{number}},{{number}}
< OK
> AT+CGMM
< UE910
<| HE910
<? NEVER
< OK
within 5
>* AT+CREG?
< +CREG: 0,1
< OK
{CONNECTED}
> AT#SSLS=1
< #SSLS: 1,2,{{suite}}
< OK
> AT#SSLRCV=1,15
within 20
< #SSLRCV: 0
<+ TIMEOUT
< OK
> AT#SSLSEND=1
<prompt
>x 00 01 41 1A
< OK
peer< <00><01>A
> AT#SSLSENDEXT=1,{{data.bin.size}}
<prompt
>file data.bin
< OK
peer> <00>abc<FF>
> AT#SSLRCV=1,15
< #SSLRCV: 5
<x 00
<< abc
<x FF 0D 0A
< OK
> AT#SSLO=1
< CONNECT
peer closes
< NO CARRIER
"""


async def test_every_kind_of_step(tmp_path: Path) -> None:
    """One after the other."""
    (tmp_path / "data.bin").write_bytes(bytes(range(256)))

    assert await played(tmp_path, ALL_KINDS, "HE910@12.00.004") is None


async def test_a_file_goes_both_ways(tmp_path: Path) -> None:
    """Thousands of bytes, each of them heard."""
    data = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(200)).replace(b"+", b"-")
    (tmp_path / "data.bin").write_bytes(data)
    text = (
        'server: ftp\n> AT+CGDCONT=1,IP,"apn"\n< OK\n> AT#SGACT=1,1\n< #SGACT: {ip}\n< OK\n'
        "> AT#FTPOPEN=ftp.example.com:21,telit,public-demo,1\n< OK\n"
        '> AT#FTPPUT="new.bin"\n< CONNECT\n>file data.bin\nescape\n< NO CARRIER\n'
        '> AT#FTPGET="new.bin"\n< CONNECT\n<file data.bin\n< NO CARRIER\n'
    )

    assert await played(tmp_path, text) is None


async def test_what_the_module_says_unasked(tmp_path: Path) -> None:
    """Where the dialogue allows it, it may come or not."""
    text = "> AT+CREG=1\n< OK\n> AT+COPS=2\n< OK\nwait 5\n> AT+COPS=0\n< OK\nwait 5\n> AT\n< OK\n"

    assert await played(tmp_path, f"unsolicited: +CREG: {{number}}\n{text}") is None
    difference = await played(tmp_path, text)
    assert difference is not None
    assert "\n+< +CREG: " in difference.diff


async def test_a_module_that_restarts_is_waited_for(tmp_path: Path) -> None:
    """The silence of a booting module is a wrong answer like any other; its first answer still has the echo."""
    assert (
        await played(tmp_path, "> AT#REBOOT\n< OK\nwithin 60\n>* ATE0\n< OK\n> AT+CPIN?\n< +CPIN: READY\n< OK\n")
        is None
    )


async def test_the_module_dials_what_the_dialogue_names(tmp_path: Path) -> None:
    """`peer` in the head takes the place of the guide's addresses."""
    text = "peer: api.example.test:8443\n" + CONNECTED.replace('443,"123.124.125.126"', '8443,"api.example.test"')

    assert await played(tmp_path, text) is None


async def test_settings_reach_the_module(tmp_path: Path) -> None:
    """As for `--set`."""
    dialogue = made(tmp_path, "> AT+CSQ\n< +CSQ: 5,0\n< OK\n")

    await play_emulated(dialogue, ModemOptions(settings=["network.signal=5"]))


async def test_a_module_that_gives_no_results(tmp_path: Path) -> None:
    """With ATQ1 it is silent from the start; that is a difference like any other."""
    dialogue = made(tmp_path, "> AT\n< OK\n")

    with pytest.raises(AssertionError, match=r"it\.txt:2: the module has said no more within 0\.1 s"):
        await play_emulated(dialogue, ModemOptions(settings=["settings.Q.default=1"]), answer_timeout=0.1)


async def test_a_firmware_that_does_not_exist(tmp_path: Path) -> None:
    """The mistake is the user's."""
    with pytest.raises(UserError, match="no model 'HE911'"):
        await played(tmp_path, "> AT\n< OK\n", "HE911")
