"""Speed of TLS data in online mode, beside `socat` between a pseudo-terminal and the same server."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.certificates import server_files
from benchmarks.host import AtInstance, open_host
from benchmarks.modem import ENGINES
from benchmarks.processes import child
from benchmarks.programs import require
from benchmarks.source_and_sink import source_and_sink
from benchmarks.table import Effort, Goal, Report, Row
from benchmarks.way import SIZE, Way, comparison, online_modem

_GOAL = Goal("at least 0.5", 0.5, is_least=True)
_SUITES = (("HE910", "AES128-SHA"), ("GE865-QUAD", "AES256-SHA"))
"""Firmware, and its suite 3."""
_LARGEST, _DEFAULT = 1500, 300
"""<pktSz>; packets shape only what the host sends."""


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """For each suite, let all ways take turns."""
    rounds, size = effort.of(9, 3, 1), effort.of(SIZE, SIZE, SIZE // 20)
    require("socat")
    with server_files() as files, source_and_sink("openssl", files) as port:
        for firmware, suite in _SUITES:
            report(f"{rounds} times {size / 1e6} MB each way with {suite}")
            yield from _suite(firmware, suite, port, rounds, size)


def _suite(firmware: str, suite: str, port: int, rounds: int, size: int) -> Iterator[Row]:
    with ExitStack() as stack:
        reference = Way(stack.enter_context(_socat(port, suite)), size)
        ways = {
            (engine, packet): Way(stack.enter_context(online_modem(firmware, engine, 3, packet, port)), size)
            for engine in ENGINES
            for packet in (_LARGEST, _DEFAULT)
        }
        for _ in range(rounds):
            for way in (reference, *ways.values()):
                way.run()
    for (engine, packet), way in ways.items():
        title = f"{firmware} {suite}, {engine} engine, pktSz={packet}; socat"
        goal = _GOAL if packet == _LARGEST else None
        yield comparison(f"upload, {title}", way.upload, reference.upload, goal)
        if packet == _LARGEST:
            yield comparison(f"download, {title}", way.download, reference.download, goal)


@contextmanager
def _socat(port: int, suite: str) -> Iterator[AtInstance]:
    versions = "openssl-min-proto-version=TLS1.0,openssl-max-proto-version=TLS1.0"
    peer = f"OPENSSL:127.0.0.1:{port},verify=0,cipher={suite}:@SECLEVEL=0,{versions}"
    with child([require("socat"), "-d", "-d", "PTY,raw,echo=0", peer]) as process:
        path = process.wait_for(rb"PTY is (\S+)\n")[1].decode()
        process.wait_for(b"starting data transfer loop")
        with open_host(path) as host:
            yield host
