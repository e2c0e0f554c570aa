"""Weak hosts with one mistake each, in C and in Python, and the robust ones that they differ from."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.explore.exploration import Exploration, Limits, explore
from emulator.explore.far_end.expectation import ExpectedUpload
from emulator.explore.steps.selection import select
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.verdict import Outcome
from emulator.lab.lab import Lab
from emulator.options import ModemOptions
from tests.explore import weak_hosts as hosts

pytestmark = pytest.mark.no_cover  # many runs of many processes; the other tests of explore measure it

SCALE = 20
"""Seconds of the module, and of the hosts, that pass in one."""
AT_ONCE = "0"
"""Seconds for which a host begins again after trouble."""
AGAIN, SOON = "60", "20"
"""For as long as a host has to; for less, where what happens is over at once."""
TELLING = 60
"""Runs: as many as fit into a test; steps that are cheap and telling come first."""
FIRMWARES = ("HE910", "GE865-QUAD", "ME910C1")
ROBUST = ["c robust", "python report", "python online"]
WEAK = [f"{language} {name}" for language in ("c", "python") for name in hosts.weak_hosts(language)]

Command = Callable[[str], Sequence[str]]


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Return the command of a host, as in `python online`; one in C is compiled."""
    folder = tmp_path_factory.mktemp("hosts")

    def make(host: str) -> Sequence[str]:
        language, name = host.split()
        if language == "python":
            return hosts.python_host(name)
        if shutil.which("cc") is None:
            pytest.skip("hosts in C are built with cc")
        return hosts.build_c_host(name, folder)

    return make


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(SCALE) as lab:
        yield lab


@pytest.mark.parametrize("firmware", FIRMWARES)
@pytest.mark.parametrize("host", ROBUST)
def test_a_robust_host_brings_its_report(host: str, firmware: str, command: Command, lab: Lab) -> None:
    """With each kind of firmware."""
    lab.forget()
    with VirtualModem(firmware, routes=lab.routes, time_scale=SCALE) as modem:
        run = modem.run([*command(host), "{port}", AT_ONCE])

    assert (run.exit_code, run.errors) == (0, "")
    assert [hosts.TEXT] == lab.record.requests


@pytest.mark.parametrize("host", WEAK)
def test_on_a_good_day_a_weak_host_brings_its_report_too(host: str, command: Command, lab: Lab) -> None:
    lab.forget()
    with VirtualModem("HE910", routes=lab.routes, time_scale=SCALE) as modem:
        run = modem.run([*command(host), "{port}", AT_ONCE])

    assert (run.exit_code, run.errors) == (0, "")
    assert [hosts.TEXT] == lab.record.requests


@dataclass(frozen=True)
class Weakness:
    """What exploring a weak host must find."""

    host: str
    kinds: Sequence[str]
    """Those that show it; all others only take time."""
    outcome: Outcome
    place: str
    """Of one of the findings."""
    persistence: str = AT_ONCE
    budget: int | None = None

    @property
    def patience(self) -> float:
        """Return how long a fault may last that the host has to bear: one that gives up at once bears none."""
        return 0.0 if self.persistence == AT_ONCE else 30.0


CRASH, HANG, LOST, TWICE, NEEDLESS = (
    Outcome.CRASH,
    Outcome.HANG,
    Outcome.LOST_DATA,
    Outcome.DUPLICATE_DATA,
    Outcome.NEEDLESS_FAILURE,
)
WEAKNESSES = [
    *[Weakness(f"{language} blocking_read", ["reboot"], HANG, "ATE", budget=12) for language in ("c", "python")],
    Weakness("python one_piece", ["pause-between-two-lines"], NEEDLESS, "+CREG?"),
    *[
        Weakness(f"{language} ok_in_data", ["answer-byte-by-byte"], NEEDLESS, "#SSLRECV")
        for language in ("c", "python")
    ],
    Weakness("python urc_for_answer", ["urc-before-an-answer"], NEEDLESS, "ATE"),
    Weakness("c strchr_unchecked", ["urc-before-an-answer"], CRASH, "+CREG?"),
    Weakness("python split_unchecked", ["urc-before-an-answer"], CRASH, "+CREG?"),
    Weakness("c fixed_buffer", ["operator-with-another-name"], CRASH, "+COPS?"),
    Weakness("python impatient", ["registration-takes-its-time"], NEEDLESS, "+CREG?"),
    Weakness("python guard_ignored", ["data-in-other-portions"], NEEDLESS, "#SD"),
    Weakness("c already_activated", ["dial-refused"], NEEDLESS, "#SGACT", SOON),
    Weakness("c cme_ignored", ["activation-refused-once"], HANG, "#SGACT", AGAIN),
    Weakness("c early_success", ["connection-reset"], LOST, "#SSLD", AGAIN),
    Weakness("python retry_without_close", ["port-vanished"], NEEDLESS, "#SSLD", SOON),
    Weakness("python sends_again", ["reboot"], TWICE, "#SSLRECV", AGAIN, 24),
    Weakness("python state_lost", ["reboot"], NEEDLESS, "#SSLS", AGAIN, 30),
]


def setting_of(words: Sequence[str], patience: float) -> Setting:
    expected = ExpectedUpload("the report", hosts.TEXT)
    options = ModemOptions(time_scale=SCALE)
    return Setting([*words], options, lab=True, patience=patience, expectations=[expected])


def explored(weakness: Weakness, command: Command) -> Exploration:
    setting = setting_of([*command(weakness.host), "{port}", weakness.persistence], weakness.patience)
    return explore(setting, "HE910", limits=Limits(budget=weakness.budget, timeout=5, kinds=select(weakness.kinds)))


@pytest.mark.parametrize("weakness", WEAKNESSES, ids=lambda weakness: weakness.host)
def test_a_weak_host_is_found(weakness: Weakness, command: Command) -> None:
    """With its outcome, at its place, and each time that the reduced scenario is run."""
    found = [one for one in explored(weakness, command).findings if one.outcome is weakness.outcome]

    assert any(weakness.place in one.place.strip(")").split() and one.is_steady for one in found), found


@pytest.mark.parametrize(
    ("host", "kinds", "name"),
    [
        ("c strchr_unchecked", "urc-before-an-answer", "001-crash-after-CREG.toml"),
        ("python ok_in_data", "answer-byte-by-byte", "001-needless-failure-after-SSLRECV.toml"),
    ],
)
def test_its_scenario_shows_it_each_time(host: str, kinds: str, name: str, command: Command, tmp_path: Path) -> None:
    """What the command line has written, with the program that replays it."""
    emulator = [sys.executable, "-m", "emulator"]
    rest = ["--lab", "--time-scale", str(SCALE), "--", *command(host), "{port}", AT_ONCE]
    found = subprocess.run(
        [*emulator, "explore", "--patience", "0", "--kinds", kinds, "--out", str(tmp_path), *rest], capture_output=True
    )
    assert found.returncode == 1, found

    replays = [
        subprocess.run([*emulator, "matrix", "--scenario", str(tmp_path / name), *rest], capture_output=True)
        for _ in range(5)
    ]

    assert [1] * 5 == [replay.returncode for replay in replays], replays


@pytest.mark.parametrize("host", ROBUST)
def test_a_robust_host_has_no_finding(host: str, command: Command) -> None:
    """Of what is tried first; one that begins again bears every fault that is over in time."""
    setting = setting_of([*command(host), "{port}", AGAIN], patience=30)

    exploration = explore(setting, "HE910", limits=Limits(budget=TELLING))

    assert [] == exploration.findings
