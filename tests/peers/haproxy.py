"""HAProxy of Debian as a TLS server before a port of loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.ftp_servers import OLD_OPENSSL
from tests.peers.pki import SERVER, Party
from tests.peers.processes import free_port, listening
from tests.peers.unpacked import unpacked_environment, unpacked_program

_CONFIGURATION = """
global
    ssl-default-bind-ciphers ALL:@SECLEVEL=0
defaults
    mode tcp
    timeout connect 10s
    timeout client 10s
    timeout server 10s
listen tls
    bind 127.0.0.1:{port} ssl crt {pem} {options}
    server one 127.0.0.1:{target}
"""


@contextmanager
def haproxy_server(folder: Path, options: str, *, target: int, party: Party = SERVER) -> Iterator[int]:
    """Serve TLS, and hand on to the port `target`; `options` are those of `bind`. Gives the port."""
    program = unpacked_program("haproxy", "haproxy")
    chain, key = party.write(folder)
    pem = folder / "both.pem"
    pem.write_bytes(chain.read_bytes() + key.read_bytes())
    port = free_port()
    configuration = folder / "haproxy.cfg"
    configuration.write_text(_CONFIGURATION.format(port=port, pem=pem, options=options, target=target))
    (folder / "openssl.cnf").write_text(OLD_OPENSSL)
    environment = unpacked_environment() | {"OPENSSL_CONF": str(folder / "openssl.cnf")}
    command = [program, "-db", "-f", str(configuration)]
    with listening(command, port, folder / "output", environment):
        yield port
