"""Time of a full and an abbreviated handshake, beside `openssl s_client` with the same server."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median

from benchmarks.certificates import ServerFiles, server_files
from benchmarks.host import HostTerminal
from benchmarks.modem import ssl_modem
from benchmarks.processes import TIMEOUT, child
from benchmarks.programs import require
from benchmarks.table import Effort, Goal, Report, Row
from benchmarks.tls_setting import GE865, LE910, ME910, TlsSetting

_KEEP_SESSION = 1
"""<closureType>."""
_TRUST_NOBODY = ("-no-CAfile", "-no-CApath", "-no-CAstore")
"""Reading the system's CA certificates takes s_client much longer than any handshake."""
_FULL, _FAST = "full handshake, AT#SSLD", "abbreviated handshake, AT#SSLFASTD"
_FAST_DIAL = "AT#SSLFASTD=1,1"
_IDLE = 1.5
"""Seconds in which a modem has loaded what TLS needs."""
_FIRST = Goal("at most 10 ms more", 10.0)


@dataclass
class _Times:
    """Seconds of each handshake."""

    full: list[float] = field(default_factory=list)
    abbreviated: list[float] = field(default_factory=list)


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """For each version and suite, let the engines and s_client take turns."""
    rounds, starts = effort.of(25, 5, 1), effort.of(6, 2, 1)
    with server_files() as files:
        for setting in (GE865, LE910, ME910):
            report(f"{rounds} handshakes each with {setting.title}")
            with _server(files, setting) as port:
                yield from _setting(setting, files, port, rounds)
                if setting is GE865:
                    yield from _first_dials(setting, port, starts)


def _setting(setting: TlsSetting, files: ServerFiles, port: int, rounds: int) -> Iterator[Row]:
    reference, times = _Times(), {engine: _Times() for engine in setting.engines}
    with _refusing_port() as closed, ExitStack() as stack:
        hosts = {engine: stack.enter_context(ssl_modem(setting, engine)) for engine in setting.engines}
        dials = _dials_twice if setting.fast_dial else _dials_once
        for _ in range(rounds):
            for engine, host in hosts.items():
                dials(host, port, times[engine])
            _clients(setting, files, port, closed, reference)
    for engine, measured in times.items():
        for kind, own, others in (
            (_FULL, measured.full, reference.full),
            (_FAST, measured.abbreviated, reference.abbreviated),
        ):
            if own:
                yield _row(f"{kind}, {setting.title}, {engine} engine; s_client less its start", own, others)


def _row(what: str, own: list[float], others: list[float]) -> Row:
    measured, reference = median(own), median(others)
    return Row(what, f"{measured * 1e3:.2f} ms", f"{reference * 1e3:.2f} ms", f"{measured / reference:.2f}")


def _first_dials(setting: TlsSetting, port: int, rounds: int) -> Iterator[Row]:
    """Measure the first dial of a modem that was idle for a while, and the one after it."""
    times = {engine: (_Times(), _Times()) for engine in setting.engines}
    for _ in range(rounds + 1):
        for engine in setting.engines:
            with ssl_modem(setting, engine) as host:
                time.sleep(_IDLE)
                for each in times[engine]:
                    _dials_once(host, port, each)
    for engine in setting.engines:
        first, second = (median(each.full[1:]) for each in times[engine])
        yield Row(
            f"full handshake, the first AT#SSLD of an idle modem, {engine} engine; the second",
            f"{first * 1e3:.2f} ms",
            f"{second * 1e3:.2f} ms",
            f"+{(first - second) * 1e3:.2f} ms",
            _FIRST.text,
            _FIRST.verdict((first - second) * 1e3),
        )


def _dials_once(host: HostTerminal, port: int, times: _Times) -> None:
    times.full.append(_seconds(lambda: host.command(f'AT#SSLD=1,{port},"127.0.0.1",0,1')))
    host.command("AT#SSLH=1")


def _dials_twice(host: HostTerminal, port: int, times: _Times) -> None:
    """Dial once more by the session that is kept, which not every firmware can."""
    times.full.append(_seconds(lambda: host.command(f'AT#SSLD=1,{port},"127.0.0.1",{_KEEP_SESSION},1')))
    host.command("AT#SSLH=1")
    times.abbreviated.append(_seconds(lambda: host.command(_FAST_DIAL)))
    host.command("AT#SSLH=1")


def _clients(setting: TlsSetting, files: ServerFiles, port: int, closed: int, times: _Times) -> None:
    """Measure the two handshakes, less the time of a client that is refused at once."""
    session = str(files.folder / "session")
    start, _ = _client(setting, closed)
    full, _ = _client(setting, port, "-sess_out", session)
    abbreviated, said = _client(setting, port, "-sess_in", session)
    if b"\nReused, " not in said:
        raise RuntimeError("openssl s_client could not resume its session")
    times.full.append(full - start)
    times.abbreviated.append(abbreviated - start)


def _client(setting: TlsSetting, port: int, *options: str) -> tuple[float, bytes]:
    command = [require("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-no_ticket"]
    command += [*setting.program_options, *_TRUST_NOBODY, *options]
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
def _server(files: ServerFiles, setting: TlsSetting) -> Iterator[int]:
    command = [require("openssl"), "s_server", "-accept", "127.0.0.1:0", "-no_ticket", "-rev"]
    command += [*setting.program_options, "-cert", str(files.certificate), "-key", str(files.key)]
    with child(command) as server:
        yield int(server.wait_for(rb"ACCEPT 127\.0\.0\.1:(\d+)")[1])
