"""Run the benchmarks and print their table."""

import argparse
import os
import platform
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence

from benchmarks import (
    explore,
    file_transfer,
    fleet,
    handshake,
    idle,
    matrix,
    one_loop,
    online_data,
    online_rc4,
    plain_data,
    ppp_data,
    recording,
    round_trip,
    sessions,
    start,
    tracing,
)
from benchmarks.bytecode import cached_bytecode
from benchmarks.programs import Unavailable
from benchmarks.table import Benchmark, Effort, Row, render

_BENCHMARKS: Mapping[str, Benchmark] = {
    "start": start.measure,
    "round-trip": round_trip.measure,
    "tracing": tracing.measure,
    "online-data": online_data.measure,
    "online-rc4": online_rc4.measure,
    "plain-data": plain_data.measure,
    "ppp-data": ppp_data.measure,
    "recording": recording.measure,
    "file-transfer": file_transfer.measure,
    "idle": idle.measure,
    "handshake": handshake.measure,
    "sessions": sessions.measure,
    "matrix": matrix.measure,
    "explore": explore.measure,
    "one-loop": one_loop.measure,
    "fleet": fleet.measure,
}


def main() -> int:
    """Return exit code 1 when a benchmark could not run; a figure that misses its goal is no failure."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    started = time.monotonic()
    rows: list[Row] = []
    broken = False
    with cached_bytecode():
        for name in options.names or _BENCHMARKS:
            try:
                rows.extend(_rows(name, options.effort))
            except (OSError, RuntimeError) as error:
                broken = True
                print(*getattr(error, "__notes__", ()), sep="\n", file=sys.stderr)
                rows.append(Row(name, "-", verdict=f"could not run: {error}"))
    if options.effort is Effort.BRIEF:
        print(_brief(rows))
    else:
        load = os.getloadavg()[0]
        print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, load {load:.1f}, {platform.platform()}\n")
        print(render(rows))
        print(f"\n{time.monotonic() - started:.0f} s in all; medians of rounds that take turns with their reference")
    return 1 if broken else 0


def _rows(name: str, effort: Effort) -> Iterator[Row]:
    try:
        yield from _BENCHMARKS[name](effort, lambda text: print(f"{name}: {text}", file=sys.stderr))
    except Unavailable as reason:
        yield Row.skipped(name, reason)


def _brief(rows: Sequence[Row]) -> str:
    """Return what could not be measured, and the number of figures that could."""
    missing = [f"{row.what}: {row.verdict}" for row in rows if row.measured == "-"]
    return "\n".join([*missing, f"{len(rows) - len(missing)} figures could be measured"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the emulator beside its references.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(_BENCHMARKS)}")
    efforts = parser.add_mutually_exclusive_group()
    for effort, meaning in {Effort.QUICK: "fewer rounds", Effort.BRIEF: "see that each one runs; no figures"}.items():
        flag = f"--{effort.name.lower()}"
        efforts.add_argument(flag, dest="effort", action="store_const", const=effort, default=Effort.FULL, help=meaning)
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in _BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(_BENCHMARKS)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
