"""The server of the guide's example 4.5.2, which answers at once: `python -m benchmarks.guide_server CERT KEY`.

It prints its port. Its TLS is OpenSSL's, so that little of what is measured is its own.
"""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from benchmarks.certificates import ServerFiles
from benchmarks.openssl_sessions import OpensslServer
from benchmarks.processes import child
from emulator.lab.conversations import guide


def _serve(accepted: socket.socket, server: OpensslServer) -> None:
    converse = guide(thinking=0)
    with closing(server.context.wrap_socket(accepted, server_side=True)) as session:
        while heard := session.recv(4096):
            if reply := converse(heard):
                session.sendall(reply.data)


@contextmanager
def guide_server(files: ServerFiles) -> Iterator[int]:
    """Run such a server; yield its port on loopback."""
    command = [sys.executable, "-m", "benchmarks.guide_server", str(files.certificate), str(files.key)]
    with child(command) as server:
        yield int(server.wait_for(rb"(\d+)\n")[1])


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        tls = OpensslServer(sys.argv[1], sys.argv[2])
        while True:
            threading.Thread(target=_serve, args=[listening.accept()[0], tls], daemon=True).start()
