"""The states of `provocations.toml`: brings a module into one for a while, where that can be undone."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.undoing import changed
from emulator.learning.claims.provocation import State, all_provocations


@contextmanager
def states(inquiry: Inquiry, *names: str) -> Iterator[bool]:
    """Bring the module into several states, one after the other; give whether it is in all of them."""
    with ExitStack() as stack:
        yield all(stack.enter_context(state(inquiry, name)) for name in names)


@contextmanager
def state(inquiry: Inquiry, name: str) -> Iterator[bool]:
    """Bring the module into a state, and put it back when the block ends; give whether it is in it."""
    wanted = all_provocations().states[name]
    if _sees(inquiry, wanted):
        yield True
    elif not wanted.enter or not all(sight.fits(_lines(inquiry, sight.asks)) for sight in wanted.allowed):
        yield False
    else:
        with changed(inquiry, wanted.enter, wanted.leave) as is_entered:
            yield is_entered and _sees(inquiry, wanted)


def _sees(inquiry: Inquiry, wanted: State) -> bool:
    return all(sight.fits(_lines(inquiry, sight.asks)) for sight in wanted.sees)


def _lines(inquiry: Inquiry, command: str) -> list[str]:
    exchange = inquiry.ask(command)
    return exchange.lines if exchange.is_ok else ["ERROR"]
