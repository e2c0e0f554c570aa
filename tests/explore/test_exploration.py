"""An exploration as a whole, with real hosts: the healthy run, what is found, the order, budget and time."""

from pathlib import Path

import pytest

from emulator.errors import UserError
from emulator.explore.exploration import Exploration, Limits, explore, explore_all
from emulator.explore.schedule.tried import State
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.verdict import Outcome
from emulator.options import ModemOptions
from tests.explore.hosts import host

PIECES = Limits(kinds={"answer in two pieces"}, timeout=20)
FAST = ModemOptions(time_scale=20)


def explored(folder: Path, text: str, limits: Limits = PIECES, *, jobs: int = 1, seed: int = 0) -> Exploration:
    setting = Setting(host(folder, text), FAST)
    return explore(setting, "HE910", jobs=jobs, seed=seed, limits=limits)


def order(exploration: Exploration) -> list[list[tuple[str, str]]]:
    return [[(step.command, step.detail) for step in result.trial.steps] for result in exploration.results]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sys.exit('the modem is too old')", "the healthy run has failed, exit code 1, 'the modem is too old'"),
        ("os.abort()", "the healthy run has been ended by SIGABRT"),
        ("1 / 0", "the healthy run has failed, exit code 1, 'ZeroDivisionError: division by zero'"),
    ],
    ids=["honest", "signal", "exception"],
)
def test_a_host_that_fails_by_itself_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    """With what it has said last, and nothing else is run."""
    with pytest.raises(UserError) as raised:
        explored(tmp_path, text)

    assert f"{told}; explore a host that passes without a fault" == str(raised.value)


def test_a_host_that_never_ends_is_told_in_one_line(tmp_path: Path) -> None:
    """By the limit of the user."""
    with pytest.raises(UserError) as raised:
        explored(tmp_path, "while True: time.sleep(0.01)", Limits(timeout=1))

    told = "the healthy run has not ended within 1 s; explore a host that passes without a fault"
    assert told == str(raised.value)


def test_a_host_that_is_not_there_is_told_in_one_line() -> None:
    """As everywhere else."""
    with pytest.raises(UserError) as raised:
        explore(Setting(["/nowhere/host"]), "HE910")

    assert "host program '/nowhere/host': No such file or directory; name one that can be run" == str(raised.value)


def test_one_weak_place_among_many_is_found_alone(tmp_path: Path) -> None:
    """All answers come in two pieces at once in one run; the one that breaks the host is told from the others."""
    commands = "\n".join(f'answer("{command}")' for command in ("AT+CGMM", "AT+CSQ", "AT+CGMI", "AT+CIMI"))
    weak = explored(tmp_path, f'{commands}\nat_once("AT+CGMR")\nanswer("AT+CGSN")')

    assert {"+CGMR"} == {finding.result.trial.steps[0].command for finding in weak.findings}
    assert {1} == {len(result.trial.steps) for result in weak.failures}
    assert {Outcome.NEEDLESS_FAILURE} == {result.outcome for result in weak.failures}
    steps = len(weak.tried)
    assert len(weak.results) < steps / 3, "steps go together"
    assert {State.SURVIVED, State.GUILTY, State.PUT_OFF} == {one.state for one in weak.tried}


def test_two_weak_places_in_one_run_are_both_found(tmp_path: Path) -> None:
    """The first of them hides the other one in the first run."""
    weak = explored(tmp_path, 'at_once("AT+CGMM")\nanswer("AT+CSQ")\nat_once("AT+CGMR")')

    assert {"+CGMM", "+CGMR"} == {finding.result.trial.steps[0].command for finding in weak.findings}


def test_what_breaks_the_host_only_together_is_a_finding_of_both(tmp_path: Path) -> None:
    """A host that bears one answer in pieces, but no second one."""
    slow = """
pieces = [answer(command) for command in ("AT+CGMM", "AT+CGMI", "AT+CGMR", "AT+CIMI")]
if sum(one > 1 for one in pieces) > 1:
    sys.exit("too late")
"""
    weak = explored(tmp_path, slow, Limits(kinds=PIECES.kinds, timeout=20, budget=16))

    assert {2} == {len(result.trial.steps) for result in weak.failures}
    assert State.GUILTY not in {one.state for one in weak.tried}


def test_the_same_seed_gives_the_same_runs_with_any_number_of_jobs(tmp_path: Path) -> None:
    """And another seed gives another order; a budget cuts both at the same place."""
    text = 'at_once("AT+CGMM")\nanswer("AT+CSQ")\nat_once("AT+CGMR")'
    limits = Limits(kinds=PIECES.kinds, timeout=20, budget=16)

    one, three, other = (
        explored(tmp_path, text, limits, jobs=jobs, seed=seed) for jobs, seed in [(1, 7), (3, 7), (1, 8)]
    )

    def tried(exploration: Exploration) -> list[State]:
        return [step.state for step in exploration.tried]

    assert tried(one) == tried(three)
    assert sorted(order(one)) == sorted(order(three))
    assert order(one) != order(other)


def test_the_budget_is_kept(tmp_path: Path) -> None:
    """The healthy runs and the taking apart are part of it."""
    weak = explored(tmp_path, 'at_once("AT+CGMM")\nat_once("AT+CGMR")', Limits(budget=7, timeout=20))

    assert weak.runs <= 7
    assert any("steps: not tried" in note for note in weak.notes)


def test_pairs_follow_within_the_budget_and_differ(tmp_path: Path) -> None:
    """Once all single steps were survived."""
    robust = explored(tmp_path, 'answer("AT+CSQ")', Limits(kinds=PIECES.kinds, budget=40, timeout=20))

    runs = order(robust)
    seen = {step: number for number, run in reversed([*enumerate(runs)]) for step in run}
    pairs = runs[max(seen.values()) + 1 :]  # after the last step that was new
    assert {State.SURVIVED} == {one.state for one in robust.tried}
    assert not robust.findings
    assert len(pairs) > 10
    assert all(len(pair) == 2 and pair[0][0] != pair[1][0] for pair in pairs)
    assert len(pairs) == len({tuple(pair) for pair in pairs})


def test_several_firmwares_share_the_budget(tmp_path: Path) -> None:
    """Each has its own healthy run."""
    setting = Setting(host(tmp_path, 'answer("AT+CSQ")'), FAST)
    both = explore_all(setting, ["HE910", "GE865-QUAD"], limits=Limits(budget=12, timeout=20))

    assert ["HE910", "GE865-QUAD"] == [one.firmware for one in both]
    assert sum(one.runs for one in both) <= 12
    assert all(one.results for one in both)
