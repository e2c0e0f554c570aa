"""The guest's serial port as a port of the modem: what every test of PPP stands on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from emulator import VirtualModem
from tests.commands.ssl_bench import UMTS
from tests.peers.guest.qemu import Guest

pytestmark = pytest.mark.slow

CHAT = "chat -v -s -t 10 '' AT OK AT+CGMM {model} '' OK </dev/ttyS1 >/dev/ttyS1"


def pseudo_terminal(_folder: Path) -> list[str]:
    return []


def unix(folder: Path) -> list[str]:
    return [f"unix:{folder}/modem"]


def tcp(_folder: Path) -> list[str]:
    return ["tcp:127.0.0.1:0"]


@pytest.mark.parametrize("listen", [pseudo_terminal, unix, tcp])
def test_a_guest_speaks_at(linux: Guest, listen: Callable[[Path], list[str]], tmp_path: Path) -> None:
    """Debian's chat in the guest, over each kind of port."""
    linux.ask("stty -F /dev/ttyS1 raw -echo 115200")
    with VirtualModem(UMTS, listen=listen(tmp_path)) as modem:
        linux.plug(modem.port)
        said = linux.ask(CHAT.format(model=UMTS))

        assert "OK\n -- got it\n\n" == said[said.rindex("OK\n") :]
