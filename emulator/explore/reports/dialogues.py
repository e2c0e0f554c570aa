"""The runs behind a map: each once, however many cells name it, and what matters of its dialogue."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain

from emulator.explore.reports.words import in_words
from emulator.explore.trials.scenario import scenario_text
from emulator.explore.trials.trial import Result
from emulator.explore.trials.verdict import Outcome
from emulator.matrix.story import TimeLine
from emulator.pages.elements import badge, listed, note, part, pre, story, text
from emulator.trace.printable import printable

_AROUND = 3
"""Lines that are kept before and after one in which a fault triggers."""
_LAST = 6
"""Lines at the end that are kept."""
_MOST = {True: 120, False: 40}
"""Lines in all, of a run that shows something and of another."""
_MOST_STEPS = 40
"""Steps of a run that are named."""
_ERRORS = 2000
"""Characters of stderr, from its end."""


class Dialogues:
    """Number the runs as the cells name them, and render them in that order."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._results: list[Result] = []

    def __repr__(self) -> str:
        return f"<Dialogues of {len(self._results)} runs>"

    def name_of(self, result: Result) -> str:
        """Return the name by which a link finds the run."""
        if id(result) not in self._numbers:
            self._results.append(result)
            self._numbers[id(result)] = len(self._results)
        return f"run-{self._numbers[id(result)]}"

    def render(self) -> Iterator[str]:
        """Yield each run, closed."""
        for number, result in enumerate(self._results, 1):
            yield _run(number, result)


def _run(number: int, result: Result) -> str:
    steps = result.trial.steps
    title = in_words(steps[0]).partition(";")[0] if len(steps) == 1 else f"{len(steps)} steps in one run"
    parts = chain(
        ['<a class="back" href="#map-1">to the map</a>'],
        part("What was done", listed(_steps(result))),
        part("Scenario", _scenario(result)),
        part("Time line", _time_line(list(result.story.time_line()), _MOST[result.outcome.is_finding])),
        part("Standard error", [pre(result.ending.errors[-_ERRORS:])] if result.ending.errors else []),
    )
    beside = badge(str(result.outcome)) + note(f"{result.trial.firmware}, {result.ending.in_words}")
    return story(f"run-{number}", _class(result), text(title), beside, parts)


def _class(result: Result) -> str:
    return "failed-honestly" if result.outcome is Outcome.FAILED else str(result.outcome)


def _steps(result: Result) -> list[str]:
    steps = result.trial.steps
    told = [in_words(step) for step in steps[:_MOST_STEPS]]
    more = len(steps) - len(told)
    return [*told, f"and {more} more"] if more else told


def _scenario(result: Result) -> Iterator[str]:
    if len(result.trial.steps) <= _ALONE:
        yield pre(scenario_text(result.trial.faults, seed=result.story.seed, firmware=result.trial.firmware))


_ALONE = 2
"""Steps of a run whose scenario is shown: of one alone, or of a pair."""


def _time_line(lines: Sequence[TimeLine], most: int) -> Iterator[str]:
    if lines:
        yield '<pre tabindex="0">\n'
        yield from (_line(line) for line in _cut(lines, most))
        yield "</pre>"


def _line(line: TimeLine) -> str:
    written = escape(printable(f"{line.at:10.3f}  {line.who:7} {line.text}" if line.text else ""))
    return f"<mark>{written}</mark>\n" if line.kind == "fault" else f"{written}\n"


def _cut(lines: Sequence[TimeLine], most: int) -> Iterator[TimeLine]:
    """Yield the lines around faults, and the last ones, with how many are left out between them."""
    kept = sorted(set(_worth(lines)))
    kept = [*kept[: most - _LAST], *kept[-_LAST:]] if len(kept) > most else kept
    expected = 0
    for index in kept:
        if index > expected:
            yield TimeLine(lines[expected].at, "", f"({index - expected} lines are left out)")
        yield lines[index]
        expected = index + 1


def _worth(lines: Sequence[TimeLine]) -> Iterator[int]:
    for index, line in enumerate(lines):
        if line.kind == "fault":
            yield from range(max(0, index - _AROUND), min(len(lines), index + _AROUND + 1))
    yield from range(max(0, len(lines) - _LAST), len(lines))
