"""What a Linux host reaches over one data call: names, ping, HTTP, TLS, and servers that refuse or reset."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.lab.http_server import HttpServer
from tests.commands.ssl_bench import UMTS
from tests.peers.guest.linux_host import hang_up, online
from tests.peers.guest.qemu import Guest
from tests.peers.pki import ROOT
from tests.peers.processes import free_port, openssl_server

pytestmark = pytest.mark.slow

ADDRESS, NAME = "10.20.30.40", "www.example.com"
MEGABYTE = 1024 * 1024
TRANSFER = 90.0
"""Seconds that a megabyte may take there and back in a guest without KVM, on a busy machine."""
OLD_KEYS = "DEFAULT:@SECLEVEL=0"
"""The tests' own certificates have short keys."""


@contextmanager
def resetting_server() -> Iterator[int]:
    """Reset each connection when the first data comes; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    accepted, _ = listener.accept()
                except OSError:
                    return
                with accepted:
                    accepted.recv(1)
                    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        thread = threading.Thread(target=serve, name="resetting server")
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


@dataclass
class Call:
    """A call in progress."""

    linux: Guest
    modem: VirtualModem
    http: HttpServer


@pytest.fixture
def call(linux: Guest, tmp_path: Path) -> Iterator[Call]:
    """A call to a network with servers."""
    with (
        HttpServer() as http,
        openssl_server(tmp_path, "-cipher", OLD_KEYS) as tls,
        resetting_server() as resetting,
    ):
        servers = {80: http.port, 443: tls, 9: free_port(), 7: resetting}
        dialled = [(f"{host}:{port}", server) for host in (ADDRESS, NAME) for port, server in servers.items()]
        routes = {target: f"127.0.0.1:{server}" for target, server in dialled}
        with VirtualModem(UMTS, routes=routes) as modem:
            linux.plug(modem.port)
            online(linux)
            yield Call(linux, modem, http)
            linux.tidy_up()


def test_a_linux_host_uses_one_call_for_everything(call: Call) -> None:
    """All checks share a call, since it takes seconds to make one."""
    it_has_what_the_network_assigns(call)
    it_pings_by_address_and_by_name(call)
    it_resolves_the_names_that_there_are(call)
    it_sends_and_receives_a_megabyte(call)
    it_speaks_tls_of_its_own(call)
    it_is_refused_and_reset_as_the_server_does_it(call)

    assert "Connection terminated" not in hang_up(call.linux).partition("User request")[0]


def it_has_what_the_network_assigns(call: Call) -> None:
    profile = call.modem.firmware.profile
    assert f"inet addr:{profile.pdp.address} " in call.linux.ask("ifconfig ppp0")
    servers = "".join(f"nameserver {server}\n" for server in profile.name_service.servers)
    assert servers == call.linux.ask("cat /etc/ppp/resolv.conf")


def it_pings_by_address_and_by_name(call: Call) -> None:
    assert "2 packets received" in call.linux.ask(f"ping -c 2 {ADDRESS}")
    assert "1 packets received" in call.linux.ask(f"ping -c 1 {NAME}")


def it_resolves_the_names_that_there_are(call: Call) -> None:
    assert f"Name:\t{NAME}\n" in call.linux.ask(f"nslookup {NAME}")
    assert 0 != call.linux.run("nslookup nobody.invalid").status


def it_sends_and_receives_a_megabyte(call: Call) -> None:
    """By HTTP: the server sends back what it is sent."""
    digest = call.linux.ask("head -c 800000 /dev/urandom | base64 >/tmp/file; sha256sum </tmp/file")
    assert digest == call.linux.ask(f"wget -q -O - --post-file /tmp/file http://{NAME}/ | sha256sum", TRANSFER)
    assert MEGABYTE < len(call.http.requests[-1].body)


def it_speaks_tls_of_its_own(call: Call) -> None:
    """With a certificate that it verifies."""
    call.linux.write("/tmp/ca.pem", ROOT.pem.decode())
    client = f"openssl s_client -quiet -verify_return_error -CAfile /tmp/ca.pem -cipher {OLD_KEYS}"
    assert "!olleH\n" in call.linux.ask(f"printf 'Hello!\\nCLOSE\\n' | {client} -connect {NAME}:443")


def it_is_refused_and_reset_as_the_server_does_it(call: Call) -> None:
    assert "Connection refused" in call.linux.run(f"wget -O - http://{ADDRESS}:9/").output
    assert "Connection reset" in call.linux.run(f"wget -O - http://{ADDRESS}:7/").output
