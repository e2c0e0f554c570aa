"""nginx of Debian as a TLS server that knows its name: who does not say it in the hello is refused."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.ftp_servers import OLD_OPENSSL
from tests.peers.nginx import wait_until_it_listens
from tests.peers.pki import SERVER
from tests.peers.processes import free_port
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

_CONFIGURATION = """
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
    ssl_protocols {versions};
    ssl_ciphers AES128-SHA:AES256-SHA:@SECLEVEL=0;
    server {{
        listen 127.0.0.1:{port} ssl default_server;
        ssl_reject_handshake on;
    }}
    server {{
        listen 127.0.0.1:{port} ssl;
        server_name {name};
        ssl_certificate {chain};
        ssl_certificate_key {key};
    }}
}}
"""


@contextmanager
def nginx_named(folder: Path, name: str, versions: str = "TLSv1 TLSv1.2") -> Iterator[int]:
    """Serve clients that name it, in these versions of TLS; gives the port."""
    program = unpacked_program("nginx", "nginx")
    chain, key = SERVER.write(folder)
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(folder=folder, port=port, name=name, versions=versions, chain=chain, key=key)
    )
    arguments = [program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(configuration)]
    (folder / "openssl.cnf").write_text(OLD_OPENSSL)
    environment = unpacked_environment() | {"OPENSSL_CONF": str(folder / "openssl.cnf")}
    process = subprocess.Popen(arguments, env=environment)
    try:
        wait_until_it_listens(process, folder / "pid")
        yield port
    finally:
        process.terminate()
        process.wait(TIMEOUT)
