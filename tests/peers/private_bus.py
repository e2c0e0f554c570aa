"""A D-Bus of the test's own, which stands for the system's and for the session's."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

_CONFIGURATION = """
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


class PrivateBus:
    """A bus at work."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        """Environment of a program that finds the bus, and the libraries that were unpacked."""

    def call(self, destination: str, path: str, method: str, *arguments: str) -> str:
        """What dbus-send prints of the answer; nothing when the call fails."""
        command = [unpacked_program("dbus-send", "dbus"), "--system", "--print-reply", f"--dest={destination}", path]
        run = subprocess.run(
            [*command, method, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        return run.stdout


@contextmanager
def private_bus(folder: Path) -> Iterator[PrivateBus]:
    """A bus whose socket lies in the folder."""
    program = unpacked_program("dbus-daemon", "dbus")
    socket, configuration = folder / "bus", folder / "bus.conf"
    configuration.write_text(_CONFIGURATION.format(socket=socket).lstrip())
    address = f"unix:path={socket}"
    buses = {"DBUS_SYSTEM_BUS_ADDRESS": address, "DBUS_SESSION_BUS_ADDRESS": address}
    environment = unpacked_environment() | buses
    command = [program, f"--config-file={configuration}", "--nofork", "--print-address"]
    with running(command, environment) as bus:
        assert bus.stdout is not None
        assert bus.stdout.readline(), "the bus does not get ready"
        yield PrivateBus(environment)


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon, until it is ended by its own process."""
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()
