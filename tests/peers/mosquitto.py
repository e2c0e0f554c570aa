"""mosquitto of Debian as a process of its own, with its clients from outside the module."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.pki import Party
from tests.peers.processes import free_port, listening
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

ACCOUNT = "telit", "secret"
"""The account of a broker with a password file."""

_SMALL_KEYS = """
openssl_conf = main
[main]
ssl_conf = tls
[tls]
system_default = small
[small]
CipherString = DEFAULT:@SECLEVEL=0
"""


@dataclass(frozen=True)
class Mosquitto:
    """A broker that runs, and how its clients from outside reach it."""

    port: int
    options: Sequence[str] = ()

    def publish(self, topic: str, payload: bytes, *options: str) -> None:
        """Publish a message by mosquitto_pub."""
        command = self._command("mosquitto_pub", "-t", topic, "-s", *options)
        subprocess.run(command, input=payload, env=unpacked_environment(), check=True, timeout=TIMEOUT)

    @contextmanager
    def subscribed(self, topic: str, count: int = 1, *options: str) -> "Iterator[subprocess.Popen[bytes]]":
        """mosquitto_sub, which ends after `count` messages; its output has topic, retain, QoS and payload of each."""
        form = ("-F", "%t %r %q %p")
        command = self._command("mosquitto_sub", "-t", topic, "-C", str(count), *form, *options)
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=unpacked_environment()) as process:
            try:
                yield process
            finally:
                process.kill()

    def _command(self, name: str, *arguments: str) -> list[str]:
        program = unpacked_program(name, "mosquitto-clients")
        return [program, "-h", "127.0.0.1", "-p", str(self.port), *self.options, *arguments]


@contextmanager
def mosquitto(folder: Path, *lines: str, options: Sequence[str] = ()) -> Iterator[Mosquitto]:
    """A broker on loopback for everybody, unless `lines` of its configuration say otherwise."""
    program = unpacked_program("mosquitto", "mosquitto")  # which root runs as root: `folder` is nobody else's
    port = free_port()
    configuration = folder / "mosquitto.conf"
    anonymous = [] if any(line.startswith("allow_anonymous") for line in lines) else ["allow_anonymous true"]
    configuration.write_text("\n".join([f"listener {port} 127.0.0.1", "user root", *anonymous, *lines, ""]))
    (folder / "openssl.cnf").write_text(_SMALL_KEYS)
    environment = unpacked_environment() | {"OPENSSL_CONF": str(folder / "openssl.cnf")}
    with listening([program, "-c", str(configuration)], port, folder / "log", environment):
        yield Mosquitto(port, options)


def with_accounts(folder: Path) -> list[str]:
    """The lines of a broker that knows `ACCOUNT` alone."""
    file = folder / "accounts"
    command = [unpacked_program("mosquitto_passwd", "mosquitto"), "-b", "-c", str(file), *ACCOUNT]
    subprocess.run(command, env=unpacked_environment(), check=True, timeout=TIMEOUT, capture_output=True)
    return ["allow_anonymous false", f"password_file {file}"]


def within_tls(folder: Path, party: Party, clients: Party | None = None) -> list[str]:
    """The lines of a broker within TLS; with `clients`, the authority whose clients alone it takes."""
    chain, key = party.write(folder)
    lines = [f"certfile {chain}", f"keyfile {key}", "tls_version tlsv1.2"]
    if clients is None:
        return lines
    (folder / "clients.pem").write_bytes(clients.pem)
    return [*lines, f"cafile {folder / 'clients.pem'}", "require_certificate true", "use_identity_as_username true"]
