"""Secrets of a recording: PINs, passwords and private keys, in what is written and in what is shown."""

from pathlib import Path

import pytest
import serial

from emulator import VirtualModem
from emulator.recording.redaction import Redaction
from emulator.testing import Bench
from tests.cli.programs import ask
from tests.recording.recordings import COMMANDS, TIMEOUT, Recording

CODES = ("7351", "8462", "37333531", "38343632", "0037003300350031")
TYPED = {
    'AT+CPIN="73517351","8462"': 'AT+CPIN="***","***"',
    'AT+CPWD="SC","7351","8462"': 'AT+CPWD="SC","***","***"',
    'AT+CLCK="SC",1,"7351"': 'AT+CLCK="SC",1,"***"',
    'AT+CSIM=26,"A02000010837333531FFFFFFFF"': 'AT+CSIM=26,"***"',
    'AT+CSIM=42,"002C00811037333531373335313834363238343632"': 'AT+CSIM=42,"***"',
    "AT+CSIM=10,0020000100": "AT+CSIM=10,0020000100",
    "AT+CSIM=14,A0A40000023F00": "AT+CSIM=14,A0A40000023F00",
    'AT+CRSM=32,0,0,1,8,"37333531FFFFFFFF"': 'AT+CRSM=32,0,0,1,8,"***"',
    'AT+CRSM=214,28464,0,0,3,"22F210"': 'AT+CRSM=214,28464,0,0,3,"22F210"',
    "ATD**04*7351*8462*8462#": "ATD***",
    "ATD*#21#": "ATD*#21#",
    'AT+CUSD=1,"*33*7351*11#"': 'AT+CUSD=1,"***"',
    'AT+CUSD=1,"002A00330033002A0037003300350031002A003100310023",72': 'AT+CUSD=1,"***",72',
}


@pytest.mark.parametrize("line", TYPED)
def test_codes_are_starred_wherever_they_are_typed(line: str) -> None:
    """In the trace of a recording as in that of an emulated module, which ask the same declarations."""
    shown = Redaction(COMMANDS).line(line)

    assert shown == TYPED[line]
    assert not any(code in shown for code in CODES)


async def test_the_trace_of_an_emulated_module_stars_a_pin_in_an_instruction() -> None:
    """Whatever its readers show."""
    async with Bench("HE910") as bench:
        await bench.command('AT+CSIM=26,"002000010837333531FFFFFFFF"')
        await bench.command("ATD**04*7351*8462*8462#")

        assert not any(code in repr(bench.events) for code in CODES)


@pytest.mark.parametrize("kept", [False, True])
def test_secrets_are_starred_unless_they_are_to_be_kept(kept: bool, tmp_path: Path) -> None:
    """In the trace, from which the live view is made, and in the dialogue."""
    with VirtualModem() as modem:
        recording = Recording(modem.port, tmp_path / "recorded.txt", keep_secrets=kept)
        with serial.Serial(recording.port, 115200, timeout=TIMEOUT) as host:
            for line in ("ATE0", 'AT+CGDCONT=1,"IP","apn"', 'AT#SGACT=1,1,"user","geheim"', 'AT+CPIN="8642"'):
                ask(host, line)
        recording.end()

    for text in (recording.out.read_text(), recording.options.trace.read_text()):
        assert [kept] * 2 == [secret in text for secret in ("geheim", "8642")]
