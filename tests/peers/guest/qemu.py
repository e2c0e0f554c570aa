"""QEMU with the guest: its console takes commands, and its serial port is whatever port it is plugged into."""

import base64
import json
import os
import selectors
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.guest import image
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_folder, unpacked_program

_BOOT = 60.0
"""Seconds that the guest may take to boot: about three, unless the machine is busy."""

_NOTHING = {"type": "null", "data": {}}


@dataclass(frozen=True)
class Ran:
    """What a command in the guest printed, and its exit status."""

    status: int
    output: str


class Guest:
    """A running guest."""

    def __init__(self, console: subprocess.Popen[bytes], monitor: socket.socket) -> None:
        """Take over a QEMU that was just started, with its console and its monitor (QMP)."""
        self._console = console
        self._monitor = monitor.makefile("rwb")
        self._heard = b""

    def boot(self) -> None:
        """Wait until it takes commands."""
        self._read_monitor()
        self._ask_monitor("qmp_capabilities")
        self._read_until(b"\2", _BOOT)

    def run(self, command: str, timeout: float = TIMEOUT) -> Ran:
        """Run a line of shell to its end."""
        assert "\n" not in command and self._console.stdin is not None
        self._console.stdin.write(command.encode() + b"\n")
        self._console.stdin.flush()
        output, _, status = self._read_until(b"\2", timeout).rpartition(b"\1")
        return Ran(int(status), output.decode(errors="replace").replace("\r\n", "\n"))

    def ask(self, command: str, timeout: float = TIMEOUT) -> str:
        """Run a line of shell that has to succeed; return what it prints."""
        ran = self.run(command, timeout)
        assert 0 == ran.status, f"{command}: {ran.output}"
        return ran.output

    def until(self, command: str, timeout: float = TIMEOUT) -> str:
        """Run a line of shell, again and again, until it succeeds; return what it printed then."""
        deadline = time.monotonic() + timeout
        while (ran := self.run(command)).status:
            assert time.monotonic() < deadline, f"{command}: {ran.output}"
            time.sleep(0.1)
        return ran.output

    def write(self, path: str, content: str) -> None:
        """Write a file."""
        self.ask(f"echo {base64.b64encode(content.encode()).decode()} | base64 -d >{path}")

    def plug(self, port: str) -> None:
        """Plug the serial port /dev/ttyS1 into a port of a modem, by the name that it has for pyserial."""
        kind, _, address = port.rpartition(":") if port.startswith("unix:") else port.rpartition("://")
        self._change(_BACKENDS[kind](address))

    def unplug(self) -> None:
        """Pull the plug: nobody has the port any more, which a pseudo-terminal takes for DTR falling."""
        self._change(_NOTHING)

    def tidy_up(self) -> None:
        """Pull the plug, and leave nothing running and no file of a test."""
        self.unplug()
        self.run("killall -9 pppd chat; while pidof pppd; do usleep 10000; done; rm -rf /etc/ppp/* /tmp/*")
        self.ask("mkdir -p /etc/ppp/peers")

    def _change(self, backend: Mapping[str, Any]) -> None:
        self._ask_monitor("chardev-change", id="modem", backend=backend)

    def _ask_monitor(self, command: str, **arguments: Any) -> None:
        self._monitor.write(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        self._monitor.flush()
        while "event" in (answer := self._read_monitor()):
            pass
        assert "return" in answer, f"{command} {arguments}: {answer}"

    def _read_monitor(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._monitor.readline())
        return answer

    def _read_until(self, end: bytes, timeout: float) -> bytes:
        """Read the console as far as `end`."""
        assert self._console.stdout is not None
        deadline = time.monotonic() + timeout
        with selectors.DefaultSelector() as ready:
            ready.register(self._console.stdout, selectors.EVENT_READ)
            while end not in self._heard:
                assert ready.select(deadline - time.monotonic()), f"the guest does not answer; it said {self._heard!r}"
                data = os.read(self._console.stdout.fileno(), 65536)
                assert data, f"QEMU has ended; the guest said {self._heard!r}"
                self._heard += data
        found, _, self._heard = self._heard.partition(end)
        return found


def _pseudo_terminal(path: str) -> dict[str, Any]:
    return {"type": "serial", "data": {"device": path}}


def _unix(path: str) -> dict[str, Any]:
    return _socket({"type": "unix", "data": {"path": path}})


def _tcp(address: str) -> dict[str, Any]:
    host, _, number = address.rpartition(":")
    return _socket({"type": "inet", "data": {"host": host, "port": number}})


def _socket(address: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "socket", "data": {"addr": address, "server": False, "nodelay": True}}


_BACKENDS: Mapping[str, Callable[[str], dict[str, Any]]] = {"": _pseudo_terminal, "unix": _unix, "socket": _tcp}


@contextmanager
def guest() -> Iterator[Guest]:
    """A guest that has booted; skips the test, by name, where QEMU or the kernel is not there."""
    program = unpacked_program("qemu-system-x86_64", "qemu-system-x86")
    kernel, files = image.kernel(), image.file_system()
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "files.cpio")
        archive.write_bytes(files)
        ours, theirs = socket.socketpair()
        command = [program, *_firmware(), *_MACHINE, "-kernel", str(kernel), "-initrd", str(archive)]
        command += ["-chardev", f"socket,id=monitor,fd={theirs.fileno()}"]
        with (
            ours,
            subprocess.Popen(
                [*command, "-mon", "chardev=monitor,mode=control"],
                env=unpacked_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                bufsize=0,
            ) as process,
        ):
            theirs.close()
            try:
                running = Guest(process, ours)
                running.boot()
                yield running
            finally:
                process.kill()


_MACHINE = (
    *("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"),
    *("-machine", "pc", "-accel", "tcg", "-smp", "1", "-m", "160", "-append", "quiet panic=-1 tsc=unstable"),
    *("-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"),
    *("-chardev", "null,id=modem", "-serial", "chardev:modem"),
)


def _firmware() -> list[str]:
    """Where QEMU finds its BIOS when it is unpacked instead of installed."""
    folders = map(unpacked_folder, ("usr/share/qemu", "usr/share/seabios"))
    return [word for folder in folders if folder is not None for word in ("-L", str(folder))]
