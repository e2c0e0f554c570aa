"""nginx of Debian as a process of its own, in clear text and within TLS 1.0."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.peers.ftp_servers import OLD_OPENSSL
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
    default_type application/octet-stream;
    log_format post escape=none "$request_method $content_type $request_body";
    server {{
        listen 127.0.0.1:{port}{tls};
        root {folder}/pages;
        location /written/ {{
            dav_methods PUT DELETE;
            create_full_put_path on;
        }}
        location /post {{
            access_log {folder}/posts post;
            proxy_pass http://unix:{folder}/taken;
        }}
        location /private/ {{
            alias {folder}/pages/;
            auth_basic "pages";
            auth_basic_user_file {folder}/accounts;
        }}
        location /chunked/ {{
            alias {folder}/pages/;
            ssi on;
            ssi_types application/octet-stream;
        }}
    }}
    server {{
        listen unix:{folder}/taken;
        default_type text/plain;
        return 200 "taken\\n";
    }}
}}
"""
_TLS = """ ssl;
        ssl_certificate {chain};
        ssl_certificate_key {key};
        ssl_protocols TLSv1;
        ssl_ciphers AES128-SHA:AES256-SHA:@SECLEVEL=0"""


ACCOUNT = "telit", "secret"
"""The account for what is below /private/."""


@contextmanager
def nginx_server(folder: Path, pages: Mapping[str, bytes], *, tls: bool = False) -> Iterator[int]:
    """Serve the pages at / and, in chunks, at /chunked/, with an account at /private/; gives the port.

    PUT and DELETE change what is below /written/, and /post takes all, which `folder/posts` then has.
    """
    (folder / "pages").mkdir()
    for name, content in pages.items():
        (folder / "pages" / name).write_bytes(content)
    (folder / "accounts").write_text("{}:{{PLAIN}}{}\n".format(*ACCOUNT))
    chain, key = SERVER.write(folder)
    port = free_port()
    secure = _TLS.format(chain=chain, key=key) if tls else ""
    with running_nginx(folder, _CONFIGURATION.format(folder=folder, port=port, tls=secure)):
        yield port


@contextmanager
def running_nginx(folder: Path, configuration: str) -> Iterator[None]:
    """nginx by this configuration, with an OpenSSL that takes short keys and old versions."""
    program = unpacked_program("nginx", "nginx")
    file = folder / "nginx.conf"
    file.write_text(configuration)
    arguments = [program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(file)]
    (folder / "openssl.cnf").write_text(OLD_OPENSSL)
    environment = unpacked_environment() | {"OPENSSL_CONF": str(folder / "openssl.cnf")}
    process = subprocess.Popen(arguments, env=environment)
    try:
        wait_until_it_listens(process, folder / "pid")
        yield
    finally:
        process.terminate()
        process.wait(TIMEOUT)


def wait_until_it_listens(process: subprocess.Popen[bytes], started: Path) -> None:
    """Wait until nginx listens; it writes its pid then."""
    end = time.monotonic() + TIMEOUT
    while not started.exists():
        assert process.poll() is None, "nginx has ended"
        assert time.monotonic() < end, "nginx does not start"
        time.sleep(0.01)
