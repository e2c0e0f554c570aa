"""nginx of Debian as a TLS server that knows its name: who does not say it in the hello is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.pki import SERVER, Party
from tests.peers.processes import free_port
from tests.peers.terminators import nginx_serving

_SERVERS = """
    ssl_protocols {versions};
    ssl_ciphers AES128-SHA:AES256-SHA:@SECLEVEL=0;
    server {{
        listen 127.0.0.1:{port} ssl default_server;
        {default}
    }}
    server {{
        listen 127.0.0.1:{port} ssl;
        server_name {name};
        ssl_certificate {chain};
        ssl_certificate_key {key};
    }}
"""


@contextmanager
def nginx_named(
    folder: Path, name: str, versions: str = "TLSv1 TLSv1.2", stranger: Party | None = None
) -> Iterator[int]:
    """Serve clients that name it, in these versions of TLS; gives the port. Others see the stranger's certificate."""
    chain, key = SERVER.write(folder)
    default = "ssl_reject_handshake on;"
    if stranger is not None:
        others = stranger.write(folder)
        default = "ssl_certificate {}; ssl_certificate_key {};".format(*(f'"{path}"' for path in others))
    port = free_port()
    servers = _SERVERS.format(port=port, name=name, versions=versions, chain=chain, key=key, default=default)
    with nginx_serving(folder, servers, port):
        yield port
