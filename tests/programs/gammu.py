"""gammu, on the pseudo-terminal of a running modem."""

from pathlib import Path

from emulator import VirtualModem
from emulator.host_program import HostRun
from tests.peers.processes import require_program


def gammu(modem: VirtualModem, folder: Path, *command: str) -> HostRun:
    """Run it to its end, with a configuration in `folder`."""
    program = require_program("gammu", "gammu")
    configuration = folder / "gammurc"
    configuration.write_text(f"[gammu]\ndevice={modem.port}\nconnection=at115200\n")
    return modem.run([program, "-c", str(configuration), *command])
