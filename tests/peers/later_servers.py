"""Four kinds of servers of TLS 1.2 and 1.3, each with one version and one suite, and what a client says to each."""

from base64 import encodebytes
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from emulator.tls.wire.suites import CipherSuite, KeyExchange
from emulator.tls.wire.versions import ProtocolVersion
from tests.peers.nginx import running_nginx
from tests.peers.pki import SERVER, Party
from tests.peers.processes import free_port, gnutls_server, openssl_server
from tests.peers.sockets import Wire
from tests.peers.tlslite_server import TlsliteServer

BLOCK = bytes(range(256)) * 150
"""More than two records."""


_SECOND_OAKLEY_GROUP = (
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
    "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
    "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff"
)
"""A prime of 1024 bits (RFC 2409 6.2)."""


def write_dh_group(file: Path) -> Path:
    """Write a group of 1024 bits for Diffie-Hellman, as many old servers have it."""
    der = bytes.fromhex(f"30818702818100{_SECOND_OAKLEY_GROUP}020102")
    file.write_bytes(b"-----BEGIN DH PARAMETERS-----\n" + encodebytes(der) + b"-----END DH PARAMETERS-----\n")
    return file


@contextmanager
def openssl(
    folder: Path, version: ProtocolVersion, suites: Sequence[CipherSuite], *options: str, party: Party = SERVER
) -> Iterator[int]:
    """`openssl s_server` with exactly these; it sends lines back reversed."""
    flag = "-" + version.openssl_name.lower().replace("v", "").replace(".", "_")
    older = [suite.openssl_name for suite in suites if suite.key_exchange is not KeyExchange.NEGOTIATED] or ["ALL"]
    newer = [suite.openssl_name for suite in suites if suite.openssl_name not in older]
    ciphers = ["-cipher", ":".join([*older, "@SECLEVEL=0"]), *(("-ciphersuites", ":".join(newer)) if newer else ())]
    with openssl_server(folder, flag, *ciphers, *options, party=party) as port:
        yield port


@contextmanager
def nginx(
    folder: Path, version: ProtocolVersion, suites: Sequence[CipherSuite], party: Party = SERVER
) -> Iterator[int]:
    """nginx, which serves BLOCK at /block."""
    chain, key = party.write(folder)
    write_dh_group(folder / "dh.pem")
    (folder / "pages").mkdir()
    (folder / "pages" / "block").write_bytes(BLOCK)
    newer = [suite.openssl_name for suite in suites if suite.key_exchange is KeyExchange.NEGOTIATED]
    older = [suite.openssl_name for suite in suites if suite.openssl_name not in newer] or ["ALL"]
    port = free_port()
    configuration = _NGINX.format(
        folder=folder,
        port=port,
        chain=chain,
        key=key,
        version=version.openssl_name,
        ciphers=":".join([*older, "@SECLEVEL=0"]),
        newer=f"ssl_conf_command Ciphersuites {':'.join(newer)};" if newer else "",
    )
    with running_nginx(folder, configuration):
        yield port


_NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        root {folder}/pages;
        ssl_certificate "{chain}";
        ssl_certificate_key "{key}";
        ssl_dhparam {folder}/dh.pem;
        ssl_protocols {version};
        ssl_ciphers {ciphers};
        ssl_session_cache shared:sessions:1m;
        {newer}
    }}
}}
"""


@contextmanager
def _gnutls(
    folder: Path, version: ProtocolVersion, suites: Sequence[CipherSuite], party: Party = SERVER
) -> Iterator[int]:
    with gnutls_server(folder, suites, party=party, version=version) as port:
        yield port


@contextmanager
def _tlslite(
    folder: Path, version: ProtocolVersion, suites: Sequence[CipherSuite], party: Party = SERVER
) -> Iterator[int]:
    with TlsliteServer(suites, party, version=version) as server:
        yield server.port


def _echo_a_line(wire: Wire) -> None:
    wire.send(b"over the air\n")
    assert wire.receive(13) == b"over the air\n"


def _reverse_a_line(wire: Wire) -> None:
    wire.send(b"over the air\n")
    assert wire.receive(13) == b"ria eht revo\n"


def _echo_records(wire: Wire) -> None:
    wire.send(BLOCK)
    assert wire.receive(len(BLOCK)) == BLOCK


def _get_a_page(wire: Wire) -> None:
    wire.send(b"GET /block HTTP/1.0\r\n\r\n")
    wire.until_closed()
    assert wire.client.read().endswith(b"\r\n\r\n" + BLOCK)


@dataclass(frozen=True)
class Peer:
    """A kind of server, and a talk with it, both ways."""

    name: str
    serve: Callable[..., AbstractContextManager[int]]
    talk: Callable[[Wire], None]


PEERS = (
    Peer("gnutls", _gnutls, _echo_a_line),
    Peer("openssl", openssl, _reverse_a_line),
    Peer("nginx", nginx, _get_a_page),
    Peer("tlslite", _tlslite, _echo_records),
)
