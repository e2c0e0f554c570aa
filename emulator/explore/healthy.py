"""The healthy runs: the host program as it is, before anything happens to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from emulator.errors import UserError
from emulator.explore.trials.runs import Runs
from emulator.explore.trials.trial import Result
from emulator.explore.trials.verdict import Outcome
from emulator.faults.census import Passed
from emulator.faults.fault import Place
from emulator.host_program import PORT_VARIABLE
from emulator.trace.printable import printable

HEALTHY_RUNS = 2
"""How often the host is run as it is, for each firmware."""


@dataclass(frozen=True)
class Healthy:
    """What two healthy runs have told."""

    result: Result
    """Of the first one; it has the census."""
    seconds: float
    """Of the slower one."""
    notes: tuple[str, ...] = ()
    """How the two differ."""


def healthy_runs(runs: Runs, command: Sequence[str]) -> Healthy:
    """Run the host program twice as it is.

    Raises:
        UserError: it is not found, it fails, it does not use the port, or the far end does not have what it should.
    """
    trials = [runs.trial((), takes_census=True) for _ in range(HEALTHY_RUNS)]
    results: list[Result] = []
    while trials or runs.is_busy:
        while trials and runs.is_free:
            runs.start(trials.pop(0))
        result = runs.next_result()
        if result is None:
            raise UserError("the time was over before the healthy run was; give more --minutes")
        if result.outcome is not Outcome.PASSED:
            raise UserError(f"{_refusal(result, again=bool(results))}{_about_port(command)}")
        results.append(result)
    results.sort(key=lambda result: result.trial.number)
    if not any(passed.place is Place.COMMAND for passed in _passed(results[0])):
        remedy = _about_port(command) or "; see whether it opens the port"
        raise UserError(f"the healthy run has said nothing to the module{remedy}")
    return Healthy(results[0], max(result.ending.seconds for result in results), tuple(_differences(results)))


def _refusal(result: Result, *, again: bool) -> str:
    which = "the second healthy run" if again else "the healthy run"
    if result.ending.exit_code == 0 and result.check is not None:
        said = f": {printable(result.check.first_line)}" if result.check.first_line else ""
        return f"{which} has passed, but its check has not{said}; mend one of them before exploring"
    lines = [line.strip() for line in (result.ending.errors or result.ending.output).splitlines() if line.strip()]
    said = f", {printable(lines[-1][-300:])!r}" if lines else ""
    return f"{which} {_how(result)}{said}; explore a host that passes without a fault"


def _about_port(command: Sequence[str]) -> str:
    """Return where a program finds its port; empty where it is among its arguments."""
    is_named = any(_PORT in word for word in command)
    return "" if is_named else f"; its port is {_PORT} among its arguments, or ${PORT_VARIABLE}"


_PORT = "{port}"


def _how(result: Result) -> str:
    if result.outcome is Outcome.HANG:
        return f"has not ended within {result.ending.seconds:.0f} s"
    return f"has {result.ending.in_words}".replace("failed, ended", "been ended")


def _differences(results: list[Result]) -> Iterator[str]:
    first, *others = [passed_places(result) for result in results]
    for other in others:
        if only := sorted(first ^ other):
            yield (
                f"two healthy runs have passed different places ({len(only)}, as {only[0]}): "
                "what is found may not show again in each run"
            )


def passed_places(result: Result) -> set[str]:
    """Return the places of a healthy run, in words."""
    return {f"{one.place} {one.command} {one.occurrence}".replace("  ", " ") for one in _passed(result)}


def _passed(result: Result) -> Sequence[Passed]:
    return result.census.passed if result.census is not None else ()
