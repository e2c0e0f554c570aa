"""Cost of `record` for a host: the time until `AT` is answered, and the speed of data, with it and without."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.certificates import server_files
from benchmarks.host import HostTerminal, open_host
from benchmarks.modem import COMMAND
from benchmarks.plain_data import LARGEST
from benchmarks.processes import child
from benchmarks.source_and_sink import source_and_sink
from benchmarks.steady import TRIPS, microseconds, trips
from benchmarks.table import Effort, Report, Row
from benchmarks.way import SIZE, Way, comparison


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let a recorded module and one that is not take turns."""
    blocks, rounds = effort.of(40, 10, 1), effort.of(9, 3, 1)
    size = effort.of(SIZE, SIZE, SIZE // 20)
    report(f"{blocks * TRIPS} round trips, {rounds} times {size / 1e6} MB each way")
    with server_files() as files, source_and_sink("plain", files) as server, ExitStack() as stack:
        recorded, direct = (stack.enter_context(_host(is_recorded)) for is_recorded in (True, False))
        yield _round_trips(recorded, direct, blocks)
        ways = []
        for host in (recorded, direct):
            host.command('AT+CGDCONT=1,"IP","benchmark"')
            host.command("AT#SGACT=1,1")
            host.command(f"AT#SCFG=1,1,{LARGEST},0,100,1")
            host.go_online(f'AT#SD=1,0,{server},"127.0.0.1"')
            ways.append(Way(host, size))
        for _ in range(rounds):
            for way in ways:
                way.run()
    yield comparison("upload, #SD, by way of record; without", ways[0].upload, ways[1].upload)
    yield comparison("download, #SD, by way of record; without", ways[0].download, ways[1].download)


def _round_trips(recorded: HostTerminal, direct: HostTerminal, blocks: int) -> Row:
    through, without = list[float](), list[float]()
    for _ in range(blocks):
        through += trips(recorded, b"AT\r", b"\r\nOK\r\n")
        without += trips(direct, b"AT\r", b"\r\nOK\r\n")
    ratio = median(through) / median(without)
    what = "AT round trip by way of record, median; without"
    return Row(what, microseconds(median(through)), microseconds(median(without)), f"{ratio:.2f}")


@contextmanager
def _host(is_recorded: bool) -> Iterator[HostTerminal]:
    """Run a modem, and a recorder in front of it where that is wanted; yield a host, with echo off."""
    with ExitStack() as stack:
        port = _port(stack, "run", "HE910", says=rb"ready on (\S+);")
        if is_recorded:
            out = Path(stack.enter_context(TemporaryDirectory())) / "recorded.txt"
            port = _port(stack, "record", "--port", port, "--out", str(out), says=rb"(\S+) leads to ")
        host = stack.enter_context(open_host(port))
        host.command("ATE0")
        yield host


def _port(stack: ExitStack, *arguments: str, says: bytes) -> str:
    return stack.enter_context(child([COMMAND, *arguments])).wait_for(says)[1].decode()
