"""Hosts that wait for ever are told from hosts that wait for something."""

import math
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.pool import Pool
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result, Trial
from emulator.explore.trials.verdict import Outcome
from emulator.options import ModemOptions

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process waits for, on Linux alone")
LIMIT = 6.0

Waits = Callable[..., Result]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the host in C."""
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler")
    path = tmp_path_factory.mktemp("waiting") / "waiting_host"
    source = Path(__file__).with_name("waiting_host.c")
    subprocess.run(["cc", "-D_DEFAULT_SOURCE", "-w", "-pthread", "-o", path, source], check=True)
    return path


@pytest.fixture(scope="module")
def quiet_program(program: Path) -> Path:
    """Compile it without what calls for alarms: only then nothing is left that could wake it."""
    path = program.with_name("quiet_host")
    source = program.with_name("quiet_host.c")
    text = Path(__file__).with_name("waiting_host.c").read_text()
    source.write_text(text.replace("alarm(2);", ""))
    subprocess.run(["cc", "-D_DEFAULT_SOURCE", "-w", "-pthread", "-o", path, source], check=True)
    return path


def run(command: list[str], *steps: Step, lab: bool = False) -> Result:
    """Run a host once; it should wait less than its limit."""
    with Pool(Setting(command, ModemOptions(), lab=lab), 1) as pool:
        (result,) = pool.run([Trial(1, "HE910", steps, LIMIT)])
    return result


@pytest.fixture(scope="module")
def waits(quiet_program: Path) -> Iterator[Waits]:
    """Run the host in C in one of its ways, all of them with one worker."""
    way = quiet_program.with_name("way")
    setting = Setting([str(quiet_program), "{port}", str(way)], ModemOptions(), lab=True)
    with Pool(setting, 1) as pool:

        def run_it(name: str, number: int = 0, *steps: Step, silence: float = math.inf) -> Result:
            way.write_text(f"{name} {number}")
            (result,) = pool.run([Trial(1, "HE910", steps, LIMIT, silence=silence)])
            return result

        yield run_it


@pytest.mark.parametrize("way", ["read", "poll", "select", "epoll", "thread", "child"])
def test_a_host_that_waits_for_ever_is_stuck(waits: Waits, way: str) -> None:
    """In one thread or several, in one process or several; long before its limit."""
    result = waits(way)

    assert (Outcome.HANG, True) == (result.outcome, result.is_stuck)


@pytest.mark.parametrize("way", ["timed-read", "timed-poll", "sleep", "timer", "working-child", "daemon"])
def test_a_host_that_goes_on_by_itself_is_not_stuck(waits: Waits, way: str) -> None:
    """After a timeout, a timer, or what a child has to say, even one that has left its parents."""
    result = waits(way)

    assert (Outcome.PASSED, False) == (result.outcome, result.is_stuck)


def test_a_host_that_an_alarm_wakes_is_not_stuck(program: Path, tmp_path: Path) -> None:
    """Whether one is due cannot be seen, so every program that calls for alarms may have one."""
    way = tmp_path / "way"
    way.write_text("woken")
    result = run([str(program), "{port}", str(way)])

    assert (Outcome.PASSED, False) == (result.outcome, result.is_stuck)


def test_a_host_that_waits_for_a_urc_is_not_stuck(waits: Waits) -> None:
    """The module will say it, though it is silent for a while."""
    fault = {"fault": "unsolicited-line", "time": 2, "text": "RING"}
    step = Step("RING", Nature.VARIATION, "", 1, (fault,), "a test")
    result = waits("read", 0, step)

    assert (Outcome.PASSED, False) == (result.outcome, result.is_stuck)


@pytest.mark.parametrize("way", ["network", "server", "ring"])
def test_a_host_that_waits_for_a_server_is_not_stuck(waits: Waits, way: str) -> None:
    """By a connection of its own or one of the module: nobody knows when a server answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(LIMIT)

        def answer() -> None:
            peer, _ = listener.accept()
            with peer:
                time.sleep(1.5)
                peer.sendall(b"x")

        thread = threading.Thread(target=answer)
        thread.start()
        result = waits(way, listener.getsockname()[1])
        thread.join()

    assert (Outcome.PASSED, False) == (result.outcome, result.is_stuck)


def test_a_host_that_waits_for_a_silent_server_is_stuck_after_a_while(waits: Waits) -> None:
    """Neither host nor module has a timeout, and the server had the time that a host may be asked to wait."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        result = waits("ring", listener.getsockname()[1], silence=1.0)

    assert (Outcome.HANG, True) == (result.outcome, result.is_stuck)


def test_a_host_that_waits_for_a_call_from_outside_is_not_stuck(waits: Waits) -> None:
    """The module listens, and nobody knows when somebody calls."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def call() -> None:
        for _ in range(100):
            time.sleep(0.05)
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except OSError:
                continue
            break

    thread = threading.Timer(2, call)
    thread.start()
    result = waits("listen", port)
    thread.join()

    assert (Outcome.PASSED, False) == (result.outcome, result.is_stuck)


_SERIAL = """
import serial, sys, threading
port = serial.Serial(sys.argv[1], timeout=None)
"""


@pytest.mark.parametrize(
    ("text", "faketime"),
    [
        ("port.read(1)", False),
        ("port.read(1)", True),
        ("threading.Thread(target=port.read).start(); threading.Event().wait()", False),
    ],
    ids=["read", "read in fake time", "thread and event"],
)
def test_a_host_in_python_that_waits_for_ever_is_stuck(tmp_path: Path, text: str, faketime: bool) -> None:
    """With pyserial, whose reads wait in select()."""
    if faketime and shutil.which("faketime") is None:
        pytest.skip("faketime is not installed")
    script = tmp_path / "host.py"
    script.write_text(_SERIAL + text)
    result = run([*(["faketime", "-f", "+0 x5"] if faketime else []), sys.executable, str(script), "{port}"])

    assert (Outcome.HANG, True) == (result.outcome, result.is_stuck)


def test_a_host_in_python_with_an_alarm_is_not_stuck(tmp_path: Path) -> None:
    """Its script says that it may be woken."""
    script = tmp_path / "host.py"
    script.write_text(
        f"{_SERIAL}import os, signal\nsignal.alarm(2)\nsignal.signal(14, lambda *_: os._exit(0))\nport.read(1)"
    )
    result = run([sys.executable, str(script), "{port}"])

    assert (Outcome.PASSED, False) == (result.outcome, result.is_stuck)
