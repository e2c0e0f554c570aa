"""ModemManager, the daemon behind most Linux desktops and routers, with its plugin for Telit."""

import re
from pathlib import Path

import pytest

from emulator import VirtualModem
from tests.commands.lines import EVERY_LINE
from tests.peers.modemmanager import modem_manager

pytestmark = pytest.mark.slow

SETTINGS = [
    "sim.pin=4711",
    "sim.files.preferred_networks=['20801', '26201']",
    'network.services.ussd=[{code="*100#",answer="Credit: 5 €"}]',
]

CARD = (
    "active: yes",
    "imsi: 222010000000001",
    "iccid: 8939010000000000009",
    "operator id: 22201",
    "operator name: TIM",
    "emergency numbers: 112, 911",
    "gid1: FFFFFFFF",
    "gid2: FFFFFFFF",
)
"""The page `mmcli --sim=any`, but for the preferred networks, which it reads once, before the PIN."""


@EVERY_LINE
def test_modemmanager_takes_the_module_from_the_pin_to_the_reset(firmware: str, tmp_path: Path) -> None:
    """PIN, enabling, registration, operators, messages both ways, a service code, power, reset."""
    with VirtualModem(firmware, settings=SETTINGS) as modem, modem_manager(tmp_path, modem.port) as manager:
        manager.until("lock: sim-pin")
        assert "equipment id: 001023000000019" in manager.modem()
        manager.ask("--sim=any", "--pin=4711")
        manager.until("state: disabled")
        manager.modem("--enable")
        manager.until("state: registered")
        manager.until("operator name: I TIM")
        card = manager.ask("--sim=any")
        for shown in CARD:
            assert shown in card
        assert "22288 - I WIND" in manager.modem("--3gpp-scan")

        modem.receive_sms("+393311234567", "Ciao, è vero? €5")
        manager.until("/SMS/0 (received)", of="--messaging-list-sms")
        assert "text: Ciao, è vero? €5" in manager.ask("--sms=0")
        created = re.search(r"/SMS/(\d+)", manager.modem("--messaging-create-sms=text='Hello Ж',number='+4412345'"))
        assert created
        manager.ask(f"--sms={created[1]}", "--send")
        assert [("+4412345", "Hello Ж")] == [(one.number, one.text) for one in modem.sent_sms]
        assert "Credit: 5 €" in manager.modem("--3gpp-ussd-initiate=*100#")

        manager.modem("--disable")
        manager.modem("--set-power-state-low")
        manager.until("power state: low")
        manager.modem("--set-power-state-on")
        manager.until("power state: on")
        manager.modem("--reset")


@pytest.mark.parametrize("firmware", ["HE910", "GE910-QUAD"])
def test_modemmanager_calls_and_is_called(firmware: str, tmp_path: Path) -> None:
    """A call that it dials is answered and ended, one that comes is accepted, and the caller hangs up."""
    with VirtualModem(firmware) as modem, modem_manager(tmp_path, modem.port) as manager:
        manager.modem("--enable")
        manager.until("state: registered")
        created = re.search(r"/Call/(\d+)", manager.modem("--voice-create-call=number=+393311234567"))
        assert created
        manager.ask(f"--call={created[1]}", "--start")
        manager.until("active", of="--voice-list-calls")
        manager.ask(f"--call={created[1]}", "--send-dtmf=5")
        assert [("+393311234567", "active", "5")] == [(one.number, one.state, one.tones) for one in modem.calls]
        manager.ask(f"--call={created[1]}", "--hangup")
        assert [] == list(modem.calls)

        modem.calls.ring("+4912345")
        manager.until("ringing-in", of="--voice-list-calls")
        coming = re.search(r"/Call/(\d+) incoming \(ringing-in\)", manager.modem("--voice-list-calls"))
        assert coming
        assert "+4912345" in manager.ask(f"--call={coming[1]}")
        manager.ask(f"--call={coming[1]}", "--accept")
        assert ["active"] == [one.state for one in modem.calls]
        modem.calls.end()
        manager.until("terminated", of="--voice-list-calls")


@EVERY_LINE
def test_modemmanager_shows_the_whole_card(firmware: str, tmp_path: Path) -> None:
    """Every line of its page, also the preferred networks."""
    networks = "sim.files.preferred_networks=['20801', '26201']"
    with VirtualModem(firmware, settings=[networks]) as modem, modem_manager(tmp_path, modem.port) as manager:
        card = manager.ask("--sim=any")
        for shown in (*CARD, "preferred networks: 20801", "26201"):
            assert shown in card


def test_modemmanager_shows_the_tries_of_a_usim(tmp_path: Path) -> None:
    """By the card's own instructions, while it has locked the card; a USIM has no EF_ECC that it can read."""
    settings = ['sim.applications=["GSM","USIM"]']
    with VirtualModem("HE910", settings=settings) as modem, modem_manager(tmp_path, modem.port) as manager:
        for shown in ("sim-pin (3)", "sim-puk (10)", "sim-pin2 (3)", "sim-puk2 (10)"):
            assert shown in manager.modem()
        card = manager.ask("--sim=any")
        assert "operator id: 22201" in card
        assert "emergency numbers" not in card


def test_modemmanager_registers_and_connects_by_lte(tmp_path: Path) -> None:
    """By +CEREG, with the technologies of LTE; the data call is on the default bearer."""
    with VirtualModem("LE910C1") as modem, modem_manager(tmp_path, modem.port) as manager:
        manager.modem("--enable")
        manager.until("state: registered")
        manager.until("access tech: lte")
        manager.until("operator id: 22201")
        manager.modem("--simple-connect=apn=internet")
        manager.until("state: \x1b[32mconnected")
