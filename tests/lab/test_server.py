"""The lab's servers as seen by other TLS implementations."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from emulator.errors import UserError
from emulator.lab.conversations import echo, https
from emulator.lab.ftps_server import FtpsServer
from emulator.lab.server import LabServer
from tests.lab.clients import CLIENT, gnutls_client, openssl_client

GNUTLS_SUITES = {
    "+ARCFOUR-128:+MD5": "(TLS1.0-X.509)-(RSA)-(ARCFOUR-128)-(MD5)",
    "+ARCFOUR-128:+SHA1": "(TLS1.0-X.509)-(RSA)-(ARCFOUR-128)-(SHA1)",
    "+AES-128-CBC:+SHA1": "(TLS1.0-X.509)-(RSA)-(AES-128-CBC)-(SHA1)",
    "+AES-256-CBC:+SHA1": "(TLS1.0-X.509)-(RSA)-(AES-256-CBC)-(SHA1)",
    "+NULL:+SHA1": "(TLS1.0-X.509)-(RSA)-(NULL)-(SHA1)",
}
AES = "+AES-128-CBC:+SHA1"
LAB = ("echo", "ftp", "http", "https", "modern", "mqtt", "mutual", "smtp")
NAMES = ("localhost", *(f"{server}.lab" for server in LAB), "www.example.test")


@pytest.fixture
def server() -> Iterator[LabServer]:
    with LabServer(echo) as server:
        yield server


@pytest.mark.parametrize("ciphers", GNUTLS_SUITES)
def test_gnutls_gets_every_suite_of_a_module_and_trusts_the_chain(server: LabServer, ciphers: str) -> None:
    """A whole session: the suite that was asked for, a chain that leads to the demo CA, and an echo."""
    output = gnutls_client(server.port, ciphers, says=b"hello, lab\n")

    assert f"- Description: {GNUTLS_SUITES[ciphers]}\n" in output
    assert "- Status: The certificate is trusted." in output
    assert "\nhello, lab\n" in output


@pytest.mark.parametrize("suite", ["AES128-SHA", "AES256-SHA", "NULL-SHA"])
def test_openssl_gets_the_suites_it_has_and_trusts_the_chain(suite: str) -> None:
    """One request of HTTPS; the server ends the session in order."""
    with LabServer(https) as server:
        output = openssl_client(server.port, suite, "-ign_eof", says=b"GET / HTTP/1.0\n\n")

    assert f"Cipher is {suite}\n" in output
    assert "Verify return code: 0 (ok)" in output
    assert "\nHello from the lab.\r\nclosed\n" in output


@pytest.mark.parametrize(
    "name",
    [("-verify_ip", "127.0.0.1"), ("-verify_ip", "123.124.125.126")] + [("-verify_hostname", host) for host in NAMES],
    ids=lambda name: name[1],
)
def test_the_certificate_is_good_for_every_name_of_the_lab(name: tuple[str, str]) -> None:
    """So that a client which checks names, as a module does not, is content too."""
    with LabServer(https) as server:
        output = openssl_client(server.port, "AES128-SHA", *name, "-ign_eof", says=b"GET / HTTP/1.0\n\n")

    assert "Verify return code: 0 (ok)" in output
    assert "Hello from the lab." in output


SUITES = {
    "-tls1": "AES128-SHA",
    "-tls1_1": "DHE-RSA-AES256-SHA",
    "-tls1_2": "ECDHE-RSA-AES128-GCM-SHA256",
    "-tls1_3": "TLS_AES_256_GCM_SHA384",
}
"""By the option of s_client for a version."""


@pytest.mark.parametrize("version", SUITES)
def test_every_version_is_spoken(version: str) -> None:
    """Each with a suite of its own."""
    suite = SUITES[version]
    with LabServer(https, suites=[suite]) as server:
        output = openssl_client(server.port, "ALL", "-ign_eof", version=version, says=b"GET / HTTP/1.0\n\n")

    assert f"Cipher is {suite}\n" in output
    assert "Hello from the lab." in output


@pytest.mark.parametrize(
    ("versions", "version"), [(("TLS 1.2", "TLS 1.3"), "-tls1"), (("TLS 1.0", "TLS 1.0"), "-tls1_2")]
)
def test_a_client_of_another_version_is_refused(versions: tuple[str, str], version: str) -> None:
    """A server takes the versions that it was given."""
    with LabServer(echo, versions=versions) as server:
        output = openssl_client(server.port, "AES128-SHA", version=version)

    assert "protocol" in output and "Cipher is (NONE)" in output


@pytest.mark.parametrize("versions", [("TLS 1.2",), ("TLS 1.2", "TLS 1.4"), "TLS 1.2"])
@pytest.mark.parametrize("make", [partial(LabServer, echo), FtpsServer])
def test_what_is_no_range_of_versions_is_told(make: Callable[..., object], versions: Any) -> None:
    """In one line, with what there is."""
    with pytest.raises(UserError, match=r"give the lowest and the highest, of SSL 3\.0, TLS 1\.0, .*, TLS 1\.3"):
        make(versions=versions)


@pytest.mark.parametrize("ciphers", GNUTLS_SUITES)
def test_gnutls_resumes_its_session(server: LabServer, ciphers: str) -> None:
    """An abbreviated handshake under the same session id, as #SSLFASTD wants it, with every suite."""
    output = gnutls_client(server.port, ciphers, "--resume", says=b"again\n")

    assert "*** This is a resumed session" in output
    assert "\nagain\n" in output


def test_openssl_resumes_its_session(tmp_path: Path) -> None:
    """The same from another implementation, which kept the session in a file."""
    kept = str(tmp_path / "session.pem")
    request = b"GET / HTTP/1.0\n\n"
    with LabServer(https) as server:
        first = openssl_client(server.port, "AES128-SHA", "-ign_eof", "-sess_out", kept, says=request)
        second = openssl_client(server.port, "AES128-SHA", "-ign_eof", "-sess_in", kept, says=request)

    assert "\nNew, " in first
    assert "\nReused, " in second
    assert "Hello from the lab." in second


def test_a_server_that_requires_a_certificate_hangs_up_without_one() -> None:
    """The client hears a fatal alert after the handshake and gets no answer."""
    with LabServer(echo, requires_certificate=True) as server:
        output = gnutls_client(server.port, AES, says=b"hello\n")

    assert "- Successfully sent 0 certificate(s) to server." in output
    assert "A TLS fatal alert has been received." in output
    assert "\nhello\n" not in output


def test_a_server_that_requires_a_certificate_serves_who_has_one() -> None:
    """The demo client certificate with its key will do."""
    certificate, key = map(str, CLIENT)
    with LabServer(echo, requires_certificate=True) as server:
        output = gnutls_client(server.port, AES, "--x509certfile", certificate, "--x509keyfile", key, says=b"hello\n")

    assert "- Successfully sent 1 certificate(s) to server." in output
    assert "\nhello\n" in output


def test_a_server_that_requires_a_certificate_knows_a_resumed_client() -> None:
    """Nothing is shown in an abbreviated handshake; what was shown before counts."""
    certificate, key = map(str, CLIENT)
    with LabServer(echo, requires_certificate=True) as server:
        output = gnutls_client(
            server.port, AES, "--resume", "--x509certfile", certificate, "--x509keyfile", key, says=b"hello\n"
        )

    assert "*** This is a resumed session" in output
    assert "\nhello\n" in output


def test_a_server_shows_how_many_clients_it_has(server: LabServer) -> None:
    """Its `repr` names the port and the clients."""
    assert repr(server) == f"<LabServer on 127.0.0.1:{server.port}, 0 clients>"
