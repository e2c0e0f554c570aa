"""Programs that serve TLS, each with directives of its own: `openssl s_server`, nginx, HAProxy and stunnel.

`Setting` holds what stands in a configuration, and takes further directives in the place of those of the same names,
as whoever follows an advice does.
"""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.peers.processes import free_port, require_program
from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

_NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/errors;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""
_DEFAULT = """    server {{
        listen 127.0.0.1:{port} ssl default_server;
        {directives}
    }}
"""
_NAMED = """    server {{
        listen 127.0.0.1:{port} ssl;
        server_name www.example.com;
        ssl_protocols TLSv1 TLSv1.2;
        ssl_ciphers DEFAULT:@SECLEVEL=0;
        ssl_certificate server-chain.pem;
        ssl_certificate_key server-key.pem;
    }}"""
_HAPROXY = """
global
    maxconn 64
defaults
    mode tcp
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend modules
    bind 127.0.0.1:{port} ssl {directives}
    default_backend plain
backend plain
    server plain 127.0.0.1:{target}
"""
_STUNNEL = """
foreground = yes
pid =
syslog = no
[modules]
accept = 127.0.0.1:{port}
connect = 127.0.0.1:{target}
{directives}
"""
_FLAGS = ("strict-sni",)
"""Keywords of HAProxy's `bind` that stand alone; each of the others has one value."""


class Setting(dict[str, str]):
    """Directives by their names."""

    def after(self, change: Mapping[str, str], without: str = "") -> "Setting":
        """The same, with `change` in it."""
        return Setting({name: value for name, value in {**self, **change}.items() if name != without})


def of_nginx(text: str) -> Setting:
    return Setting(re.findall(r"^(\w+) (.*);$", text, re.MULTILINE))


def of_stunnel(text: str) -> Setting:
    return Setting(re.findall(r"^(\w+) = (.*)$", text, re.MULTILINE))


def of_haproxy(text: str) -> Setting:
    words, setting = iter(text.split()), Setting()
    for word in words:
        setting[word] = "" if word in _FLAGS else next(words)
    return setting


def of_openssl(text: str) -> Setting:
    """Options with a value each."""
    words = iter(text.split())
    return Setting(zip(words, words, strict=True))


@contextmanager
def nginx(folder: Path, setting: Setting) -> Iterator[int]:
    """With `ssl_reject_handshake`, a block for www.example.com stands beside the default one."""
    port = free_port()
    directives = "\n        ".join(f"{name} {value};" for name, value in setting.items())
    servers = _DEFAULT.format(port=port, directives=directives)
    if "ssl_reject_handshake" in setting:
        servers += _NAMED.format(port=port)
    with nginx_serving(folder, servers, port):
        yield port


@contextmanager
def nginx_serving(folder: Path, servers: str, port: int) -> Iterator[None]:
    """These blocks, of which one listens on `port`."""
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, servers=servers))
    program = unpacked_program("nginx", "nginx")
    command = [program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(folder / "nginx.conf")]
    with _running(command, folder, port):
        yield


@contextmanager
def front(kind: str, folder: Path, text: str, port: int) -> Iterator[None]:
    """A program with a section of its own, which listens on `port`."""
    match kind:
        case "nginx-front":
            with nginx_serving(folder, text, port):
                yield
        case "haproxy-front":
            (folder / "haproxy.cfg").write_text(text)
            with _running([unpacked_program("haproxy", "haproxy"), "-db", "-f", "haproxy.cfg"], folder, port):
                yield
        case _:
            (folder / "stunnel.conf").write_text(f"foreground = yes\npid =\nsyslog = no\n{text}")
            with _running([unpacked_program("stunnel4", "stunnel4"), "stunnel.conf"], folder, port):
                yield


@contextmanager
def haproxy(folder: Path, setting: Setting) -> Iterator[int]:
    program, port = unpacked_program("haproxy", "haproxy"), free_port()
    directives = " ".join(f"{name} {value}" for name, value in setting.items())
    with socket.create_server(("127.0.0.1", 0)) as target:  # who closes at once looks as if it refused the module
        text = _HAPROXY.format(port=port, directives=directives, target=target.getsockname()[1])
        (folder / "haproxy.cfg").write_text(text)
        with _running([program, "-db", "-f", "haproxy.cfg"], folder, port):
            yield port


@contextmanager
def stunnel(folder: Path, setting: Setting) -> Iterator[int]:
    program, port = unpacked_program("stunnel4", "stunnel4"), free_port()
    directives = "\n".join(f"{name} = {value}" for name, value in setting.items())
    with socket.create_server(("127.0.0.1", 0)) as target:
        text = _STUNNEL.format(port=port, directives=directives, target=target.getsockname()[1])
        (folder / "stunnel.conf").write_text(text)
        with _running([program, "stunnel.conf"], folder, port):
            yield port


@contextmanager
def s_server(folder: Path, setting: Setting, configuration: str = "") -> Iterator[int]:
    """`configuration` is that of OpenSSL itself; this machine's unless given."""
    program, port = require_program("openssl", "openssl"), free_port()
    options = [word for name, value in setting.items() for word in (name, value)]
    environment = dict(os.environ)
    if configuration:
        (folder / "openssl.cnf").write_text(configuration)
        environment["OPENSSL_CONF"] = str(folder / "openssl.cnf")
    command = [program, "s_server", "-accept", f"127.0.0.1:{port}", "-rev", "-verify_return_error", *options]
    with _running(command, folder, port, environment):
        yield port


@contextmanager
def _running(
    command: list[str], folder: Path, port: int, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """The process in `folder`, from when its port is open to its end."""
    with (
        (folder / "output").open("wb") as output,
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment or unpacked_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            _wait(process, folder, port)
            yield
        finally:
            process.terminate()
            process.wait(TIMEOUT)


def _wait(process: "subprocess.Popen[bytes]", folder: Path, port: int) -> None:
    end = time.monotonic() + TIMEOUT
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            assert process.poll() is None, (folder / "output").read_text(errors="replace")
            assert time.monotonic() < end, "it does not start"
            time.sleep(0.01)
