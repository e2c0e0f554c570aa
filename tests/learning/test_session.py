"""A session that is broken off is gone on with, and the module is as it was found, whenever it ends."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulator.api import VirtualModem
from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ANSWER, ModuleLine
from emulator.dte.snapshot import Snapshot, take
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.learning.journal import Journal
from emulator.learning.observer import Observer
from emulator.learning.reports.profile_text import as_profile
from emulator.learning.session import Learned, LearningSession

FIRMWARE = "HE910"
SETTINGS = ("ftp.timeout.range=[50,4000]",)
HABITS = ("ATE0", "AT&D2", "AT+CMEE=2", 'AT+CSCS="UCS2"', "AT+CMGF=1", "ATS0=2", 'AT+CGDCONT=3,"IP","here"', "AT&W")
"""What an earlier host may have left."""
BREAKS = (3, 40, 200, 420)
"""Exchanges of the session after which something happens: while it looks, at the first probes, later."""


class Nth:
    """Let something happen at the n-th exchange of a line, once."""

    def __init__(self, line: ModuleLine, number: int, happens: Callable[[], None]) -> None:
        self._ask, self._left, self._happens = line.ask, number, happens
        line.ask = self.ask  # type: ignore[method-assign]

    def ask(self, command: str, within: float = ANSWER) -> Exchange:
        """Count, and let it happen before the module is asked."""
        self._left -= 1
        if self._left == 0:
            self._happens()
        return self._ask(command, within)


@pytest.fixture
def modem() -> Iterator[VirtualModem]:
    """A module that a host has used."""
    with VirtualModem(FIRMWARE, settings=SETTINGS, time_scale=20) as modem:
        with ModuleLine(modem.port) as line:
            for command in HABITS:
                assert line.ask(command).is_ok, command
        yield modem


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Where nothing has been kept yet."""
    return Journal(tmp_path / "learned.toml.part")


def _state(modem: VirtualModem) -> Snapshot:
    with ModuleLine(modem.port) as line:
        return take(line, load_firmware(FIRMWARE))


def _learned(modem: VirtualModem, journal: Journal, base: str | None = None) -> Learned:
    with ModuleLine(modem.port, time_scale=20) as line:
        session = LearningSession(line, base, journal, Observer())
        session.run()
    session.verify()
    return session.learned


def _broken_off(modem: VirtualModem, journal: Journal, after: int, error: BaseException) -> None:
    def happens() -> None:
        raise error

    with pytest.raises(type(error)), ModuleLine(modem.port, time_scale=20) as line:
        Nth(line, after, happens)
        LearningSession(line, None, journal, Observer()).run()


def test_what_a_module_is_asked_leaves_it_as_it_was(modem: VirtualModem, journal: Journal) -> None:
    """Settings, stored ones, contexts: all reads show the same before and after."""
    before = _state(modem)

    learned = _learned(modem, journal)

    assert learned.left == []
    assert before.differences(_state(modem)) == []


@pytest.mark.parametrize("after", BREAKS)
def test_ctrl_c_at_any_time_leaves_the_module_as_it_was_and_is_gone_on_from(
    modem: VirtualModem, journal: Journal, after: int
) -> None:
    """The second run asks only what is left, and finds the same."""
    before = _state(modem)

    _broken_off(modem, journal, after, KeyboardInterrupt())
    kept = len(journal.read()[1])
    assert before.differences(_state(modem)) == []
    learned = _learned(modem, journal)

    assert len(learned.segments) == learned.count > kept
    assert len({segment.probe for segment in learned.segments}) == learned.count
    assert learned.draft is not None
    assert learned.draft.values[("ftp", "timeout", "range")] == [50, 4000]
    assert before.differences(_state(modem)) == []


def test_a_module_that_was_left_in_the_middle_is_put_back_by_the_next_session(
    modem: VirtualModem, journal: Journal
) -> None:
    """As after a power failure of the host: the journal knows how the module was found."""
    before = _state(modem)
    with ModuleLine(modem.port, time_scale=20) as line:
        session = LearningSession(line, None, journal, Observer())
        session._found()
        for command in ("AT&F1", "ATE0", "AT+CMEE=1"):
            line.ask(command)

    learned = _learned(modem, journal)

    assert learned.left == []
    assert before.differences(_state(modem)) == []


def test_the_journal_of_another_module_is_refused(modem: VirtualModem, journal: Journal) -> None:
    """Two modules of one model are told apart by their numbers, which the journal does not tell."""
    _broken_off(modem, journal, 300, KeyboardInterrupt())

    with (
        VirtualModem(FIRMWARE, settings=['identity.imei="490154203237518"']) as other,
        pytest.raises(UserError, match=r"another module \(HE910 12\.00\.004\); remove it"),
    ):
        _learned(other, journal)


def test_a_session_goes_on_from_the_same_base_only(modem: VirtualModem, journal: Journal) -> None:
    """What was learned from one base says nothing of another."""
    _broken_off(modem, journal, 300, KeyboardInterrupt())

    with pytest.raises(UserError, match=r"a session from HE910@12\.00\.004"):
        _learned(modem, journal, "GE865-QUAD")


def test_a_half_written_line_of_the_journal_is_asked_again(modem: VirtualModem, journal: Journal) -> None:
    """The host may have died while it wrote."""
    _broken_off(modem, journal, 420, KeyboardInterrupt())
    whole = journal.read()[1]
    journal.path.write_bytes(journal.path.read_bytes()[:-5])

    assert [one.probe for one in journal.read()[1]] == [one.probe for one in whole[:-1]]

    journal.add(whole[-1])
    assert [one.probe for one in journal.read()[1]] == [one.probe for one in whole]


def test_a_file_that_is_no_journal_is_refused(journal: Journal) -> None:
    """In one line that says what to do."""
    journal.path.write_text("hello\n")

    with pytest.raises(UserError, match="no journal of `learn`; remove it"):
        journal.read()


def test_numbers_of_module_and_card_reach_no_file(modem: VirtualModem, journal: Journal) -> None:
    """Neither the journal, which only its owner may read, nor the profile."""
    learned = _learned(modem, journal)
    identity = load_firmware(FIRMWARE).profile.identity

    text = journal.path.read_text() + as_profile(learned, "2026-01-01")

    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert not [number for number in (identity.imei, identity.imsi, identity.iccid) if number in text]


@pytest.mark.parametrize("state", ["sim.present=false", 'sim.pin="1234"', "network.registration=2"])
def test_a_module_without_card_or_network_is_learned(journal: Journal, state: str) -> None:
    """What it refuses then is no claim, and what it says is the same on an emulated module in this state."""
    with VirtualModem(FIRMWARE, settings=[*SETTINGS, state], time_scale=20) as modem:
        learned = _learned(modem, journal)

    assert learned.draft is not None
    assert learned.draft.values == {("ftp", "timeout", "range"): [50, 4000]}
