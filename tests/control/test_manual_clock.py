"""A module whose time stands still: `run --manual-clock`."""

from pathlib import Path

import pytest

from tests.cli.programs import failing, running
from tests.control.test_ctl import ctl


def test_time_passes_by_the_control_socket_alone(tmp_path: Path) -> None:
    """What is typed there is carried out all the same, at a port that nobody else has opened."""
    path = tmp_path / "modem.ctl"
    with running("HE910", "--control", str(path), "--manual-clock") as modem:
        assert ("0.0\n", "manual\n") == (ctl(path, "show", "time"), ctl(path, "show", "clock"))

        ctl(path, "advance", "90")

        assert "90.0\n" == ctl(path, "show", "time")
        ctl(path, "type", "AT+CSQ")
        modem.wait_for("module-sent")
        assert {90.0} == {event["time"] for event in modem.events if event["event"] == "host-sent"}


def test_a_manual_clock_has_no_speed() -> None:
    assert "telit-emulator: --manual-clock and --time-scale exclude each other; leave one out\n" == failing(
        "run", "--manual-clock", "--time-scale", "2"
    )


@pytest.mark.parametrize("processes", ["1", "2"])
def test_each_of_many_modules_has_a_clock_of_its_own(processes: str, tmp_path: Path) -> None:
    """Its control socket moves it, and no other one, whichever process has the module."""
    many = ("--count", "2", "--processes", processes, "--listen", "unix:{number}", "--control", "{number}.ctl")
    with running("HE910", *many, "--manual-clock", folder=tmp_path) as modems:
        modems.wait_for("ready", times=2)
        first, second = tmp_path / "1.ctl", tmp_path / "2.ctl"
        ctl(first, "advance", "90")
        assert ("90.0\n", "0.0\n") == (ctl(first, "show", "time"), ctl(second, "show", "time"))
        ctl(second, "advance", "30")
        assert ("90.0\n", "30.0\n") == (ctl(first, "show", "time"), ctl(second, "show", "time"))
