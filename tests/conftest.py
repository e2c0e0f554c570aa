"""What holds for every test."""

import asyncio
import gc
import os
from asyncio import base_events
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes depends on the machine, and says nothing of what it tests.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# The project's own CI may be such a step, whose summary is not for what the tests' matrices say.
os.environ.pop("GITHUB_STEP_SUMMARY", None)

_unhandled: list[str] = []
"""What the exception handlers of event loops have been called with."""

_handle = base_events.BaseEventLoop.call_exception_handler


def _note(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _unhandled.append(f"{context.get('message')}: {context.get('exception')!r} ({context})")
    _handle(loop, context)  # type: ignore[arg-type]  # every loop is a BaseEventLoop


base_events.BaseEventLoop.call_exception_handler = _note  # type: ignore[method-assign,assignment]


@pytest.fixture(autouse=True)
def nothing_reaches_the_event_loop() -> Iterator[None]:
    """Fail a test in which an exception has reached the exception handler of an event loop, in any thread.

    There it would only be logged: a callback is to be `guarded`, and a task to be waited for.
    """
    _unhandled.clear()
    yield
    if _unhandled:
        gc.collect()
        noted = list(_unhandled)
        _unhandled.clear()
        pytest.fail("exceptions that nobody has handled:\n" + "\n".join(noted))
