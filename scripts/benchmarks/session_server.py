"""An echo server of TLS for thousands of clients at once: `python -m benchmarks.session_server CERT KEY`.

It prints its port. One event loop serves all clients, so that none is favoured.
"""

import asyncio
import sys
from contextlib import suppress

from benchmarks.openssl_sessions import OpensslServer
from benchmarks.processes import allow_files

_BACKLOG = 4096
_PATIENCE = 60.0


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while heard := await reader.read(4096):
            writer.write(heard)
    writer.close()


async def _serve(certificate: str, key: str) -> None:
    context = OpensslServer(certificate, key).context
    server = await asyncio.start_server(
        _echo, "127.0.0.1", 0, ssl=context, backlog=_BACKLOG, ssl_handshake_timeout=_PATIENCE
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    allow_files()
    asyncio.run(_serve(sys.argv[1], sys.argv[2]))
