"""gnokii, from Debian, on the pseudo-terminal of a running modem; `scripts/test` unpacks it."""

import subprocess
from pathlib import Path

from emulator import VirtualModem
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

_CONFIGURATION = """
[global]
port = {port}
model = AT
connection = serial
serial_baudrate = 115200
use_locking = no
"""


def gnokii(modem: VirtualModem, folder: Path, *command: str, entered: str = "") -> str:
    """Run it to its end, with a configuration in `folder`; what it prints."""
    program = unpacked_program("gnokii", "gnokii-cli")
    configuration = folder / "gnokiirc"
    configuration.write_text(_CONFIGURATION.format(port=modem.port))
    run = subprocess.run(
        [program, "--config", str(configuration), *command],
        env=unpacked_environment() | {"LC_ALL": "C.UTF-8"},
        input=entered.encode(),
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert 0 == run.returncode, run.stderr.decode()
    return run.stdout.decode()
