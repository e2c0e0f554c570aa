"""A file of 200 MB by FTPS, to a host that reads slowly: all of it comes, and the emulator holds none of it."""

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from emulator.lab.ftps_server import PASSWORD, USER, FtpsServer
from tests.cli.programs import COMMAND, TIMEOUT, ask

_SIZE = 200_000_000
_PIECE = os.urandom(1_000_000)
_END = b"\r\nNO CARRIER\r\n"


@contextmanager
def _modem(server: FtpsServer) -> Iterator[tuple[int, serial.Serial]]:
    """The emulator as a process of its own, logged in; its number and the host's side of the port."""
    command = [*COMMAND, "run", "--route", f"files.example.com:21=127.0.0.1:{server.port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            ready = re.search(rb"ready on (\S+);", process.stdout.readline())
            assert ready is not None
            with serial.Serial(ready[1].decode(), timeout=TIMEOUT) as port:
                for line in ('AT+CGDCONT=1,"IP","a"', "AT#SGACT=1,1", "AT#SSLEN=1,1", "AT#SSLSECCFG=1,3,0"):
                    assert ask(port, line).endswith("\r\nOK\r\n")
                assert ask(port, "AT#FTPCFG=5000,0,1").endswith("\r\nOK\r\n")
                assert ask(port, f"AT#FTPOPEN=files.example.com,{USER},{PASSWORD},1").endswith("\r\nOK\r\n")
                yield process.pid, port
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def _peak_memory(process: int) -> int:
    """The most that the process has had in memory so far, in kB."""
    match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert match is not None
    return int(match[1])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process has in memory")
def test_a_long_download_takes_no_memory() -> None:
    """The host stops reading now and then; the server has to wait, and nothing piles up between them."""
    expected, got = hashlib.sha256(), hashlib.sha256()
    with FtpsServer({}) as server:
        with (server.root / "long.bin").open("wb") as file:
            for _ in range(_SIZE // len(_PIECE)):
                file.write(_PIECE)
                expected.update(_PIECE)
        with _modem(server) as (process, port):
            assert ask(port, "AT#FTPGET=long.bin").endswith("CONNECT\r\n")
            before, read = 0, 0
            while read < _SIZE:
                piece = port.read(min(max(1, port.in_waiting), _SIZE - read))
                got.update(piece)
                if read // 20_000_000 != (read + len(piece)) // 20_000_000:
                    before = before or _peak_memory(process)
                    time.sleep(0.2)
                read += len(piece)
            assert port.read(len(_END)) == _END
            assert _peak_memory(process) - before < 4000
    assert expected.digest() == got.digest()
