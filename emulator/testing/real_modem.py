"""Runs tests on a real device at a serial port; what only the emulator can do is skipped."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn
from weakref import ref

import pytest

from emulator.dialogue.play import play_file
from emulator.dte.identity import identify
from emulator.dte.module_line import ModuleLine
from emulator.dte.reset import reset
from emulator.errors import UserError
from emulator.host_program import HostProgram, HostRun
from emulator.net.destination import Destination

UNREACHED = "only the emulator has modem.route to a server of this machine, unless --modem-server says where it is"


class RealModem:
    """Give tests a real device in the place of a `VirtualModem`; skip the test when it uses anything else."""

    def __init__(self, port: str, servers: str | None = None) -> None:
        """Take the port, and the host by which the module reaches the servers of the tests; None where it does not."""
        self._port = port
        self._servers = servers
        self._unused: dict[str, ref[Destination]] = {}
        """What is dialled by routes, with their real destinations that nobody has asked for until now."""

    def __repr__(self) -> str:
        return f"<RealModem at {self._port}>"

    @property
    def port(self) -> str:
        """Return the port; skip a test that has thrown a destination away, and dials what it has routed."""
        for dialled, destination in self._unused.items():
            if destination() is None:
                pytest.skip(f"it dials {dialled}, and not what modem.route returns; only the emulator has routes")
        return self._port

    def route(self, dialled: str, target: str) -> Destination:
        """Return what is dialled to reach `target`: itself, for a module has no routes. See `VirtualModem.route`."""
        if self._servers is None:
            pytest.skip(UNREACHED)
        host, _, port = target.rpartition(":")
        if host != self._servers and (":" in host or host.endswith(_LAB) or _is_loopback(host) or not port.isdecimal()):
            pytest.skip(f"the module cannot reach {target}; use a server of the fixtures, or one on the network")
        destination = Destination(host, int(port), lambda: self._unused.pop(dialled, None))
        self._unused[dialled] = ref(destination)
        return destination

    def run(
        self, command: Sequence[str], *, timeout: float = 60.0, environment: Mapping[str, str] | None = None
    ) -> HostRun:
        """See `VirtualModem.run`."""
        return HostProgram(command, self.port, environment).wait(timeout)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        pytest.skip(f"only the emulator has modem.{name}")

    def play(self, dialogue: str | Path) -> None:
        """See `VirtualModem.play`."""
        play_file(dialogue, self._port)

    def clean(self) -> None:
        """Leave data mode, close connections and restore the factory settings; fail the test when it cannot be."""
        with self._opened() as module:
            reset(module)

    def model(self) -> str:
        """Return the answer to +CGMM."""
        with self._opened() as module:
            return identify(module).model

    @contextmanager
    def _opened(self) -> Iterator[ModuleLine]:
        try:
            with ModuleLine(self._port) as module:
                yield module
        except UserError as error:
            raise pytest.fail.Exception(f"--modem-port {error}", pytrace=False) from None


_LAB = ".lab"
"""How the names of the lab's servers end, which only the emulator knows."""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
