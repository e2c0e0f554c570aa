"""Many TLS sessions at once: 1,000 modules of one event loop dial together, and 2,000 of two processes.

Their hosts begin together; the server has one event loop, too, in a process of its own. All of them share the machine.
What is measured is whether a module starves, and how much memory a session takes.
"""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.certificates import server_files
from benchmarks.fleet_command import Fleet, fleet
from benchmarks.processes import allow_files, child
from benchmarks.table import Effort, Goal, Report, Row
from benchmarks.tls_setting import HE910, ME910, TlsSetting

_FAIR = Goal("at most 1.2", 1.2)
_MEMORY = Goal("at most 100 kB", 100.0)
_FINAL = (b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\nNO CARRIER\r\n")
_PATIENCE = 60.0
_KEY_BITS = 1024
"""Of the server, which serves one client after another: with 2048 bits, bare clients wait as unevenly as modules do."""


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Measure both engines in one loop, and then in two."""
    allow_files()
    count = effort.of(1000, 300, 10)
    with server_files(_KEY_BITS) as files:
        command = [sys.executable, "-m", "benchmarks.session_server", str(files.certificate), str(files.key)]
        with child(command) as server:
            port = int(server.wait_for(rb"(\d+)\n")[1])
            for processes in (1, 2):
                for setting, engine in ((HE910, "native"), (ME910, "openssl")):
                    report(f"{count * processes} sessions in {processes} processes, {engine} engine")
                    yield from _rows(setting, engine, port, count * processes, processes)


def _rows(setting: TlsSetting, engine: str, port: int, count: int, processes: int) -> Iterator[Row]:
    where = "one event loop" if processes == 1 else f"{processes} processes"
    title = f"{count} TLS sessions at once in {where}, {setting.title}, {engine} engine"
    with fleet(setting.firmware, count, processes, "--tls-engine", engine) as modules:
        seconds, kilobytes = asyncio.run(_sessions(modules, setting, port))
    slowest, middle = max(seconds), median(seconds)
    share = slowest / middle
    yield Row(
        f"{title}: the slowest; the median",
        f"{slowest:.2f} s",
        f"{middle:.2f} s",
        f"{share:.2f}",
        _FAIR.text,
        _FAIR.verdict(share),
    )
    verdict = _MEMORY.verdict(kilobytes)
    yield Row(f"{title}: memory of each", f"{kilobytes:.0f} kB", goal=_MEMORY.text, verdict=verdict)


async def _sessions(modules: Fleet, setting: TlsSetting, port: int) -> tuple[Sequence[float], float]:
    """Return the seconds of each dial from the common start on, and the kilobytes that a session adds."""
    hosts = [_Host(*await asyncio.open_unix_connection(path)) for path in modules.ports]
    dial = f'AT#SSLD=1,{port},"127.0.0.1",0,1'
    await asyncio.gather(*(host.prepare(setting) for host in hosts))
    for share in modules.one_of_each_process(hosts):  # the first session of a process loads what TLS needs
        await share.command(dial)
        await share.command("AT#SSLH=1")
    before, started = modules.resident, time.perf_counter()
    seconds = await asyncio.gather(*(host.timed(dial, started) for host in hosts))
    kilobytes = (modules.resident - before) / 1000 / len(hosts)
    for host in hosts:
        host.close()
    return seconds, kilobytes


class _Host:
    """The host of one module."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def prepare(self, setting: TlsSetting) -> None:
        """Activate the context, and choose suite and version."""
        for line in ("ATE0", 'AT+CGDCONT=1,"IP","benchmark"'):
            await self.command(line)
        if b"#SGACT: 1,1" not in await self.command("AT#SGACT?"):
            await self.command("AT#SGACT=1,1")
        for line in ("AT#SSLEN=1,1", *setting.commands):
            await self.command(line)

    async def command(self, line: str) -> bytes:
        """Send a command that ends with OK; return its answer.

        Raises:
            RuntimeError: it was answered otherwise.
        """
        self._writer.write(f"{line}\r".encode())
        answer = b""
        async with asyncio.timeout(_PATIENCE):
            while not answer.endswith(_FINAL):
                answer += await self._reader.read(4096)
        if not answer.endswith(_FINAL[0]):
            raise RuntimeError(f"{line} was answered by {answer!r}")
        return answer

    async def timed(self, line: str, started: float) -> float:
        """Return the seconds from `started` until a command is answered."""
        await self.command(line)
        return time.perf_counter() - started

    def close(self) -> None:
        self._writer.close()
