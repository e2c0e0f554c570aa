"""Time of a full and an abbreviated handshake, beside `openssl s_client` with the same server."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from benchmarks.certificates import ServerFiles, server_files
from benchmarks.host import HostTerminal
from benchmarks.modem import ENGINES, ssl_modem
from benchmarks.processes import TIMEOUT, child
from benchmarks.programs import require
from benchmarks.table import Effort, Report, Row

_FIRMWARE = "GE865-QUAD"
_SUITE = "AES256-SHA"
_KEEP_SESSION = 1
"""<closureType>."""
_TRUST_NOBODY = ("-no-CAfile", "-no-CApath", "-no-CAstore")
"""Reading the system's CA certificates takes s_client much longer than any handshake."""
_DIAL = f'AT#SSLD=1,{{port}},"127.0.0.1",{_KEEP_SESSION},1'
_FAST_DIAL = "AT#SSLFASTD=1,1"


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let both engines and s_client take turns."""
    rounds = effort.of(25, 5, 1)
    report(f"{rounds} full and {rounds} abbreviated handshakes each")
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in (*ENGINES, "s_client")}
    with server_files() as files, _server(files) as port, _refusing_port() as closed, ExitStack() as stack:
        hosts = {engine: stack.enter_context(ssl_modem(_FIRMWARE, engine, 3)) for engine in ENGINES}
        for _ in range(rounds):
            for engine, host in hosts.items():
                times[engine].append(_dials(host, port))
            times["s_client"].append(_clients(files, port, closed))
        yield from _first_dials(port, effort.of(6, 2, 1))
    for index, kind in enumerate(("full handshake, AT#SSLD", "abbreviated handshake, AT#SSLFASTD")):
        reference = median([pair[index] for pair in times["s_client"]])
        for engine in ENGINES:
            measured = median([pair[index] for pair in times[engine]])
            yield Row(
                f"{kind}, {_FIRMWARE} {_SUITE}, {engine} engine; s_client less its start",
                f"{measured * 1e3:.2f} ms",
                f"{reference * 1e3:.2f} ms",
                f"{measured / reference:.2f}",
            )


def _first_dials(port: int, rounds: int) -> Iterator[Row]:
    """Measure the first dial of a modem, which loads what TLS needs."""
    times: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    for _ in range(rounds + 1):
        for engine in ENGINES:
            with ssl_modem(_FIRMWARE, engine, 3) as host:
                times[engine].append(_dials(host, port)[0])
    for engine in ENGINES:
        row = f"full handshake, the first AT#SSLD after the start, {engine} engine"
        yield Row(row, f"{median(times[engine][1:]) * 1e3:.2f} ms")


def _dials(host: HostTerminal, port: int) -> tuple[float, float]:
    full = _seconds(lambda: host.command(_DIAL.format(port=port)))
    host.command("AT#SSLH=1")
    abbreviated = _seconds(lambda: host.command(_FAST_DIAL))
    host.command("AT#SSLH=1")
    return full, abbreviated


def _clients(files: ServerFiles, port: int, closed: int) -> tuple[float, float]:
    """Measure the two handshakes, less the time of a client that is refused at once."""
    session = str(files.folder / "session")
    start, _ = _client(closed)
    full, _ = _client(port, "-sess_out", session)
    abbreviated, said = _client(port, "-sess_in", session)
    if b"\nReused, " not in said:
        raise RuntimeError("openssl s_client could not resume its session")
    return full - start, abbreviated - start


def _client(port: int, *options: str) -> tuple[float, bytes]:
    command = [require("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-tls1", "-no_ticket"]
    command += ["-cipher", f"{_SUITE}:@SECLEVEL=0", *_TRUST_NOBODY, *options]
    started = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=TIMEOUT)
    return time.perf_counter() - started, done.stdout


@contextmanager
def _refusing_port() -> Iterator[int]:
    """Yield a port of loopback on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


@contextmanager
def _server(files: ServerFiles) -> Iterator[int]:
    command = [require("openssl"), "s_server", "-accept", "127.0.0.1:0", "-tls1", "-no_ticket", "-rev"]
    command += ["-cipher", f"{_SUITE}:@SECLEVEL=0", "-cert", str(files.certificate), "-key", str(files.key)]
    with child(command) as server:
        yield int(server.wait_for(rb"ACCEPT 127\.0\.0\.1:(\d+)")[1])
