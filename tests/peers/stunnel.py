"""stunnel of Debian as a TLS server before a port of loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.pki import SERVER, Party
from tests.peers.processes import free_port, listening
from tests.peers.unpacked import unpacked_environment, unpacked_program


@contextmanager
def stunnel_server(folder: Path, *lines: str, target: int, party: Party = SERVER) -> Iterator[int]:
    """Serve TLS, and hand on to the port `target`; `lines` are those of the service. Gives the port."""
    program = unpacked_program("stunnel4", "stunnel4")
    chain, key = party.write(folder)
    port = free_port()
    service = [f"accept = 127.0.0.1:{port}", f"connect = 127.0.0.1:{target}", f"cert = {chain}", f"key = {key}"]
    configuration = folder / "stunnel.conf"
    configuration.write_text("\n".join(["foreground = yes", "pid =", "[tls]", *service, *lines, ""]))
    with listening([program, str(configuration)], port, folder / "output", unpacked_environment()):
        yield port
