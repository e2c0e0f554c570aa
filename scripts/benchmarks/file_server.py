"""The lab's FTPS server in a process of its own: `python -m benchmarks.file_server SIZE`. It prints its port."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.payload import payload
from benchmarks.processes import child
from emulator.lab.ftps_server import FtpsServer

FILE = "file.bin"


@contextmanager
def file_server(size: int) -> Iterator[int]:
    """Run such a server, with a `FILE` of that many bytes; yield its port on loopback."""
    with child([sys.executable, "-W", "ignore", "-m", "benchmarks.file_server", str(size)]) as server:
        yield int(server.wait_for(rb"(\d+)\n")[1])


if __name__ == "__main__":
    with FtpsServer({FILE: payload(int(sys.argv[1]))}, versions=("TLS 1.0", "TLS 1.0")) as serving:
        print(serving.port, flush=True)
        sys.stdin.read()
