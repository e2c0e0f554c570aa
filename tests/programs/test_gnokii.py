"""gnokii, which keeps names in UCS2."""

from pathlib import Path

import pytest

from emulator import VirtualModem
from tests.commands.lines import EVERY_LINE
from tests.programs.gnokii import gnokii

pytestmark = pytest.mark.slow


@EVERY_LINE
def test_gnokii_knows_the_module_and_its_network(firmware: str, tmp_path: Path) -> None:
    """By its numbers, and by the cell that it is in."""
    with VirtualModem(firmware) as modem:
        words = [" ".join(line.split()) for line in gnokii(modem, tmp_path, "--identify").splitlines()]
        assert {"IMEI : 001023000000019", "Manufacturer : Telit"} <= set(words)
        assert "Network code : 222 01" in " ".join(gnokii(modem, tmp_path, "--getnetworkinfo").split())


@EVERY_LINE
def test_gnokii_writes_reads_and_deletes_names(firmware: str, tmp_path: Path) -> None:
    """With more characters than the card has octets for their digits."""
    with VirtualModem(firmware) as modem:
        gnokii(modem, tmp_path, "--writephonebook", entered="Fourteen chars;+391234;SM;1;5\n")
        shown = gnokii(modem, tmp_path, "--getphonebook", "SM", "1", "2")
        assert "1. Name: Fourteen chars\n" in shown
        assert "Number: +391234\n" in shown
        gnokii(modem, tmp_path, "--deletephonebook", "SM", "1")
        assert "Name:" not in gnokii(modem, tmp_path, "--getphonebook", "SM", "1", "2")


@EVERY_LINE
def test_gnokii_reads_sends_and_deletes_messages(firmware: str, tmp_path: Path) -> None:
    """By PDU."""
    with VirtualModem(firmware) as modem:
        modem.receive_sms("+393311234567", "Ciao, è vero? €5")
        assert "Ciao, è vero? €5" in gnokii(modem, tmp_path, "--getsms", "SM", "1")
        gnokii(modem, tmp_path, "--sendsms", "+4412345", entered="Hello gnokii")
        assert ["Hello gnokii"] == [one.text.strip() for one in modem.sent_sms]
        gnokii(modem, tmp_path, "--deletesms", "SM", "1")
        assert "SM 0" in " ".join(gnokii(modem, tmp_path, "--showsmsfolderstatus").split())
