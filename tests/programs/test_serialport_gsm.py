"""serialport-gsm from npm, which most hosts on Node.js are built with."""

import asyncio
import json
from pathlib import Path

import pytest

from emulator import VirtualModem
from tests.commands.lines import EVERY_LINE
from tests.commands.peer import eventually
from tests.peers.npm import node_with
from tests.peers.sockets import TIMEOUT

pytestmark = pytest.mark.slow

HOST = Path(__file__).parent / "serialport_gsm.js"
SETTINGS = ["sim.pin=4711", 'sim.numbers=[{name="me",number="+39040111"}]']


@EVERY_LINE
async def test_serialport_gsm_gives_the_pin_sends_and_hears(firmware: str) -> None:
    """It reads what comes, and deletes it."""
    node, environment = node_with("serialport-gsm")
    with VirtualModem(firmware, settings=SETTINGS) as modem:
        command = [node, str(HOST), modem.port, "4711", "+4412345", "Hello from node"]
        host = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
        try:
            await eventually(lambda: modem.sent_sms, "it sends")
            modem.receive_sms("+393311234567", "Ciao, è vero? €5")
            output, _ = await asyncio.wait_for(host.communicate(), TIMEOUT)
        finally:
            if host.returncode is None:
                host.kill()
        assert 0 == host.returncode
        assert [("+4412345", "Hello from node")] == [(one.number, one.text) for one in modem.sent_sms]
        shown = {one["what"]: one["value"] for one in map(json.loads, output.splitlines())}
        assert {"modemSerial": "001023000000019"} == shown["getModemSerial"]
        assert {"name": "me", "number": "+39040111"} == shown["getOwnNumber"]
        assert "20" == shown["getNetworkSignal"]["signalQuality"]
        assert "Message Successfully Sent" == shown["sent"]
        (received,) = shown["received"]
        assert ("393311234567", "Ciao, è vero? €5") == (received["sender"], received["message"])
