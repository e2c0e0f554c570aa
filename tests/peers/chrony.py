"""Debian's chronyd as a time server, which leaves the clock of this machine alone."""

import contextlib
import getpass
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.processes import free_port
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

_CONFIGURATION = """\
port {port}
bindaddress 127.0.0.1
allow 127.0.0.1
local stratum 8
cmdport 0
pidfile {folder}/chronyd.pid
"""


@contextmanager
def chronyd(folder: Path) -> Iterator[str]:
    """Run it; yield its address."""
    program = unpacked_program("chronyd", "chrony")
    port = free_port(socket.SOCK_DGRAM)
    path = folder / "chrony.conf"
    path.write_text(_CONFIGURATION.format(port=port, folder=folder))
    command = [program, "-d", "-x", "-U", "-u", getpass.getuser(), "-f", str(path)]
    with (
        (folder / "chronyd.log").open("wb") as log,
        subprocess.Popen(command, env=unpacked_environment(), stdout=log, stderr=log) as process,
    ):
        try:
            _wait_for_an_answer(port, process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for_an_answer(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + TIMEOUT
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.1)
        client.connect(("127.0.0.1", port))
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError):
                client.send(b"\x23" + bytes(47))
                if client.recv(1024):
                    return
    raise AssertionError(f"chronyd does not answer; its exit code is {process.poll()}")
