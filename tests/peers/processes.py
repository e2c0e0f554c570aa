"""Real TLS servers that run as processes of their own: gnutls-serv and `openssl s_server`."""

import random
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from emulator.tls.wire.suites import (
    AEAD,
    AES_128_CBC,
    AES_128_GCM,
    AES_256_CBC,
    AES_256_GCM,
    CHACHA,
    MD5,
    NULL,
    RC4_128,
    SHA,
    SHA256,
    SHA384,
    CipherSuite,
    KeyExchange,
)
from emulator.tls.wire.versions import TLS_1_0, ProtocolVersion
from tests.peers.pki import SERVER, Party
from tests.peers.sockets import TIMEOUT

_GNUTLS_CIPHERS = {
    NULL: "+NULL",
    RC4_128: "+ARCFOUR-128",
    AES_128_CBC: "+AES-128-CBC",
    AES_256_CBC: "+AES-256-CBC",
    AES_128_GCM: "+AES-128-GCM",
    AES_256_GCM: "+AES-256-GCM",
    CHACHA: "+CHACHA20-POLY1305",
}
_GNUTLS_MACS = {MD5: "+MD5", SHA: "+SHA1", SHA256: "+SHA256", SHA384: "+SHA384", AEAD: "+AEAD"}
_GNUTLS_EXCHANGES = {
    KeyExchange.RSA: "+RSA",
    KeyExchange.DHE_RSA: "+DHE-RSA",
    KeyExchange.ECDHE_RSA: "+ECDHE-RSA",
    KeyExchange.ECDHE_ECDSA: "+ECDHE-ECDSA",
    KeyExchange.NEGOTIATED: "+ECDHE-RSA:+ECDHE-ECDSA",
}


def require_program(name: str, package: str) -> str:
    """The program's path; the test is skipped, by name, where it is not installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed (Debian package {package})")
    return path


_PORTS = range(10000, 32768)
"""Ports that the kernel gives nobody: those of outgoing connections and of servers at port 0 are above."""


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Find a port of loopback that is free now, and that nobody else takes by chance before a server does."""
    while True:
        port = random.SystemRandom().choice(_PORTS)
        with socket.socket(socket.AF_INET, kind) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def gnutls_server(
    folder: Path,
    suites: Sequence[CipherSuite],
    options: Sequence[str] = ("--disable-client-cert",),
    party: Party = SERVER,
    version: ProtocolVersion = TLS_1_0,
    keywords: str = ":%COMPAT",
) -> Iterator[int]:
    """gnutls-serv with `version` and `suites`, echoing lines; gives its port. It listens on every address: it must.

    `%COMPAT` knows none of the later extensions.
    """
    program = require_program("gnutls-serv", "gnutls-bin")
    certificate, key = party.write(folder)
    ciphers = ":".join(f"{_GNUTLS_CIPHERS[suite.cipher]}:{_GNUTLS_MACS[suite.mac]}" for suite in suites)
    exchanges = ":".join(dict.fromkeys(_GNUTLS_EXCHANGES[suite.key_exchange] for suite in suites))
    priority = (
        f"NONE:+VERS-{version.name.replace(' ', '')}:{exchanges}:{ciphers}:"
        f"+COMP-NULL:+CTYPE-X509:+SIGN-ALL:+GROUP-ALL{keywords}:"
        "%VERIFY_ALLOW_BROKEN:%VERIFY_ALLOW_SIGN_WITH_SHA1:%VERIFY_ALLOW_SIGN_RSA_MD5"
    )
    port = free_port()
    command = [program, "--echo", "--port", str(port), "--priority", priority]
    command += ["--x509certfile", str(certificate), "--x509keyfile", str(key), *options]
    with running(["stdbuf", "-oL", *command], re.compile(rb"[Ll]istening on IPv4.*done")):
        yield port


@contextmanager
def openssl_server(folder: Path, *options: str, party: Party = SERVER) -> Iterator[int]:
    """`openssl s_server`, sending lines back reversed; gives its port."""
    program = require_program("openssl", "openssl")
    certificate, key = party.write(folder)
    port = free_port()
    command = [program, "s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(certificate), "-cert_chain"]
    command += [str(certificate), "-key", str(key), "-rev", *options]
    with running(command, re.compile(rb"ACCEPT")):
        yield port


@contextmanager
def running(
    command: Sequence[str], ready: re.Pattern[bytes], environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """A process, from the line that says it is ready to its end; its output is read to the last."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as process:
        output: list[bytes] = []
        listening = threading.Event()

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                output.append(line)
                if ready.search(line):
                    listening.set()
            listening.set()

        reader = threading.Thread(target=read, name=f"output of {command[0]}")
        reader.start()
        try:
            assert listening.wait(TIMEOUT), f"{command[0]} does not get ready"
            assert process.poll() is None, b"".join(output).decode(errors="replace")
            yield
        finally:
            process.terminate()
            process.wait(TIMEOUT)
            reader.join(TIMEOUT)


@contextmanager
def listening(
    command: Sequence[str], port: int, output: Path, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """A process that does not say when it is ready, from when its port is open to its end; `output` gets its words."""
    with (
        output.open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment) as process,
    ):
        try:
            _wait_for(port, process, output)
            yield
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", output: Path) -> None:
    deadline = time.monotonic() + TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), TIMEOUT).close()
        except ConnectionRefusedError:
            time.sleep(0.01)
        else:
            return
    raise AssertionError(f"no server at port {port}: {output.read_text(errors='replace')}")
