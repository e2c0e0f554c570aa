"""How fast online data is with RC4, which no OpenSSL has: gnutls-serv echoes, and AES with the same server is beside."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.certificates import ServerFiles, server_files
from benchmarks.host import Host
from benchmarks.online_data import comparison, online_modem
from benchmarks.payload import payload
from benchmarks.processes import child
from benchmarks.programs import require
from benchmarks.table import Report, Row

_SUITES = {"RC4-MD5": 1, "RC4-SHA": 2, "AES128-SHA": 3}
_REFERENCE = "AES128-SHA"
_LINE = 1500
"""Bytes; the server sends whole lines back."""
_PRIORITY = (
    "NONE:+VERS-TLS1.0:+RSA:+ARCFOUR-128:+AES-128-CBC:+MD5:+SHA1:+COMP-NULL:+CTYPE-X509:+SIGN-ALL:+GROUP-ALL:%COMPAT"
)


def measure(quick: bool, report: Report) -> Iterator[Row]:
    """Let the suites take turns."""
    rounds, count = (2, 1000) if quick else (5, 2000)
    data = _lines(count)
    report(f"{rounds} times {len(data) / 1e6} MB there and back with each suite")
    speeds: dict[str, list[float]] = {suite: [] for suite in _SUITES}
    with server_files() as files, _echo_server(files) as port, ExitStack() as stack:
        hosts = {
            suite: stack.enter_context(online_modem("HE910", "native", number, _LINE, port))
            for suite, number in _SUITES.items()
        }
        for _ in range(rounds):
            for suite, host in hosts.items():
                speeds[suite].append(_speed(host, data))
    for suite in speeds.keys() - {_REFERENCE}:
        what = f"echo, HE910 {suite}, native engine, pktSz={_LINE}, gnutls-serv; the same with {_REFERENCE}"
        yield comparison(what, speeds[suite], speeds[_REFERENCE], None)


def _speed(host: Host, data: bytes) -> float:
    echoed, seconds = host.exchange(data, len(data))
    if echoed != data:
        raise RuntimeError("the data that came back is not the data that was sent")
    return len(data) / 1e6 / seconds


def _lines(count: int) -> bytes:
    text = payload(count * _LINE // 2).hex().encode()
    return b"".join(text[start : start + _LINE - 1] + b"\n" for start in range(0, len(text), _LINE))


@contextmanager
def _echo_server(files: ServerFiles) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [require("gnutls-serv"), "--echo", "--quiet", "--port", str(port), "--priority", _PRIORITY]
    command += ["--x509certfile", str(files.certificate), "--x509keyfile", str(files.key), "--disable-client-cert"]
    with child(["stdbuf", "-oL", *command]) as server:
        server.wait_for(rb"[Ll]istening on IPv4.*done")
        yield port
