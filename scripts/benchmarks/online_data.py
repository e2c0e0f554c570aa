"""How fast data goes through TLS in online mode, beside `socat` between a pseudo-terminal and the same server."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from benchmarks.certificates import server_files
from benchmarks.host import Host, open_host
from benchmarks.modem import ssl_modem
from benchmarks.payload import DIGEST_SIZE, digest, payload, request
from benchmarks.processes import child
from benchmarks.programs import require
from benchmarks.table import Goal, Report, Row, median

_GOAL = Goal("at least 0.5", 0.5, is_least=True)
_SUITES = (("HE910", "AES128-SHA"), ("GE865-QUAD", "AES256-SHA"))
"""Firmware, and its suite 3."""
ENGINES = ("native", "openssl")
_PACKET_SIZES = (1500, 300)
"""The largest one and the default."""


@dataclass
class _Way:
    """One way from a host to the server, and the megabytes per second it carried in each round."""

    host: Host
    upload: list[float] = field(default_factory=list)
    download: list[float] = field(default_factory=list)

    def run(self, size: int) -> None:
        data = payload(size)
        answer, seconds = self.host.exchange(request("up", size) + data, DIGEST_SIZE)
        _compare(answer, digest(data))
        self.upload.append(size / 1e6 / seconds)
        answer, seconds = self.host.exchange(request("down", size), size)
        _compare(digest(answer), digest(data))
        self.download.append(size / 1e6 / seconds)


def _compare(found: bytes, expected: bytes) -> None:
    if found != expected:
        raise RuntimeError("the data that came is not the data that was sent")


def measure(quick: bool, report: Report) -> Iterator[Row]:
    """For each suite, let all ways take turns."""
    rounds, size = (2, 8_400_000) if quick else (5, 8_400_000)
    require("socat")
    with (
        server_files() as files,
        child([sys.executable, "-m", "benchmarks.source_and_sink", str(files.certificate), str(files.key)]) as server,
    ):
        port = int(server.wait_for(rb"(\d+)\n")[1])
        for firmware, suite in _SUITES:
            report(f"{rounds} times {size / 1e6} MB each way with {suite}")
            with ExitStack() as stack:
                reference = _Way(stack.enter_context(_socat(port, suite)))
                ways = {
                    (engine, packet): _Way(stack.enter_context(online_modem(firmware, engine, 3, packet, port)))
                    for engine in ENGINES
                    for packet in _PACKET_SIZES
                }
                for _ in range(rounds):
                    for way in (reference, *ways.values()):
                        way.run(size)
            for (engine, packet), way in ways.items():
                yield from _rows(f"{firmware} {suite}, {engine} engine, pktSz={packet}", way, reference, packet)


def _rows(title: str, way: _Way, reference: _Way, packet: int) -> Iterator[Row]:
    goal = _GOAL if packet == _PACKET_SIZES[0] else None
    yield comparison(f"upload, {title}; socat", way.upload, reference.upload, goal)
    if goal is not None:  # packets shape only what the host sends
        yield comparison(f"download, {title}; socat", way.download, reference.download, goal)


def comparison(what: str, measured: Sequence[float], reference: Sequence[float], goal: Goal | None) -> Row:
    """A row about speeds in MB/s."""
    ratio = median(measured) / median(reference)
    row = (what, f"{median(measured):.1f} MB/s", f"{median(reference):.1f} MB/s", f"{ratio:.2f}")
    return Row(*row, goal.text, goal.verdict(ratio)) if goal else Row(*row)


@contextmanager
def online_modem(firmware: str, engine: str, suite: int, packet: int, port: int) -> Iterator[Host]:
    """A modem whose host is in online mode with a server on loopback, with that suite and packet size."""
    with ssl_modem(firmware, engine, suite) as host:
        host.command(f"AT#SSLCFG=1,1,{packet},0,100,1")
        host.go_online(f'AT#SSLD=1,{port},"127.0.0.1",0,0')
        yield host


@contextmanager
def _socat(port: int, suite: str) -> Iterator[Host]:
    versions = "openssl-min-proto-version=TLS1.0,openssl-max-proto-version=TLS1.0"
    peer = f"OPENSSL:127.0.0.1:{port},verify=0,cipher={suite}:@SECLEVEL=0,{versions}"
    with child([require("socat"), "-d", "-d", "PTY,raw,echo=0", peer]) as process:
        path = process.wait_for(rb"PTY is (\S+)\n")[1].decode()
        process.wait_for(b"starting data transfer loop")
        with open_host(path) as host:
            yield host
