"""A host with lwIP: PPP over a line and one TCP connection over that, by `lwip_host.c` and the sources of lwIP."""

import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Child, child
from benchmarks.programs import Unavailable, require

_SOURCES = Path(__file__).parent / "lwip_host"
_FOLDER = Path(sys.prefix) / "lwip"
"""Where `scripts/setup.sh` puts the sources of lwIP."""


@dataclass(frozen=True)
class LwipHost:
    """A running host."""

    stream: socket.socket
    """Its data goes to the server, and that of the server comes out of it."""
    process: Child
    """It says "up ADDRESS PEER DNS", "connected 0", "closed 0" or "failed ERROR", and "down ERROR"."""


def build() -> Path:
    """Return the program, built once.

    Raises:
        Unavailable: the sources, the compiler or make are not there.
    """
    if not (_FOLDER / "src").is_dir():
        raise Unavailable("the sources of lwIP are not there: scripts/test and scripts/bench fetch them, from Debian's")
    command = [require("make"), "--silent", "-C", str(_SOURCES), f"LWIP={_FOLDER}", f"BUILD={_FOLDER / 'build'}"]
    with (_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = subprocess.run([*command, f"CC={require('cc')}"], capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"lwip_host cannot be built: {made.stderr}")
    return _FOLDER / "build" / "lwip_host"


@contextmanager
def lwip_host(line: int, server: str, port: int, *credentials: str) -> Iterator[LwipHost]:
    """Run a host on a line that has said CONNECT; `credentials` are a user and a password."""
    ours, theirs = socket.socketpair()
    descriptors = [line, theirs.fileno()]
    command = [str(build()), *map(str, descriptors), server, str(port), *credentials]
    with ours, child(command, descriptors) as process:
        theirs.close()
        try:
            yield LwipHost(ours, process)
        finally:
            os.set_blocking(line, True)  # the program shares it
