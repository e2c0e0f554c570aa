"""What is played with the server that a user names: real TLS, on the module and on its twin."""

import pytest

from emulator import VirtualModem
from emulator.conformance.items import Need, Server
from emulator.conformance.playlist import items
from emulator.conformance.session import Wishes
from emulator.dte.module_line import ModuleLine
from emulator.firmware.loader import load_firmware
from emulator.lab.conversations import echo
from emulator.lab.server import LabServer
from emulator.resources import CERTS
from tests.conformance.sessions import SCALE, compared, shown, told


@pytest.mark.parametrize(
    ("firmware", "states"),
    [("HE910", {f"< #SSLS: 1,2,{suite}" for suite in (1, 2, 3, 4)}), ("ME310G1", {"< #SSLS: 1,2"})],
)
def test_every_suite_and_mode_is_played_with_the_users_server(firmware: str, states: set[str]) -> None:
    """Each connects with and without authentication; an authority that has not signed is refused, and is gone then."""
    with LabServer(echo) as peer, VirtualModem(firmware, time_scale=SCALE) as modem:
        server = Server(peer.host, peer.port, (CERTS / "public-demo-ca.pem").read_bytes())
        playlist = [item for item in items(load_firmware(firmware), server) if item.source == "server"]
        with ModuleLine(modem.port, time_scale=SCALE) as line:
            assert line.ask('AT+CGDCONT=1,"IP","web"').is_ok

        report = compared(modem, firmware, Wishes(server=server), playlist)

    said = [told_line for result in report.session.results for told_line in result.told]
    assert {} == told(report), shown(report)
    assert [] == list(report.session.left)
    assert set() == {state for state in states if not any(line.startswith(state) for line in said)}
    assert {"< CONNECT", "<prompt"} <= set(said)
    assert {"> AT#SSLD", "> AT#SD"} <= {result.sent.partition("=")[0] for result in report.session.results}


def test_no_item_dials_without_a_server() -> None:
    """They are there all the same, so that a report says what was not tried."""
    alone = items(load_firmware("HE910"))
    dialling = [item for item in alone if Need.SERVER in item.needs]

    assert len(dialling) > 10
    assert len(alone) == len(items(load_firmware("HE910"), Server("10.0.0.1", 443, b"ca")))
