"""Programs that manage modems, as they come with Debian, on the pseudo-terminal of a running modem."""

from pathlib import Path

import pytest

from emulator import VirtualModem
from tests.commands.lines import EVERY_LINE
from tests.commands.ssl_bench import GSM, UMTS
from tests.peers.processes import require_program
from tests.programs.gammu import gammu

pytestmark = pytest.mark.slow

BOTH_GENERATIONS = pytest.mark.parametrize("firmware", [GSM, UMTS])


@BOTH_GENERATIONS
def test_gammu_identifies_the_module(firmware: str, tmp_path: Path) -> None:
    """By manufacturer, model, firmware, IMEI and IMSI."""
    with VirtualModem(firmware) as modem:
        run = gammu(modem, tmp_path, "identify")

        assert 0 == run.exit_code, run.errors
        said = dict(line.split(":", 1) for line in run.output.splitlines() if ":" in line)
        found = {key.strip(): value.strip() for key, value in said.items()}
        assert "Telit" == found["Manufacturer"]
        assert found["Model"].endswith(f"({firmware})")
        assert "001023000000019" == found["IMEI"]
        assert "222010000000001" == found["SIM IMSI"]


@BOTH_GENERATIONS
def test_gammu_monitors_the_module(firmware: str, tmp_path: Path) -> None:
    """Calls, codes, phonebooks, battery, signal and network are all there."""
    with VirtualModem(firmware) as modem:
        run = gammu(modem, tmp_path, "monitor", "1")

        assert 0 == run.exit_code, run.errors
        words = [" ".join(line.split()) for line in run.output.splitlines()]
        for expected in (
            "Enabling info about calls : No error.",
            "Enabling info about USSD : No error.",
            "SIM phonebook : 0 used, 100 free",
            "Battery level : 100 percent",
            "Signal strength : -73 dBm",
            "Network state : home network",
            'Name in phone : "I TIM"',
            "GPRS : attached",
        ):
            assert expected in words


def test_gammu_gives_the_pin(tmp_path: Path) -> None:
    """And the card says that nothing more is to be entered."""
    with VirtualModem(GSM, settings=["sim.pin=4711"]) as modem:
        assert "PIN" in gammu(modem, tmp_path, "getsecuritystatus").output
        assert 0 == gammu(modem, tmp_path, "entersecuritycode", "PIN", "4711").exit_code
        assert "Nothing to enter." in gammu(modem, tmp_path, "getsecuritystatus").output


SCRIPT = """
ABORT "NO CARRIER" ABORT ERROR REPORT CONNECT
"" AT OK ATZ OK ATE1Q0V1 OK AT+CPIN? "READY" "" OK
AT+CGDCONT=1,"IP","apn" OK AT+CSQ "+CSQ: 20,0" "" OK
ATD*99***1# CONNECT ""
"""


@EVERY_LINE
def test_a_chat_script_comes_as_far_as_dialling(firmware: str, tmp_path: Path) -> None:
    """CONNECT, which is where chat leaves the line to pppd."""
    chat = require_program("chat", "ppp")
    script = tmp_path / "script"
    script.write_text(SCRIPT)
    with VirtualModem(firmware) as modem:
        run = modem.run(["sh", "-c", f"exec {chat} -v -s -t 30 -f {script} < {modem.port} > {modem.port}"])

        assert 0 == run.exit_code, run.errors
        assert "CONNECT" in run.errors.splitlines()[-1]


@BOTH_GENERATIONS
def test_comgt_finds_the_network(firmware: str) -> None:
    """Its script without a name: PIN, registration, operator and signal."""
    program = require_program("comgt", "comgt")
    with VirtualModem(firmware) as modem:
        run = modem.run([program, "-d", modem.port])

        assert 0 == run.exit_code, run.errors
        assert 'Registered on Home network: "I TIM"' in run.output
        assert "Signal Quality: 20,0" in run.output


WVDIAL = """
[Dialer Defaults]
Modem = {port}
Baud = 115200
Init1 = ATZ
Init2 = ATQ0 V1 E1 S0=0 &C1 &D2 +FCLASS=0
Init3 = AT+CGDCONT=1,"IP","apn"
Phone = *99***1#
Username = user
Password = public-demo
Dial Attempts = 1
Carrier Check = no
Stupid Mode = yes
Auto Reconnect = no
PPPD Path = /bin/true
New PPPD = no
"""


@EVERY_LINE
def test_wvdial_dials(firmware: str, tmp_path: Path) -> None:
    """With the strings that most of its configurations have; in the place of pppd a program that does nothing."""
    program = require_program("wvdial", "wvdial")
    configuration = tmp_path / "wvdial.conf"
    with VirtualModem(firmware) as modem:
        configuration.write_text(WVDIAL.format(port=modem.port))
        run = modem.run([program, "-C", str(configuration)])

        assert "--> Modem initialized." in run.errors + run.output
        assert "--> Carrier detected.  Starting PPP immediately." in run.errors + run.output
