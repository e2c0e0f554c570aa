"""Probe of the numbers and texts of errors, and of the cause of each refusal that can be provoked harmlessly."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.states import states
from emulator.learning.asking.undoing import setting, undone_by
from emulator.learning.claims.blame import Seen, entries_of, explained, shown_in
from emulator.learning.claims.claim import Claim
from emulator.learning.claims.provocation import Provocation, all_provocations, cause_at
from emulator.learning.probe import Probe

_ESC = "\x1b"
_NUMBER, _TEXT = "1", "2"


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probe."""
    yield ProvokedErrors()


class ProvokedErrors(Probe):
    """Provoke refusals, and compare their numbers and texts with those of every cause."""

    name = "errors"
    asks = "commands that a module refuses, each in the state in which it does: see provocations.toml"
    changes = "+CMEE; #SSLEN, #MQEN and +CMGF where they are off"
    undone = "they are set to what they were"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return _keys(inquiry, [one for one in _there(inquiry) if _is_usual(inquiry, one)])

    def seldom_tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return _keys(inquiry, _there(inquiry))

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        seen: list[Seen] = []
        for names, provocations in _by_states().items():
            with undone_by(inquiry), states(inquiry, *names) as is_there:
                if is_there:
                    seen += _provoke(inquiry, provocations)
        yield from explained(seen, entries_of(inquiry.base.profile))


def _there(inquiry: Inquiry) -> Sequence[Provocation]:
    """Return the provocations whose command and key the base has."""
    return [
        one
        for one in all_provocations().provocations
        if one.expected(inquiry.base) is not None and inquiry.commands.find(one.command_name) is not None
    ]


def _is_usual(inquiry: Inquiry, provocation: Provocation) -> bool:
    return all(all_provocations().states[name].is_usual(inquiry.base) for name in provocation.states)


def _keys(inquiry: Inquiry, provocations: Iterable[Provocation]) -> Iterator[KeyPath]:
    for provocation in provocations:
        cause = provocation.expected(inquiry.base)
        if cause is not None:
            yield from (("errors", cause.value, name) for name in ("family", "code", "text"))
        if provocation.path is not None:
            yield provocation.path


def _by_states() -> Mapping[tuple[str, ...], Sequence[Provocation]]:
    groups: defaultdict[tuple[str, ...], list[Provocation]] = defaultdict(list)
    for provocation in all_provocations().provocations:
        groups[provocation.states].append(provocation)
    return groups


def _provoke(inquiry: Inquiry, provocations: Sequence[Provocation]) -> Iterator[Seen]:
    expected = [(one, cause) for one in provocations if (cause := one.expected(inquiry.base)) is not None]
    with setting(inquiry, "+CMEE", _NUMBER):
        numbers = [_refusal(inquiry, one) for one, _ in expected]
    with setting(inquiry, "+CMEE", _TEXT):
        texts = [_refusal(inquiry, one) for one, _ in expected]
    entries = entries_of(inquiry.base.profile)
    for (one, cause), by_number, by_text in zip(expected, numbers, texts, strict=True):
        shown = shown_in(by_number, by_text)
        if shown is not None:
            others = [entries[other] for path in one.others if (other := cause_at(inquiry.base.profile, path))]
            yield Seen(one.path, cause, shown, [by_number, by_text], one.certain, one.others, others)


def _refusal(inquiry: Inquiry, provocation: Provocation) -> Exchange:
    """Send a command that is to be refused; end its entry, and undo what it did where it was not."""
    exchange = inquiry.ask(provocation.command)
    if exchange.is_prompt:
        entered = inquiry.enter(provocation.entry or _ESC)
        exchange = Exchange(exchange.sent, entered.said, exchange.seconds + entered.seconds)
    if exchange.refusal is None and provocation.undo:
        inquiry.ask(provocation.undo)
    return exchange
