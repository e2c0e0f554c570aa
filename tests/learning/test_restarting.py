"""A module is restarted only where its user wants that: how long it takes is measured, and it is put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator.api import VirtualModem
from emulator.dte.module_line import ModuleLine
from emulator.dte.snapshot import take
from emulator.firmware.loader import load_firmware
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.journal import Journal
from emulator.learning.observer import Observer
from emulator.learning.probe import PassedOver, Probe
from emulator.learning.reports.profile_text import as_profile
from emulator.learning.restarting import BOOT, RestartProbe
from emulator.learning.session import Learned, LearningSession

SCALE = 2
"""How many times as fast the module's time runs."""
HABITS = ("AT&D2", "AT+CMEE=2", 'AT+CSCS="UCS2"', "AT+CMGF=1", "ATS0=2", "AT#SSLEN=1,1", 'AT+CGDCONT=3,"IP","here"')
"""What is set and not stored."""


@contextmanager
def _module(*settings: str) -> Iterator[tuple[VirtualModem, ModuleLine]]:
    with (
        VirtualModem("HE910", settings=settings, time_scale=SCALE) as modem,
        ModuleLine(modem.port, time_scale=SCALE) as line,
    ):
        yield modem, line


def _restarted(*settings: str) -> list[float]:
    with _module(*settings) as (_, line):
        return [claim.value for claim in RestartProbe().run(Inquiry(line, load_firmware("HE910")))]


def _learned(line: ModuleLine, folder: Path, *last: Probe) -> Learned:
    session = LearningSession(line, None, Journal(folder / "journal"), Observer(), last)
    session.run()
    session.learned.segments = list(Journal(folder / "journal").read()[1])
    session.verify()
    return session.learned


def test_the_time_of_a_start_is_measured() -> None:
    """From the OK of the restart until AT is answered; a busy machine may answer late, and never early."""
    (seconds,) = _restarted("power.boot=1.0")

    assert 1.0 <= seconds < 3.5
    assert seconds == round(seconds, 1)


def test_a_start_as_long_as_the_base_says_is_no_claim() -> None:
    """A difference within the precision of the measurement is none; a busy machine may be later than that."""
    assert all(seconds > 4.4 for seconds in _restarted())


def test_a_start_that_is_too_short_is_no_claim() -> None:
    """It is over before it can be measured, unless a busy machine answers late."""
    assert all(seconds >= 0.5 for seconds in _restarted("power.boot=0.1"))


def test_a_module_whose_card_would_ask_for_its_pin_is_not_restarted() -> None:
    """Nobody but the user enters it."""
    with _module('sim.pin="1234"') as (_, line):
        assert line.ask("AT+CPIN=1234").is_ok
        with pytest.raises(PassedOver, match="its PIN"):
            list(RestartProbe().run(Inquiry(line, load_firmware("HE910"))))
        assert line.ask("AT+CPIN?").value("+CPIN") == "READY"


def test_what_a_restart_loses_is_put_back_and_the_measured_value_is_written(tmp_path: Path) -> None:
    """With its grade, and the word that it is measured."""
    with _module("power.boot=1.0") as (_, line):
        for command in HABITS:
            assert line.ask(command).is_ok, command
        before = take(line, load_firmware("HE910"))
        learned = _learned(line, tmp_path, RestartProbe())
        after = take(line, load_firmware("HE910"))

    assert learned.passed_over == learned.left == []
    assert before.differences(after) == []
    assert learned.draft is not None
    assert [*learned.draft.values] == [BOOT]
    text = as_profile(learned, "2026-01-01")
    assert "power.boot" not in text
    (line_of_boot,) = [line for line in text.splitlines() if line.startswith("boot = ")]
    assert "[hw: HE910, 12.00.004, 2026-01-01] measured: AT#REBOOT" in line_of_boot


def test_nothing_is_restarted_unasked(tmp_path: Path) -> None:
    """The module runs all the time."""
    with _module("power.boot=1.0") as (modem, line):
        stops: list[str] = []
        modem.call(lambda modem: modem.device.power.on_stop.append(lambda: stops.append("stop")))
        learned = _learned(line, tmp_path)

    assert learned.draft is not None
    assert learned.draft.values == {}
    assert stops == []
