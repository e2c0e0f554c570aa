"""Speed of data through a plain socket in online mode, beside `socat` between a terminal and the same server."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.certificates import server_files
from benchmarks.host import AtInstance, open_host
from benchmarks.modem import modem
from benchmarks.processes import child
from benchmarks.programs import require
from benchmarks.source_and_sink import source_and_sink
from benchmarks.table import Effort, Goal, Report, Row
from benchmarks.way import SIZE, Way, comparison

_GOAL = Goal("at least 0.5", 0.5, is_least=True)
_LARGEST, _DEFAULT = 1500, 300
"""<pktSz>; packets shape only what the host sends."""


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let both packet sizes and the reference take turns."""
    rounds, size = effort.of(9, 3, 1), effort.of(SIZE, SIZE, SIZE // 20)
    require("socat")
    report(f"{rounds} times {size / 1e6} MB each way")
    with server_files() as files, source_and_sink("plain", files) as port, ExitStack() as stack:
        reference = Way(stack.enter_context(_socat(port)), size)
        ways = {packet: Way(stack.enter_context(_online(packet, port)), size) for packet in (_LARGEST, _DEFAULT)}
        for _ in range(rounds):
            for way in (reference, *ways.values()):
                way.run()
    for packet, way in ways.items():
        goal = _GOAL if packet == _LARGEST else None
        yield comparison(f"upload, #SD, pktSz={packet}; socat", way.upload, reference.upload, goal)
    yield comparison("download, #SD; socat", ways[_LARGEST].download, reference.download, _GOAL)


@contextmanager
def _online(packet: int, port: int) -> Iterator[AtInstance]:
    with modem("HE910") as host:
        host.command('AT+CGDCONT=1,"IP","benchmark"')
        host.command("AT#SGACT=1,1")
        host.command(f"AT#SCFG=1,1,{packet},0,100,1")
        host.go_online(f'AT#SD=1,0,{port},"127.0.0.1"')
        yield host


@contextmanager
def _socat(port: int) -> Iterator[AtInstance]:
    with child([require("socat"), "-d", "-d", "PTY,raw,echo=0", f"TCP:127.0.0.1:{port}"]) as process:
        path = process.wait_for(rb"PTY is (\S+)\n")[1].decode()
        process.wait_for(b"starting data transfer loop")
        with open_host(path) as host:
            yield host
