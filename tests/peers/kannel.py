"""Kannel's bearerbox and smsbox, from Debian: a gateway that sends what HTTP clients ask for, and answers what comes.

`scripts/test` unpacks them below the virtual environment.
"""

import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.private_bus import running
from tests.peers.processes import free_port
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

_CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = public-demo
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
log-file = "{folder}/bearerbox.log"

group = smsc
smsc = at
modemtype = generic
device = {port}
speed = 115200

group = modems
id = generic
name = "Generic Modem"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {http}
sendsms-interface = 127.0.0.1
log-file = "{folder}/smsbox.log"

group = sendsms-user
username = tester
password = public-demo

group = sms-service
keyword = default
text = "You said %k"
"""


class Gateway:
    """A gateway at work."""

    def __init__(self, http: int) -> None:
        self._http = http

    def send(self, number: str, text: str) -> None:
        """Ask it over HTTP to send a message, once it listens."""
        values = {"username": "tester", "password": "public-demo", "from": "1", "to": number, "text": text}
        address = f"http://127.0.0.1:{self._http}/cgi-bin/sendsms?{urllib.parse.urlencode(values)}"
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                urllib.request.urlopen(address, timeout=TIMEOUT).close()
                return
            except urllib.error.URLError:
                assert time.monotonic() < deadline, "the gateway does not listen"
                time.sleep(0.1)


@contextmanager
def kannel(folder: Path, port: str) -> Iterator[Gateway]:
    """A gateway with the module at `port`; the folder gets its configuration and its logs."""
    bearerbox, smsbox = unpacked_program("bearerbox", "kannel"), unpacked_program("smsbox", "kannel")
    admin, boxes, http = free_port(), free_port(), free_port()
    configuration = folder / "kannel.conf"
    configuration.write_text(_CONFIGURATION.format(admin=admin, boxes=boxes, http=http, folder=folder, port=port))
    environment = unpacked_environment()
    with running([bearerbox, str(configuration)], environment):
        _wait_for("Start-up done", folder / "bearerbox.log")  # else smsbox ends at once
        with running([smsbox, str(configuration)], environment):
            yield Gateway(http)


def _wait_for(text: str, log: Path) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not log.exists() or text not in log.read_text():
        assert time.monotonic() < deadline, log.read_text() if log.exists() else "no log"
        time.sleep(0.05)
