"""A module whose process is killed at random moments while a host lets it write, again and again on the same state."""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Timer

from emulator.device.memory.content import Nvm
from emulator.device.memory.file import NvmFile
from emulator.firmware.loader import load_firmware
from tests.peers.pki import OTHER_ROOT, ROOT

_FIRMWARE = "HE910"
_TIMEOUT = 60.0
_LONGEST = 0.1
"""Seconds of real time that a module may write before it is killed."""


@dataclass(frozen=True)
class Write:
    """A value that a host writes, numbered so that each is another one."""

    command: str
    """With `{}` for the value."""
    value: Callable[[int], str]
    """The value of that number."""
    read: Callable[[Nvm], str | None]
    """The value that the state holds."""
    entered: bool = False
    """Whether the value is typed at a prompt; its length is then in the command."""


def _roots(number: int) -> str:
    return (ROOT, OTHER_ROOT)[number % 2].pem.decode()


def _stored_root(nvm: Nvm) -> str:
    return nvm.secure_sockets[1].security_data[1].data.decode()


WRITES = (
    Write('AT+CPBW=1,"{}",129,"kept"', str, lambda nvm: nvm.phonebook["SM"][1].number),
    Write('AT+CGDCONT=2,"IP","apn{}"', str, lambda nvm: nvm.contexts[2].apn.removeprefix("apn")),
    Write(
        "AT#SCFG=1,1,{},90,600,50", lambda number: str(number % 1500), lambda nvm: str(nvm.plain_sockets[1].packet_size)
    ),
    Write('AT+CSCA="{}"', str, lambda nvm: nvm.service_centre.number if nvm.service_centre else None),
    Write("AT#SSLSECDATA=1,1,1,{}", _roots, _stored_root, entered=True),
)


@dataclass
class Kills:
    """What came of a number of kills."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    """Each names a write that was OK and is not there."""


def survive(kills: int, seed: int) -> Kills:
    """Kill a module so many times, at moments that the seed chooses; look each time for what it has acknowledged."""
    random, outcome = Random(seed), Kills()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        host = _Host(random)
        for _ in range(kills):
            with _module(folder) as process, _connected(folder) as port:
                killer = Timer(random.uniform(0, _LONGEST), process.kill)
                outcome.acknowledged += host.write_until_it_falls(port, at_work=killer.start)
                killer.join()
            store = NvmFile(folder / "state", load_firmware(_FIRMWARE))
            store.close()
            outcome.lost += [f"kill {outcome.kills}: {lost}" for lost in host.missed(store.content)]
            outcome.kills += 1
    return outcome


class _Host:
    """A host that knows what was acknowledged, and what it has asked for last."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._count = 0
        self._kept: dict[Write, str] = {}
        self._asked: tuple[Write, str] | None = None

    def write_until_it_falls(self, port: socket.socket, at_work: Callable[[], None]) -> int:
        """Write one value after another; return how many were acknowledged. `at_work` is called behind the first."""
        done = 0
        with suppress(ConnectionError):
            _say(port, "ATE0", b"OK\r\n")
            _say(port, "AT#SSLEN=1,1", b"OK\r\n", b"ERROR\r\n")
            while True:
                self._write(port)
                done += 1
                if done == 1:
                    at_work()
        return done

    def _write(self, port: socket.socket) -> None:
        self._count += 1
        write = self._random.choice(WRITES)
        value = write.value(self._count)
        self._asked = write, value
        if write.entered:
            _say(port, write.command.format(len(value)), b"> ")
            _say(port, f"{value}\x1a", b"OK\r\n")
        else:
            _say(port, write.command.format(value), b"OK\r\n")
        self._kept[write] = value
        self._asked = None

    def missed(self, nvm: Nvm) -> Iterator[str]:
        """Yield what was acknowledged and is not there; what was asked for last may be there or not."""
        for write, value in self._kept.items():
            found = write.read(nvm)
            if (write, found) == self._asked:
                self._kept[write] = self._asked[1]
            elif found != value:
                yield f"{write.command} has {found!r}, {value!r} was OK"
        self._asked = None


def _say(port: socket.socket, text: str, *ends: bytes) -> None:
    """Send a line and read up to one of the ends.

    Raises:
        ConnectionError: the module is gone.
        AssertionError: it answers something else.
    """
    port.sendall(text.encode() if text.endswith("\x1a") else f"{text}\r".encode())
    heard = b""
    while not heard.endswith(ends):
        data = port.recv(4096)
        if not data:
            raise ConnectionResetError
        heard += data
        assert not heard.endswith(b"ERROR\r\n") or b"ERROR\r\n" in ends, (text, heard)


@contextmanager
def _module(folder: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a module on the state until the end of the block, or until it is killed."""
    command = [sys.executable, "-m", "emulator", "run", _FIRMWARE, "--state", str(folder / "state")]
    with subprocess.Popen([*command, "--listen", f"unix:{folder / 'port'}"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert b" is ready on " in process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def _connected(folder: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as port:
        port.settimeout(_TIMEOUT)
        port.connect(str(folder / "port"))
        yield port
