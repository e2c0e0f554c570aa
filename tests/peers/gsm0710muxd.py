"""gsm0710muxd, the multiplexing daemon of pyneo, from Debian: a host's 27.010 that others wrote.

`scripts/test` unpacks it below the virtual environment. It is asked for channels over D-Bus, here on a bus of its own.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.private_bus import PrivateBus, private_bus, running
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_program


class MuxDaemon:
    """A daemon at work."""

    def __init__(self, bus: PrivateBus, log: Path) -> None:
        self._bus = bus
        self._log = log

    def start(self) -> None:
        """Let it look for the module and start the multiplexer there, which it does within 15 seconds."""
        self._ask_until("method return", "SetPower", "boolean:true")

    def channel(self) -> str:
        """The terminal of a new channel, once there is a multiplexer."""
        return self._ask_until('"file://(/dev/.*)"', "GetDevice")[1]

    def _ask_until(self, pattern: str, method: str, *arguments: str) -> re.Match[str]:
        deadline = time.monotonic() + TIMEOUT
        while (found := re.search(pattern, self._ask(method, *arguments))) is None:
            assert time.monotonic() < deadline, self._log.read_text() if self._log.exists() else "no log"
            time.sleep(0.1)
        return found

    def _ask(self, method: str, *arguments: str) -> str:
        method = f"org.pyneo.Powered.{method}"
        return self._bus.call("org.pyneo.mux", "/org/pyneo/Muxer", method, "string:tests", *arguments)


@contextmanager
def mux_daemon(folder: Path, port: str, frame_size: int) -> Iterator[MuxDaemon]:
    """A daemon for the module at `port`, in basic mode; the folder gets its log and the bus."""
    program, log = unpacked_program("gsm0710muxd", "gsm0710muxd"), folder / "muxd.log"
    options = ["-s", port, "-m", "basic", "-f", str(frame_size), "-v", "-v", "-l", str(log)]
    with private_bus(folder) as bus, running([program, *options], bus.environment):
        yield MuxDaemon(bus, log)
