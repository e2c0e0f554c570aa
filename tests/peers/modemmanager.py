"""ModemManager with its plugin for Telit, from Debian, which `scripts/test` unpacks below the virtual environment.

Its test interface takes a modem on an abstract Unix socket, without udev and without privileges; socat joins that
socket to the port. Everything else is asked of it by its own command line program, mmcli.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers.private_bus import PrivateBus, private_bus, running
from tests.peers.processes import require_program
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_folder, unpacked_program

_NAME = "org.freedesktop.ModemManager1"
_PATH = "/org/freedesktop/ModemManager1"
_OPTIONS = ("--test-session", "--test-enable", "--test-no-udev", "--test-no-suspend-resume", "--test-no-qrtr")


class ModemManager:
    """A daemon with one modem."""

    def __init__(self, bus: PrivateBus, log: Path) -> None:
        self._mmcli = unpacked_program("mmcli", "modemmanager")
        self._bus = bus
        self._log = log

    def add(self, port: str) -> None:
        """Hand it a modem at an abstract socket, for the plugin telit."""
        path = (_PATH, f"{_NAME}.Test.SetProfile", "string:test", "string:telit", f"array:string:{port}")
        self._until(lambda: "method return" in self._bus.call(_NAME, *path), "it takes the modem")

    def modem(self, *arguments: str) -> str:
        """What `mmcli --modem=any` prints."""
        return self.ask("--modem=any", *arguments)

    def ask(self, *arguments: str) -> str:
        """What mmcli prints; a refusal fails the test."""
        run = self._run(*arguments)
        assert 0 == run.returncode, f"{arguments}: {run.stderr}\n{self._log.read_text()[-4000:]}"
        return run.stdout

    def until(self, *texts: str, of: str = "") -> None:
        """Wait until what it prints of the modem, or in answer to the option `of`, has one of the texts."""
        question = ("--modem=any", of) if of else ("--modem=any",)
        self._until(lambda: any(text in self._run(*question).stdout for text in texts), f"{question} says {texts}")

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._mmcli, *arguments],
            env=self._bus.environment,
            capture_output=True,
            text=True,
            timeout=2 * TIMEOUT,
            check=False,
        )

    def _until(self, reached: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + TIMEOUT
        while not reached():
            assert time.monotonic() < deadline, (
                f"{what}: no; {self._run('--modem=any')}\n{self._log.read_text()[-4000:]}"
            )
            time.sleep(0.1)


@contextmanager
def modem_manager(folder: Path, port: str) -> Iterator[ModemManager]:
    """A daemon that has the modem at `port`; the folder gets its log and the bus."""
    program, socat = unpacked_program("ModemManager", "modemmanager"), require_program("socat", "socat")
    plugins = unpacked_folder("usr/lib/*/ModemManager")
    if plugins is None:
        pytest.skip("the plugins of ModemManager are not there (Debian package modemmanager)")
    log, name = folder / "modemmanager.log", f"{folder}/modem".replace("/", "-")
    options = [*_OPTIONS, "--no-auto-scan", "--debug", f"--log-file={log}", f"--test-plugin-dir={plugins}"]
    relay = [socat, f"ABSTRACT-LISTEN:abstract\\:{name},fork", f"OPEN:{port},raw,echo=0"]
    with (
        private_bus(folder) as bus,
        running([program, *options], bus.environment),
        running(relay, bus.environment),
    ):
        manager = ModemManager(bus, log)
        manager.add(f"abstract:{name}")
        manager.until("state: disabled", "state: locked")
        yield manager
