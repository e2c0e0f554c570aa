"""Finds where a host went wrong: the command of its last exchange with the module, or of the loop that it is in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from emulator.at.syntax import Call, parse_line
from emulator.explore.steps.step import Step
from emulator.explore.trials.verdict import Outcome
from emulator.faults.triggers import specific_name
from emulator.matrix.exchange import Exchange
from emulator.matrix.story import Story
from emulator.trace.events import HostSent

BEFORE = "the start"
"""The place of a host that has said nothing yet."""


@dataclass(frozen=True)
class Whereabouts:
    """Hold the exchange at which a host was when its run ended."""

    command: str
    """Its command, as in `+CREG?`, or `BEFORE`."""
    mode: str = ""
    """`prompt` or `online` where the host gave data, else empty."""
    loops: bool = False
    """Whether the host says the same again and again."""
    said: str = ""
    """The command line, as the host has typed it."""
    answer: str = ""
    """What the module has said since then, in one line; empty where it has said nothing."""


def shown(command: str) -> str:
    """Return a command as a reader knows it: `#SGACT=` as `#SGACT`, `E=` as `ATE`."""
    name = command if command.endswith("=?") else command.removesuffix("=")
    return f"AT{name}" if name[:1].isalpha() and name != BEFORE else name


def whereabouts(story: Story, steps: Sequence[Step]) -> Whereabouts:
    """Return where the host was when its run ended.

    Args:
        story: what host and module have said.
        steps: what has happened; of a line of several commands, the one at which a step applies is meant.
    """
    exchanges = [*story.exchanges, *story.latest]
    if not exchanges:
        return Whereabouts(BEFORE)
    wanted = {step.command for step in steps}
    if loop := _loop(exchanges):
        exchange = next((one for one in loop if one.is_refused), loop[0])
        return Whereabouts(_command(exchange.said, wanted) or exchange.said, loops=True, said=exchange.said)
    return _of(exchanges, _unanswered(exchanges), wanted)


def _of(exchanges: Sequence[Exchange], last: Exchange, wanted: set[str]) -> Whereabouts:
    """Return the whereabouts of an exchange; data belongs to the command that asked for it."""
    if (data := _DATA.match(last.said)) is None:
        return Whereabouts(_command(last.said, wanted) or BEFORE, said=last.said, answer=_answer(last))
    terminal = _terminal(last)
    before = exchanges[: exchanges.index(last)]
    for one in reversed(before):
        if not _DATA.match(one.said) and _terminal(one) == terminal:
            command = _command(one.said, wanted) or BEFORE
            return Whereabouts(command, data["mode"], said=one.said, answer=_answer(last))
    return Whereabouts(BEFORE, data["mode"])


def _answer(exchange: Exchange) -> str:
    return " ".join(exchange.answer.split())


_DATA = re.compile(r"\[(?P<mode>prompt|online)\] ")
"""How a story marks data of the host."""


def _command(said: str, wanted: set[str]) -> str:
    """Return the command of a line: the one that is wanted, or else the last one; what is no command line as it is."""
    if said[:2].upper() != "AT":
        return said.strip()[:_LONGEST]
    calls = [call for call in parse_line(said[2:].strip()) if isinstance(call, Call)]
    names = [specific_name([call.name], call.form) for call in calls]
    return next((name for name in names if name in wanted), names[-1] if names else "AT")


_LONGEST = 20
"""Characters of a place that is no command."""


def _unanswered(exchanges: Sequence[Exchange]) -> Exchange:
    """Return the exchange that the host waits for: of several AT instances, the last one without a final result."""
    latest: dict[str, Exchange] = {}
    for exchange in exchanges:
        latest[_terminal(exchange)] = exchange
    open_ones = [exchange for exchange in latest.values() if not _FINAL.search(exchange.answer)]
    return max(open_ones or [exchanges[-1]], key=exchanges.index)


_FINAL = re.compile(r"^(OK|ERROR|\+CM[ES] ERROR: .*|NO CARRIER|CONNECT.*|BUSY|NO ANSWER|NO DIALTONE)\r?$", re.MULTILINE)


def _terminal(exchange: Exchange) -> str:
    event = exchange.moments[0].event if exchange.moments else None
    return event.terminal if isinstance(event, HostSent) else ""


def _loop(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Return what the host says again and again up to its end, each once; empty where it does not."""
    recent = [one.said for one in exchanges[-_RECENT:]]
    repeated = set(recent[-_TAIL:])
    if len(recent) < _TAIL or any(recent.count(said) < _AGAIN for said in repeated):
        return []
    return list({one.said: one for one in exchanges if one.said in repeated}.values())


_RECENT = 60
"""Exchanges at the end of a run that are looked at."""
_TAIL = 8
"""The last ones of these, which are all in the loop."""
_AGAIN = 3
"""How often each of them is said at least."""


def outcome_place(outcome: Outcome, where: Whereabouts, steps: Sequence[Step]) -> str:
    """Return the place by which findings are told apart: of a host that was stopped or crashed, where it was.

    So it is where a step applied at a time, or to the whole run.
    """
    ends_there = outcome in (Outcome.HANG, Outcome.CRASH)
    return where.command if ends_there or not steps else applied_at(steps[-1]) or where.command


def applied_at(step: Step) -> str:
    """Return the command at which a step applied; empty where it applied at a time, or to the whole run."""
    return step.command if any("command" in fault for fault in step.faults) else ""
