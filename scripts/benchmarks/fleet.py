"""Load from a fleet: sessions a second of one worker process, beside `openssl s_time`, and the memory of a module.

A session of the fleet is a dial with a full handshake, some bytes both ways and a close, by AT commands; one of s_time
is a connection with a full handshake. The server is OpenSSL's, in a process of its own.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.certificates import server_files
from benchmarks.guide_server import guide_server
from benchmarks.modem import COMMAND
from benchmarks.processes import TIMEOUT, child
from benchmarks.programs import require
from benchmarks.table import Effort, Report, Row
from benchmarks.tls_setting import HE910

_USERS = str(Path(__file__).with_name("fleet_users.py"))
_MODULES = 20
"""Modules that are busy at once."""
_RATE = re.compile(rb"(\d+) connections in (\d+) real seconds")


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let the fleet and s_time take turns."""
    rounds, seconds, many = effort.of(3, 1, 1), effort.of(8, 4, 1), effort.of(220, 120, 25)
    report(f"{rounds} times {seconds} s of {_MODULES} busy modules, then {many} busy ones and {many} connected ones")
    with server_files() as files, guide_server(files) as port:
        pairs = [(_run(port, "Busy", _MODULES, seconds), _s_time(port, seconds)) for _ in range(rounds)]
        crowd = _run(port, "Busy", many, seconds)
        few, more = (_run(port, "Connected", count, 3)["bytes"] for count in (_MODULES, many))
    fleet = median(told["sessions"] / told["seconds"] for told, _ in pairs)
    reference = median(rate for _, rate in pairs)
    title = f"fleet of {_MODULES} modules in one process: sessions; openssl s_time: handshakes"
    yield Row(title, f"{fleet:.0f} /s", f"{reference:.0f} /s", f"{fleet / reference:.2f}")
    of_many, of_few = _cpu(crowd), median(_cpu(told) for told, _ in pairs)
    title = f"fleet: CPU time of a session, {many} modules; {_MODULES} modules"
    yield Row(title, f"{of_many:.2f} ms", f"{of_few:.2f} ms", f"{of_many / of_few:.2f}")
    each = (more - few) / (many - _MODULES) / 1e3
    yield Row("fleet: memory of a module with a TLS session and its user", f"{each:.0f} kB")


def _cpu(told: Any) -> float:
    """Return the milliseconds of CPU time that each session took."""
    return float(told["cpu"] / max(told["sessions"], 1) * 1e3)


def _run(port: int, kind: str, count: int, seconds: int) -> Any:
    command = [COMMAND, "fleet", "-f", _USERS, kind, "--host", f"127.0.0.1:{port}", "--headless", "--only-summary"]
    with child([*command, "-u", str(count), "-r", str(count), "-t", f"{seconds}s"]) as locust:
        return json.loads(locust.wait_for(rb"told (\{.*\})\n")[1])


def _s_time(port: int, seconds: int) -> float:
    command = [require("openssl"), "s_time", "-connect", f"127.0.0.1:{port}", "-new", "-time", str(seconds)]
    done = subprocess.run(
        [*command, *HE910.program_options], capture_output=True, check=False, timeout=TIMEOUT + seconds
    )
    found = _RATE.search(done.stdout)
    if found is None:
        raise RuntimeError(f"openssl s_time said {done.stdout + done.stderr!r}")
    return int(found[1]) / int(found[2])
