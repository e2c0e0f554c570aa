"""Speed of data through a PPP call, by a host with lwIP, beside a plain socket in online mode to the same server."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.certificates import server_files
from benchmarks.host import HostTerminal
from benchmarks.lwip import build, lwip_host
from benchmarks.modem import modem
from benchmarks.plain_data import LARGEST, online
from benchmarks.source_and_sink import source_and_sink
from benchmarks.table import Effort, Report, Row
from benchmarks.way import SIZE, Way, comparison

_SERVER = "10.9.8.7"


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let the call and the socket take turns."""
    build()
    rounds, size = effort.of(9, 3, 1), effort.of(SIZE, SIZE, SIZE // 20)
    report(f"{rounds} times {size / 1e6} MB each way")
    with server_files() as files, source_and_sink("plain", files) as port, ExitStack() as stack:
        socket_way = Way(stack.enter_context(online(LARGEST, port)), size)
        call_way = Way(stack.enter_context(_call(port)), size)
        for _ in range(rounds):
            socket_way.run()
            call_way.run()
    yield comparison("upload, PPP by lwIP; #SD", call_way.upload, socket_way.upload)
    yield comparison("download, PPP by lwIP; #SD", call_way.download, socket_way.download)


@contextmanager
def _call(port: int) -> Iterator[HostTerminal]:
    with modem("HE910", "--route", f"{_SERVER}:{port}=127.0.0.1:{port}") as line:
        line.command('AT+CGDCONT=1,"IP","benchmark"')
        line.go_online("ATD*99***1#")
        with lwip_host(line.descriptor, _SERVER, port) as host:
            host.process.wait_for(rb"connected 0\n")
            yield HostTerminal(host.stream.fileno())
