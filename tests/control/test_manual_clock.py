"""A module whose time stands still: `run --manual-clock`."""

from pathlib import Path

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
