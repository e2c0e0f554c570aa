"""Clients for the lab's servers: gnutls-cli and `openssl s_client`, which share no code with them, and tlslite-ng."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tlslite.api import HandshakeSettings, TLSConnection

from emulator.resources import CERTS
from tests.peers.processes import require_program
from tests.peers.sockets import TIMEOUT

CA = CERTS / "public-demo-ca.pem"
CLIENT = (CERTS / "public-demo-client.pem", CERTS / "public-demo-client-key.pem")


def gnutls_client(port: int, ciphers: str, *options: str, says: bytes = b"") -> str:
    """What gnutls-cli prints of a TLS 1.0 session with the suites `ciphers`, trusting the demo CA alone."""
    program = require_program("gnutls-cli", "gnutls-bin")
    priority = f"NONE:+VERS-TLS1.0:+RSA:{ciphers}:+COMP-NULL:+CTYPE-X509:+SIGN-ALL:+GROUP-ALL:%COMPAT"
    command = [program, "--port", str(port), "--x509cafile", str(CA), "--priority", priority, *options, "127.0.0.1"]
    return _output(command, says)


def openssl_client(port: int, suite: str, *options: str, says: bytes = b"", version: str = "-tls1") -> str:
    """What `openssl s_client` prints of a session with `suite`, until the server closes."""
    program = require_program("openssl", "openssl")
    command = [program, "s_client", "-connect", f"127.0.0.1:{port}", version, "-cipher", f"{suite}:@SECLEVEL=0"]
    return _output([*command, "-CAfile", str(CA), "-verify_return_error", *options], says)


def _output(command: list[str], says: bytes) -> str:
    done = subprocess.run(
        command, input=says, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False
    )
    return done.stdout.decode(errors="replace")


@contextmanager
def session(port: int) -> Iterator[Any]:
    """An open session with RC4-SHA: of that cipher tlslite-ng sends what it is given as one record."""
    settings = HandshakeSettings()
    settings.minVersion = settings.maxVersion = (3, 1)
    settings.cipherNames, settings.macNames, settings.keyExchangeNames = ["rc4"], ["sha"], ["rsa"]
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as stream:
        connection = TLSConnection(stream)
        connection.handshakeClientCert(settings=settings)
        yield connection


def said(connection: Any, length: int) -> bytes:
    """The next `length` bytes that the server says; fewer if it closes before."""
    return bytes(connection.read(min=length, max=length))
