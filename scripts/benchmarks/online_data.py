"""Speed of TLS data in online mode, beside `socat` between a pseudo-terminal and the same server."""

from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.certificates import server_files
from benchmarks.source_and_sink import source_and_sink
from benchmarks.table import Effort, Goal, Report, Row
from benchmarks.tls_setting import GE865, HE910, LE910, ME910, TlsSetting
from benchmarks.way import SIZE, Way, comparison, online_modem, socat

_LARGEST, _DEFAULT = 1500, 300
"""<pktSz>; packets shape only what the host sends."""
_UPLOAD = {_LARGEST: Goal("at least 1", 1.0, is_least=True), _DEFAULT: Goal("at least 0.8", 0.8, is_least=True)}
_DOWNLOAD = Goal("at least 1", 1.0, is_least=True)
_BOTH = Goal("at least 0.9", 0.9, is_least=True)


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """For each version and suite, let all ways take turns."""
    rounds, size = effort.of(9, 3, 1), effort.of(SIZE, SIZE, SIZE // 20)
    with server_files() as files:
        for setting in (HE910, GE865, LE910, ME910):
            report(f"{rounds} times {size / 1e6} MB each way with {setting.title}")
            with source_and_sink("openssl", files, setting.suite) as port:
                yield from _setting(setting, port, rounds, size)


def _setting(setting: TlsSetting, port: int, rounds: int, size: int) -> Iterator[Row]:
    with ExitStack() as stack:
        reference = Way(stack.enter_context(socat(f"OPENSSL:127.0.0.1:{port},{setting.socat_options}")), size)
        ways = {
            (engine, packet): Way(stack.enter_context(online_modem(setting, engine, packet, port)), size)
            for engine in setting.engines
            for packet in (_LARGEST, _DEFAULT)
        }
        for _ in range(rounds):
            for way in (reference, *ways.values()):
                way.run()
                way.run_both_ways()
    for (engine, packet), way in ways.items():
        title = f"{setting.title}, {engine} engine, pktSz={packet}; socat"
        yield comparison(f"upload, {title}", way.upload, reference.upload, _UPLOAD[packet])
        if packet == _LARGEST:
            yield comparison(f"download, {title}", way.download, reference.download, _DOWNLOAD)
            yield comparison(f"both ways at once, {title}", way.both, reference.both, _BOTH)
