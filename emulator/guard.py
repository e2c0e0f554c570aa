"""Guards callbacks: what a callback of the event loop raises goes to the object that it belongs to.

The event loop would only log it, and whoever waits for the object would wait for ever.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast


class Failing(Protocol):
    """Something that ends, or goes on without what has failed, and reports the defect."""

    def fail(self, error: Exception) -> None:
        """Take what a callback has raised."""


FailingT = TypeVar("FailingT", bound=Failing)
P = ParamSpec("P")


def guarded(callback: Callable[Concatenate[FailingT, P], None]) -> Callable[Concatenate[FailingT, P], None]:
    """Wrap a method that the event loop calls: hand to `fail` what it raises."""

    called: Callable[..., None] = callback

    @wraps(called)
    def call(*arguments: Any) -> None:  # all bytes of the host come this way: to name the arguments takes twice as long
        try:
            called(*arguments)
        except Exception as error:
            try:
                arguments[0].fail(error)
            except Exception as another:
                log_defect("the end after a defect", another)

    return cast("Callable[Concatenate[FailingT, P], None]", call)


def log_defect(what: str, error: BaseException) -> None:
    """Tell the log of an exception that nobody expected; `what` says what failed."""
    text = f"{type(error).__name__}: {error}"
    logging.getLogger("emulator").error("%s failed inside the emulator: %s", what, text, exc_info=error)
