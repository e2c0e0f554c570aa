"""Changes on a module for a while: each is undone when its `with` block ends, however that ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from emulator.dte.signals import signals_deferred
from emulator.learning.asking.inquiry import Inquiry


@contextmanager
def undone_by(inquiry: Inquiry, *commands: str) -> Iterator[None]:
    """Send commands when the block ends.

    A command that was broken off, by Ctrl-C for one, is heard to its end first, and its entry is cancelled.
    """
    try:
        yield
    except BaseException:
        with signals_deferred():
            inquiry.module.settle()
        raise
    finally:
        with signals_deferred():
            for command in commands:
                inquiry.ask(command)


@contextmanager
def changed(inquiry: Inquiry, enter: str, leave: str) -> Iterator[bool]:
    """Send a command, and another when the block ends; give whether the first was carried out."""
    with undone_by(inquiry, leave):
        yield inquiry.ask(enter).is_ok


@contextmanager
def setting(inquiry: Inquiry, name: str, value: str) -> Iterator[bool]:
    """Set a command's value, and put back what it was; give whether it is set.

    Nothing is changed where the old value cannot be read, or is the same.
    """
    old = inquiry.ask(f"AT{name}?").value(name)
    if old is None or old == value:
        yield old == value
        return
    with changed(inquiry, f"AT{name}={value}", f"AT{name}={old}") as is_set:
        yield is_set
