"""gsm0710muxd, the multiplexing daemon of pyneo, from Debian: a host's 27.010 that others wrote.

`scripts/test` unpacks it below the virtual environment. It is asked for channels over D-Bus, here on a bus of its own.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers.sockets import TIMEOUT

_UNPACKED = Path(sys.prefix) / "debian"

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
        command = [_program("dbus-send"), "--system", "--print-reply", "--dest=org.pyneo.mux", "/org/pyneo/Muxer"]
        command += [f"org.pyneo.Powered.{method}", "string:tests", *arguments]
        run = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
        return run.stdout


@contextmanager
def mux_daemon(folder: Path, port: str, frame_size: int) -> Iterator[MuxDaemon]:
    """A daemon for the module at `port`, in basic mode; the folder gets its log and the bus."""
    program, bus = _program("gsm0710muxd"), _program("dbus-daemon")
    socket, configuration, log = folder / "bus", folder / "bus.conf", folder / "muxd.log"
    configuration.write_text(_BUS.format(socket=socket).lstrip())
    libraries = _UNPACKED / "usr/lib" / f"{os.uname().machine}-linux-gnu"
    environment = {
        **os.environ,
        "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={socket}",
        "LD_LIBRARY_PATH": f"{libraries}:{os.environ.get('LD_LIBRARY_PATH', '')}",
    }
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


def _program(name: str) -> str:
    """The program's path, installed or unpacked; the test is skipped, by name, where it is neither."""
    places = os.pathsep.join([os.environ.get("PATH", ""), str(_UNPACKED / "usr/sbin"), str(_UNPACKED / "usr/bin")])
    path = shutil.which(name, path=places)
    if path is None:
        pytest.skip(f"{name} is not there (Debian packages gsm0710muxd and dbus)")
    return path
