"""`telit-emulator fleet`: Locust with modules for users, in processes of its own, against a real server."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from emulator.lab.http_server import HttpServer
from tests.fleet.programs import COMMAND, TIMEOUT, counted, run, started

ONCE = """
import gevent
from locust import LoadTestShape
from emulator.fleet.locustfiles import telemetry

class Once(telemetry.TelemetryUser):
    def on_start(self):
        self.report()
        self.report()
        gevent.sleep(3600)

class UntilAllHaveReported(LoadTestShape):
    use_common_options = True

    def tick(self):
        users = self.runner.environment.parsed_options.num_users
        sessions = self.runner.stats.get("report", "session")
        return (users, users) if sessions.num_requests < 2 * users else None
"""
"""Two reports by each module, with no wait between; all come at once, and the run ends with the last report."""
HEADLESS = ("--headless", "--only-summary", "--csv", "run")
Server = Callable[..., HttpServer]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "once.py").write_text(ONCE)
    return tmp_path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_master_and_two_workers_run_the_fleet_of_the_master(folder: Path, http_server: Server) -> None:
    """The workers are told no more than where the master is; what arrives is what is counted."""
    server, port = http_server(), str(free_port())
    mix = ("--mix", "GE865-QUAD=60,ME910C1-E1=40", "--network", "HSPA=20", "--seed", "3")
    file = ("-f", "once.py")
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(started(["--worker", *file, "--master-port", port], folder))
        master = ("--master", "--expect-workers", "2", "--master-bind-port", port, *file)
        said = run(*master, "--host", f"{server.address}/a", *mix, *HEADLESS, "-u", "10", folder=folder)

    stats = counted(folder)
    assert (20, 0) == stats["session report"], said
    assert [b"23.5 degrees\n"] * 20 == [request.body for request in server.requests]
    full, resumed = stats["handshake GE865-QUAD full"][0], stats["handshake GE865-QUAD resumed"][0]
    later = stats["handshake ME910C1-E1 full"][0]
    assert full == resumed and 5 <= full <= 7 and 20 == full + resumed + later, stats
    assert (20, 0) == stats["dial TCP"] == stats["transfer upload"] == stats["transfer download"]
    assert stats["AT AT#SSLD"][0] + stats["AT AT#SSLFASTD"][0] == 20


def test_a_fleet_with_faults_retries_and_says_why(folder: Path, http_server: Server) -> None:
    """Locust's exit code is 1 then; the reason is that of the module's trace."""
    server = http_server()

    run(
        *("--host", server.address, "-f", "once.py", "--fault", "100% connection-refused"),
        *(*HEADLESS, "-u", "4"),
        folder=folder,
        code=1,
    )

    stats = counted(folder)
    assert ((12, 4), (8, 4)) == (stats["dial TCP"], stats["session report"])
    assert (4, 0) == stats["session report, retry"]
    assert "nobody listens" in (folder / "run_failures.csv").read_text(encoding="utf-8")


def test_after_a_power_cut_all_come_back_at_once(folder: Path, http_server: Server) -> None:
    """With 0 the run begins there."""
    said = run("--host", http_server().address, "--power-cut", "0", "--headless", "-u", "7", "-t", "1s", folder=folder)

    assert "Shape test updating to 7 users at 7.00 spawn rate" in said


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--mix", "HE910=x"], "--mix HE910=x: 'x' is no share; give a number above 0"),
        (["--mix", "HE911=1"], "HE911"),
        (["--network", "LTE=1"], "--network LTE=1: there is no 'LTE'; it may be GPRS, EDGE, UMTS, HSPA"),
        (["--fault", "sim-busy"], "--fault 'sim-busy': no share or no fault; write PERCENT% FAULT"),
        (["--fault", "5% sim-bussy"], "there is no fault 'sim-bussy'"),
        (["--fault", "5% connection-reset bite=3"], "connection-reset: unknown key 'bite'"),
        (["--fault", "500% sim-busy"], "more than 100 percent"),
        (["--set", "network.signal=no"], "network.signal"),
        (["--route", "nowhere"], "route 'nowhere'"),
        (["-f", "gone.py"], "-f gone.py: there is no such file; name a locustfile"),
        (["--power-cut", "-1"], "--power-cut"),
        (["--headless"], "--host is missing: it is the server under test"),
        (["--headless", "--host", "http://a"], "--host http://a: no server that speaks TLS"),
        (["--headless", "--hots", "a"], "unrecognized arguments: --hots Did you mean '--host'?; see"),
    ],
)
def test_what_is_wrong_is_one_line(options: list[str], told: str, folder: Path) -> None:
    """Exit code 2, before anything runs."""
    said = run(*options, folder=folder, code=2)

    assert told in said, said
    assert 1 == len(re.findall("telit-emulator", said.partition("; see `")[0])) and "Traceback" not in said, said


def test_without_the_extra_one_line_says_what_brings_it(folder: Path) -> None:
    """Its name is that of the extra."""
    (folder / "locust.py").write_text("raise ModuleNotFoundError('no such package', name='locust')")

    done = subprocess.run(
        [*COMMAND, "--host", "a"],
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )

    assert 2 == done.returncode
    assert "telit-emulator: locust is not installed; pip install 'telit-emulator[fleet]' brings it\n" == done.stderr


def test_plain_locust_is_sent_to_the_command(folder: Path) -> None:
    """It replaces the sockets that the modems need."""
    done = subprocess.run(
        [sys.executable, "-m", "locust", "-f", "once.py", "--headless", "--host", "a"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )

    assert 0 != done.returncode and "start it by `telit-emulator fleet -f …`" in done.stderr


def test_the_page_of_locust_is_on_loopback_alone(folder: Path) -> None:
    """Unless `--web-host` says otherwise."""
    port = free_port()
    with started(["--host", "a", "--web-port", str(port)], folder) as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "web interface" in line)

    assert f"http://127.0.0.1:{port}" in said
