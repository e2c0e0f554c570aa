"""Make one attempt to connect: its timeout, the causes of its failure, and its cancellation."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from emulator.errors import Cause, DeviceError
from emulator.guard import log_defect
from emulator.net.bearer import DialFailed, DialRefused, NameUnknown
from emulator.net.routes import Address


@contextmanager
def attempt(peer: Address, timeout: float, *, unresolved: Cause, unreachable: Cause, too_late: Cause) -> Iterator[None]:
    """Tell why `peer` could not be dialled within `timeout` seconds, which the body limits.

    Raises:
        DeviceError: the name is unknown, nobody answers, or the time is over; each with its cause.
    """
    try:
        yield
    except NameUnknown as error:
        raise DeviceError(unresolved, str(error)) from error
    except DialRefused as error:
        raise DeviceError(unreachable, f"nobody listens at {_shown(peer, error.target)}: {error}") from error
    except DialFailed as error:
        raise DeviceError(unreachable, f"{_shown(peer, error.target)} cannot be reached: {error}") from error
    except TimeoutError as error:
        host, port = peer
        raise DeviceError(too_late, f"timeout: {host}:{port} did not answer within {timeout:g} s") from error


def _shown(dialled: Address, target: Address | None) -> str:
    """Return where the dial went, and by which address where a route led elsewhere."""
    named = ":".join(map(str, dialled))
    return named if target in (None, dialled) else f"{':'.join(map(str, target))}, where the route of {named} leads"


class Abortable(Protocol):
    """Result of an attempt."""

    def abort(self) -> None:
        """End the connection at once."""


def abandon(opening: asyncio.Task[Any]) -> None:
    """Cancel `opening`, and abort its result if it has one already."""
    opening.add_done_callback(_end)
    opening.cancel()


def retrieve(task: asyncio.Task[Any]) -> None:
    """Take note of how a task has ended for which nobody waits any more: the event loop would log its exception."""
    if not task.cancelled():
        task.exception()


def _end(opened: asyncio.Task[Abortable]) -> None:
    if not opened.cancelled() and opened.exception() is None:
        try:
            opened.result().abort()
        except Exception as error:
            log_defect("an attempt to connect", error)
