"""Speed of online data with RC4. No OpenSSL has it: the server is GnuTLS, the reference AES with that server."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from benchmarks.certificates import server_files
from benchmarks.gnutls_sessions import library
from benchmarks.source_and_sink import source_and_sink
from benchmarks.table import Effort, Report, Row
from benchmarks.tls_setting import HE910, TlsSetting
from benchmarks.way import SIZE, Way, comparison, online_modem

_RC4 = {"RC4-SHA": 2, "RC4-MD5": 1}
_REFERENCE = HE910.suite
_PACKET = 1500


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let the suites take turns."""
    rounds, size = effort.of(9, 3, 1), effort.of(SIZE, SIZE, SIZE // 20)
    library()
    report(f"{rounds} times {size / 1e6} MB each way with each suite")
    with server_files() as files, source_and_sink("gnutls", files) as port, ExitStack() as stack:
        ways = {
            setting.suite: Way(stack.enter_context(online_modem(setting, "native", _PACKET, port)), size)
            for setting in (*map(_rc4, _RC4), HE910)
        }
        for _ in range(rounds):
            for way in ways.values():
                way.run()
    for suite in _RC4:
        title = f"HE910 {suite}, native engine, pktSz={_PACKET}; the same with {_REFERENCE}"
        yield comparison(f"upload, {title}", ways[suite].upload, ways[_REFERENCE].upload)
        yield comparison(f"download, {title}", ways[suite].download, ways[_REFERENCE].download)


def _rc4(suite: str) -> TlsSetting:
    return replace(HE910, suite=suite, commands=[f"AT#SSLSECCFG=1,{_RC4[suite]},0"])
