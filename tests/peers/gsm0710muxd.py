"""gsm0710muxd, the multiplexing daemon of pyneo, from Debian: a host's 27.010 that others wrote.

`scripts/test` unpacks it below the virtual environment. It is asked for channels over D-Bus, here on a bus of its own.
"""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

_BUS = """
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


class MuxDaemon:
    """A daemon at work."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log

    def start(self) -> None:
        """Let it look for the module and start the multiplexer there, which it does within 15 seconds."""
        self._ask_until("method return", "SetPower", "boolean:true")

    def channel(self) -> str:
        """The terminal of a new channel, once there is a multiplexer."""
        return self._ask_until('"file://(/dev/.*)"', "GetDevice")[1]

    def _ask_until(self, pattern: str, *question: str) -> re.Match[str]:
        deadline = time.monotonic() + TIMEOUT
        while (found := re.search(pattern, self._ask(*question))) is None:
            assert time.monotonic() < deadline, self._log.read_text() if self._log.exists() else "no log"
            time.sleep(0.1)
        return found

    def _ask(self, method: str, *arguments: str) -> str:
        command = [
            unpacked_program("dbus-send", "dbus"),
            "--system",
            "--print-reply",
            "--dest=org.pyneo.mux",
            "/org/pyneo/Muxer",
        ]
        command += [f"org.pyneo.Powered.{method}", "string:tests", *arguments]
        run = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        return run.stdout


@contextmanager
def mux_daemon(folder: Path, port: str, frame_size: int) -> Iterator[MuxDaemon]:
    """A daemon for the module at `port`, in basic mode; the folder gets its log and the bus."""
    program, bus = unpacked_program("gsm0710muxd", "gsm0710muxd"), unpacked_program("dbus-daemon", "dbus")
    socket, configuration, log = folder / "bus", folder / "bus.conf", folder / "muxd.log"
    configuration.write_text(_BUS.format(socket=socket).lstrip())
    environment = {**unpacked_environment(), "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={socket}"}
    options = ["-s", port, "-m", "basic", "-f", str(frame_size), "-v", "-v", "-l", str(log)]
    with _running([bus, f"--config-file={configuration}", "--nofork", "--print-address"], environment) as buses:
        assert buses.stdout is not None
        assert buses.stdout.readline(), "the bus does not get ready"
        with _running([program, *options], environment):
            yield MuxDaemon(environment, log)


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()
