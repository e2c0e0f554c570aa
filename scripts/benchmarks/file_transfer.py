"""Speed of FTPS transfers in online mode, beside `curl` between a pseudo-terminal and the same server."""

import os
import subprocess
import tempfile
import time
import tty
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.file_server import FILE, file_server
from benchmarks.host import HostTerminal
from benchmarks.modem import ssl_modem
from benchmarks.payload import payload
from benchmarks.processes import TIMEOUT
from benchmarks.programs import require
from benchmarks.table import Effort, Goal, Report, Row
from benchmarks.tls_setting import GE865, HE910, TlsSetting
from benchmarks.way import comparison
from emulator.lab.ftps_server import PASSWORD, USER

_GOAL = Goal("at least 0.5", 0.5, is_least=True)
_SIZE = 30_000_000
_CONNECT, _NO_CARRIER = b"\r\nCONNECT\r\n", b"\r\nNO CARRIER\r\n"
_GUARD_TIME = 0.4
"""Seconds: the shortest that S12 can set."""

_OLD_TLS = """
openssl_conf = main
[main]
ssl_conf = tls
[tls]
system_default = old
[old]
MinProtocol = TLSv1
CipherString = DEFAULT:@SECLEVEL=0
"""


class Client(Protocol):
    """Something between a terminal and the server; each call returns its seconds."""

    def download(self) -> float:
        """Bring `FILE` to the terminal."""

    def upload(self) -> float:
        """Take a file of the same size from the terminal."""


@dataclass
class Runs:
    """A client, and its speeds."""

    client: Client
    size: int
    downloads: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)

    def run(self) -> None:
        """One file each way."""
        self.downloads.append(self.size / 1e6 / self.client.download())
        self.uploads.append(self.size / 1e6 / self.client.upload())


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """For each suite, let the engines and curl take turns."""
    rounds, size = effort.of(5, 2, 1), effort.of(_SIZE, _SIZE, _SIZE // 30)
    require("curl")
    with file_server(size) as port:
        for setting in (HE910, GE865):
            report(f"{rounds} times {size / 1e6} MB each way with {setting.suite}")
            yield from _setting(setting, port, rounds, size)


def _setting(setting: TlsSetting, port: int, rounds: int, size: int) -> Iterator[Row]:
    with ExitStack() as stack:
        reference = Runs(stack.enter_context(_curl(port, setting.suite, size)), size)
        engines = {
            engine: Runs(stack.enter_context(_device(setting, engine, port, size)), size) for engine in setting.engines
        }
        for _ in range(rounds):
            for runs in (reference, *engines.values()):
                runs.run()
    for engine, runs in engines.items():
        title = f"{setting.title}, {engine} engine; curl on a pty"
        yield comparison(f"FTPS upload, {title}", runs.uploads, reference.uploads, _GOAL)
        yield comparison(f"FTPS download, {title}", runs.downloads, reference.downloads, _GOAL)


class _Device:
    """#FTPGET and #FTPPUT on an open session."""

    def __init__(self, host: HostTerminal, size: int) -> None:
        self._host = host
        self._size = size

    def download(self) -> float:
        expected = _CONNECT + payload(self._size) + _NO_CARRIER
        heard, seconds = self._host.exchange(f"AT#FTPGET={FILE}\r".encode(), len(expected))
        _check(heard == expected)
        return seconds

    def upload(self) -> float:
        self._host.go_online("AT#FTPPUT=up.bin")
        _, seconds = self._host.exchange(payload(self._size), 0)
        time.sleep(_GUARD_TIME * 1.5)
        heard, ending = self._host.exchange(b"+++", len(_NO_CARRIER))
        _check(heard == _NO_CARRIER and f" {self._size}\r".encode() in self._host.command("AT#FTPFSIZE=up.bin"))
        return seconds + ending - _GUARD_TIME


@contextmanager
def _device(setting: TlsSetting, engine: str, port: int, size: int) -> Iterator[_Device]:
    with ssl_modem(setting, engine) as host:
        for line in (
            f"ATS12={round(_GUARD_TIME * 50)}",
            "AT#FTPCFG=5000,0,1",
            f"AT#FTPOPEN=127.0.0.1:{port},{USER},{PASSWORD},1",
        ):
            host.command(line)
        yield _Device(host, size)


class _Curl:
    """A run of curl for each file; its other end is a terminal as the module's is."""

    def __init__(self, url: str, size: int, options: list[str], environment: Mapping[str, str]) -> None:
        self._size = size
        self._url = url
        self._command = [require("curl"), "--silent", "--show-error", *options]
        self._environment = {**os.environ, **environment}
        self._near, self._far = os.openpty()
        tty.setraw(self._far)

    def download(self) -> float:
        arguments = ["--output", os.ttyname(self._far), f"{self._url}/{FILE}"]
        with self._run([*self._command, *arguments], stdin=subprocess.DEVNULL) as process:
            heard, seconds = HostTerminal(self._near).exchange(b"", self._size)
            _check(process.wait(TIMEOUT) == 0 and heard == payload(self._size))
        return seconds

    def upload(self) -> float:
        started = time.perf_counter()
        with (
            self._run(["head", "-c", str(self._size)], stdin=self._far, stdout=subprocess.PIPE) as head,
            self._run([*self._command, "--upload-file", "-", f"{self._url}/curl.bin"], stdin=head.stdout) as process,
        ):
            HostTerminal(self._near).exchange(payload(self._size), 0)
            _check(process.wait(TIMEOUT) == 0)
        return time.perf_counter() - started

    def _run(self, command: list[str], **streams: object) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=self._environment, **streams)  # type: ignore[call-overload,no-any-return]  # streams of a process

    def close(self) -> None:
        os.close(self._near)
        os.close(self._far)


@contextmanager
def _curl(port: int, suite: str, size: int) -> Iterator[_Curl]:
    options = ["--insecure", "--ssl-reqd", "--tlsv1.0", "--tls-max", "1.0", "--ciphers", f"{suite}:@SECLEVEL=0"]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        configuration = Path(folder, "openssl.cnf")
        configuration.write_text(_OLD_TLS)
        client = _Curl(
            f"ftp://127.0.0.1:{port}",
            size,
            [*options, "--user", f"{USER}:{PASSWORD}"],
            {"OPENSSL_CONF": str(configuration)},
        )
        try:
            yield client
        finally:
            client.close()


def _check(is_right: bool) -> None:
    if not is_right:
        raise RuntimeError("the file that came is not the file that was sent")
