"""Speed of data from a host to a server and back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from benchmarks.host import HostTerminal, open_host
from benchmarks.modem import ssl_modem
from benchmarks.payload import DIGEST_SIZE, digest, payload, request
from benchmarks.processes import child
from benchmarks.programs import require
from benchmarks.table import Goal, Row
from benchmarks.tls_setting import TlsSetting

SIZE = 8_400_000
"""Bytes of one transfer: whole packets of every size that is measured."""


@dataclass
class Way:
    """A host whose data reaches a `source_and_sink`, and the megabytes per second of each round."""

    host: HostTerminal
    size: int
    upload: list[float] = field(default_factory=list)
    download: list[float] = field(default_factory=list)
    both: list[float] = field(default_factory=list)
    """Of either direction while data goes in both at once."""

    def run(self) -> None:
        """Send and receive `size` bytes.

        Raises:
            RuntimeError: what came is not what was sent.
        """
        data = payload(self.size)
        answer, seconds = self.host.exchange(request("up", self.size) + data, DIGEST_SIZE)
        _compare(answer, digest(data))
        self.upload.append(self.size / 1e6 / seconds)
        answer, seconds = self.host.exchange(request("down", self.size), self.size)
        _compare(digest(answer), digest(data))
        self.download.append(self.size / 1e6 / seconds)

    def run_both_ways(self) -> None:
        """Send `size` bytes, which come back meanwhile.

        Raises:
            RuntimeError: what came is not what was sent.
        """
        data = payload(self.size)
        answer, seconds = self.host.exchange(request("echo", self.size) + data, self.size)
        _compare(answer, data)
        self.both.append(self.size / 1e6 / seconds)


def _compare(found: bytes, expected: bytes) -> None:
    if found != expected:
        raise RuntimeError("the data that came is not the data that was sent")


def comparison(what: str, measured: Sequence[float], reference: Sequence[float], goal: Goal | None = None) -> Row:
    """Make a row about speeds."""
    ratio = median(measured) / median(reference)
    row = (what, f"{median(measured):.1f} MB/s", f"{median(reference):.1f} MB/s", f"{ratio:.2f}")
    return Row(*row, goal.text, goal.verdict(ratio)) if goal else Row(*row)


@contextmanager
def online_modem(setting: TlsSetting, engine: str, packet: int, port: int) -> Iterator[HostTerminal]:
    """Run a modem in online mode with a server on loopback; yield its host."""
    with ssl_modem(setting, engine) as host:
        host.command(f"AT#SSLCFG=1,1,{packet},0,100,1")
        host.go_online(f'AT#SSLD=1,{port},"127.0.0.1",0,0')
        yield host


@contextmanager
def socat(peer: str) -> Iterator[HostTerminal]:
    """Run socat between a pseudo-terminal and `peer`, an address of its own form; yield the host on the terminal.

    Raises:
        Unavailable: it is not installed.
    """
    with child([require("socat"), "-d", "-d", "PTY,raw,echo=0", peer]) as process:
        path = process.wait_for(rb"PTY is (\S+)\n")[1].decode()
        process.wait_for(b"starting data transfer loop")
        with open_host(path) as host:
            yield host
