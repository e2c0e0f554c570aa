"""Speed of data through a plain socket in online mode, beside `socat` between a terminal and the same server."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.certificates import server_files
from benchmarks.host import HostTerminal
from benchmarks.modem import modem
from benchmarks.source_and_sink import source_and_sink
from benchmarks.table import Effort, Goal, Report, Row
from benchmarks.way import SIZE, Way, comparison, socat

_GOAL = Goal("at least 0.5", 0.5, is_least=True)
LARGEST, _DEFAULT = 1500, 300
"""<pktSz>; packets shape only what the host sends."""


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let both packet sizes and the reference take turns."""
    rounds, size = effort.of(9, 3, 1), effort.of(SIZE, SIZE, SIZE // 20)
    report(f"{rounds} times {size / 1e6} MB each way")
    with server_files() as files, source_and_sink("plain", files) as port, ExitStack() as stack:
        reference = Way(stack.enter_context(socat(f"TCP:127.0.0.1:{port}")), size)
        ways = {packet: Way(stack.enter_context(online(packet, port)), size) for packet in (LARGEST, _DEFAULT)}
        for _ in range(rounds):
            for way in (reference, *ways.values()):
                way.run()
    for packet, way in ways.items():
        goal = _GOAL if packet == LARGEST else None
        yield comparison(f"upload, #SD, pktSz={packet}; socat", way.upload, reference.upload, goal)
    yield comparison("download, #SD; socat", ways[LARGEST].download, reference.download, _GOAL)


@contextmanager
def online(packet: int, port: int) -> Iterator[HostTerminal]:
    """Run a modem in online mode with a server on loopback; yield its host."""
    with modem("HE910") as host:
        host.command('AT+CGDCONT=1,"IP","benchmark"')
        host.command("AT#SGACT=1,1")
        host.command(f"AT#SCFG=1,1,{packet},0,100,1")
        host.go_online(f'AT#SD=1,0,{port},"127.0.0.1"')
        yield host
