"""A finding that several firmwares show is told once."""

import json

from emulator.explore.findings.finding import Finding
from emulator.explore.findings.told_once import tell_once
from emulator.explore.reports import json_report, junit, table
from emulator.explore.trials.trial import Result
from emulator.explore.trials.verdict import Outcome
from emulator.trace.events import HostSent
from tests.explore.explored import exploration, report, result, step

FIRST, SECOND, THIRD = "HE910@12.00.004", "GE865-QUAD@10.00.007", "GE910-QUAD@13.00.003"


def _hang(firmware: str, command: str, runs: int) -> Finding:
    said = HostSent(terminal="1", mode="command", text=f"AT{command}", size=9)
    one = result(Outcome.HANG, step("answer in two pieces", command), events=[said])
    return Finding(1, firmware, Outcome.HANG, command, "It hangs.", one.trial.steps, one, runs)


def _healthy() -> Result:
    return result(Outcome.PASSED)


def test_what_an_earlier_firmware_has_shown_is_not_told_again() -> None:
    """The first one keeps it, with the names of the others, and all runs that have shown it."""
    found = {
        FIRST: [_hang(FIRST, "+CREG?", 2)],
        SECOND: [_hang(SECOND, "+CREG?", 3), _hang(SECOND, "+CSQ", 1)],
        THIRD: [_hang(THIRD, "+CSQ", 4), _hang(THIRD, "+CREG?", 5)],
    }

    told = tell_once(found, {firmware: _healthy() for firmware in found})

    assert [(10, (SECOND, THIRD))] == [(one.runs, one.also) for one in told[FIRST]]
    assert [("+CSQ", 5, (THIRD,))] == [(one.place, one.runs, one.also) for one in told[SECOND]]
    assert [] == told[THIRD]


def test_what_one_firmware_tells_apart_stays_apart() -> None:
    """Two findings of one firmware may look alike from outside; a third of another one is counted for the first."""
    one, other = _hang(FIRST, "+CREG?", 2), _hang(FIRST, "+CREG?", 3)

    told = tell_once(
        {FIRST: [one, other], SECOND: [_hang(SECOND, "+CREG?", 4)]}, dict.fromkeys((FIRST, SECOND), _healthy())
    )

    assert ([one, other], []) == (told[FIRST], told[SECOND])
    assert ((SECOND,), 6, ()) == (one.also, one.runs, other.also)


def test_reports_name_all_firmwares_of_a_finding() -> None:
    """On the terminal the number of them."""
    finding = _hang(FIRST, "+CREG?", 2)
    finding.also = (SECOND, THIRD)
    made = report(exploration(findings=[finding]), exploration())

    assert f"{FIRST} and 2 more" in table.render(made)
    assert f"hang at +CREG? ({FIRST}, {SECOND}, {THIRD})" in junit.render(made)
    (told,) = json.loads(json_report.render(made))["findings"]
    assert (FIRST, [SECOND, THIRD]) == (told["firmware"], told["also"])
