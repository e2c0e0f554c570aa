"""Many modems at once: 100 in one process, each of which does the guide's example 4.5.2 with a full handshake.

Their hosts begin together, each in a thread of its own; the server is OpenSSL's, in a process of its own. All of them
share the machine, so that what is measured is the fleet: dialogues a second, memory, and whether a modem starves.
The reference is the same fleet with each modem in a thread of its own.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from benchmarks.certificates import server_files
from benchmarks.guide_server import guide_server
from benchmarks.host import open_host
from benchmarks.processes import child
from benchmarks.table import Effort, Goal, Report, Row

_FAIR = Goal("at most 5", 5.0)
_ANSWER = b"Response of the server!"


@dataclass(frozen=True)
class _Fleet:
    """Result of one run."""

    seconds: Sequence[float]
    """Of each dialogue, from the common start on."""
    kilobytes: float
    """The most that the process had, by modem."""

    @property
    def rate(self) -> float:
        """Return the dialogues a second."""
        return len(self.seconds) / max(self.seconds)


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let both forms take turns."""
    rounds, count = effort.of(3, 1, 1), effort.of(100, 100, 5)
    report(f"{rounds} times {count} modems at once, in one event loop and in threads")
    runs: dict[str, list[_Fleet]] = {"async": [], "threads": []}
    with server_files() as files, guide_server(files) as port:
        for _ in range(rounds):
            for form, fleets in runs.items():
                fleets.append(_run(form, port, count))
    title = f"{count} modems at once, guide 4.5.2, one event loop"
    one, threads = (median([fleet.rate for fleet in runs[form]]) for form in ("async", "threads"))
    yield Row(f"{title}; a thread each", f"{one:.0f} /s", f"{threads:.0f} /s", f"{one / threads:.2f}")
    kilobytes = [median([fleet.kilobytes for fleet in runs[form]]) for form in ("async", "threads")]
    yield Row(f"{title}: memory of the process by modem; a thread each", *(f"{size:.0f} kB" for size in kilobytes))
    slowest = median([max(fleet.seconds) for fleet in runs["async"]])
    middle = median([median(fleet.seconds) for fleet in runs["async"]])
    share = slowest / middle
    verdict = _FAIR.verdict(share)
    yield Row(
        f"{title}: the slowest; the median", f"{slowest:.2f} s", f"{middle:.2f} s", f"{share:.2f}", _FAIR.text, verdict
    )


def _run(form: str, server: int, count: int) -> _Fleet:
    command = [sys.executable, "-m", "benchmarks.many_modems", form, str(count), f"127.0.0.1:{server}"]
    with child(command) as modems:
        ports = json.loads(modems.wait_for(rb"\{.*\}\n")[0])["ports"]
        together = threading.Barrier(count)
        with ThreadPoolExecutor(count) as hosts:
            seconds = list(hosts.map(lambda port: _dialogue(port, together), ports))
        most = int(modems.ask(b"", rb"used \S+ (\d+)\n")[1])
    return _Fleet(seconds, most / 1000 / count)


def _dialogue(port: str, together: threading.Barrier) -> float:
    """Measure the dialogue of one host.

    Raises:
        RuntimeError: the module says something else than the guide prints.
    """
    with open_host(port) as host:
        host.command("ATE0")
        together.wait()
        started = time.perf_counter()
        for line in ('AT+CGDCONT=1,"IP","benchmark"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
            host.command(line)
        host.command('AT#SSLD=1,443,"123.124.125.126",0,1')
        host.enter("AT#SSLSEND=1", b"Send this string to the SSL server!")
        heard = host.command("AT#SSLRCV=1,23")
        host.command("AT#SSLH=1")
        seconds = time.perf_counter() - started
    if _ANSWER not in heard:
        raise RuntimeError(f"AT#SSLRCV=1,23 was answered by {heard!r}")
    return seconds
