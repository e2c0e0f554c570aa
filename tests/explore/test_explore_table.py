"""What `telit-emulator explore` prints: as wide as the terminal, in colours only where they are wanted."""

from pathlib import Path

from emulator.explore.findings.finding import Finding
from emulator.explore.reports import junit, table
from emulator.explore.reports.model import Report
from emulator.explore.reports.survey import Fate
from emulator.explore.schedule.tried import State, Tried
from emulator.explore.steps.step import Nature
from emulator.explore.trials.verdict import Outcome
from tests.explore.explored import FIRMWARE, exploration, guilty, report, result, step, survived

SENTENCE = "At AT+CREG? the answer came in two pieces. The host never ended. A robust host reads until OK."
PIECES = step("answer in two pieces", "+CREG?")


def _report(*others: Tried) -> Report:
    hang = result(Outcome.HANG, PIECES)
    found = Finding(1, FIRMWARE, Outcome.HANG, "+CREG?", SENTENCE, (PIECES,), hang, 12, Path("out/001.toml"), (5, 5))
    return report(exploration(guilty(PIECES, Outcome.HANG), *others, findings=[found]))


def test_sentences_go_on_below_themselves() -> None:
    """As wide as the terminal is, and readable on a narrow one; where nobody looks, a sentence is a line."""
    plain, narrow, tiny = (table.render(_report(), width).splitlines() for width in (None, 60, 10))

    assert SENTENCE == plain[2].strip() and "out/001.toml" == plain[3].strip()
    below = narrow[2 : narrow.index("     out/001.toml")]
    assert SENTENCE == " ".join(line.strip() for line in below)
    assert len(below) > 1 and all(line.startswith("     ") and len(line) <= 60 for line in below)
    assert max(len(line) for line in tiny) > 30


def test_a_finding_has_number_outcome_runs_and_place() -> None:
    """In columns below their titles."""
    title, row, *_ = table.render(_report()).splitlines()

    assert ["No.", "Outcome", "Runs", "Shown", "Place"] == title.split()
    assert ["1", "hang", "12", "5/5", "+CREG?"] == row.split()


def test_outcomes_have_the_look_that_is_asked_for() -> None:
    """And nothing else has; without one there is none."""
    looks = []

    def look(text: str, fate: Fate) -> str:
        looks.append(fate)
        return f"<{text}>"

    coloured = table.render(_report(), None, look)

    assert coloured.replace("<hang>", "hang") == table.render(_report())
    assert [Fate.HANG] == looks
    assert table.render(report(exploration(survived(PIECES))), None, look).startswith("<Nothing found.>")


def test_kinds_are_counted_by_what_came_of_their_steps() -> None:
    """A column that counts nothing is left out."""
    drop = step("connection lost", "#SD", nature=Nature.FAULT)
    others = [survived(drop, Outcome.FAILED), Tried(step("URC", "#SD"), State.NOT_REACHED, result(Outcome.PASSED))]

    lines = table.render(_report(*others)).splitlines()

    head = next(number for number, line in enumerate(lines) if line.startswith("Steps on"))
    assert f"Steps on {FIRMWARE} Nature All Failed honestly Found Not reached" == " ".join(lines[head].split())
    assert [
        "answer in two pieces variation 1 - 1 -",
        "URC variation 1 - - 1",
        "connection lost fault 1 1 - -",
    ] == [" ".join(line.split()) for line in lines[head + 1 : head + 4]]


def test_the_rest_says_how_to_go_on() -> None:
    """What was left out with its remedy, how to see a finding again, and how to explore again, with the seed."""
    told = table.render(_report(Tried(step("URC", "#SD"))))

    assert "to try the rest, give more --budget or --minutes" in told
    assert f"matrix --firmware {FIRMWARE} --scenario out/001.toml --timeout 10 --lab -- ./host {{port}}" in told
    assert f"telit-emulator explore --lab --firmware {FIRMWARE} --seed 7 -- ./host {{port}}" in told


def test_several_firmwares_are_told_apart() -> None:
    """Each finding has its own, and each has its table of kinds."""
    one, other = _report().explorations[0], exploration(survived(PIECES))
    other.firmware = "GE865-QUAD@10.00.007"
    both = report(one, other)

    told = table.render(both)

    assert ["1", "hang", FIRMWARE, "12"] == told.splitlines()[1].split()[:4]
    assert "Steps on GE865-QUAD@10.00.007" in told
    assert f"--firmware {FIRMWARE},GE865-QUAD@10.00.007" in told


def test_many_firmwares_have_one_table_of_kinds() -> None:
    """Its numbers are the sums over all of them."""
    explored = [exploration(survived(PIECES)) for _ in range(4)]

    lines = table.render(report(*explored)).splitlines()

    (head,) = [number for number, line in enumerate(lines) if line.startswith("Steps on")]
    assert "Steps on 4 firmwares Nature All Passed" == " ".join(lines[head].split())
    assert ["4", "4"] == lines[head + 1].split()[-2:]


def test_an_exploration_that_was_broken_off_says_so() -> None:
    """In words that JUnit has, too: what was found up to then is all that is known."""
    made = exploration(survived(PIECES))
    made.is_broken_off = True

    for text in (table.render(report(made)), junit.render(report(made))):
        assert "nothing found in 2 runs, broken off" in text
