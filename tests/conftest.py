"""What holds for every test."""

import asyncio
import gc
import os
from asyncio import base_events
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from coverage import Coverage
from hypothesis import settings

if TYPE_CHECKING:
    from tests.peers.browser import Browser

# How long an example takes depends on the machine, and says nothing of what it tests.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# The project's own CI may be such a step, whose summary is not for what the tests' matrices say.
os.environ.pop("GITHUB_STEP_SUMMARY", None)

_unhandled: list[str] = []
"""What the exception handlers of event loops have been called with."""

if os.environ.get("TEST_EVENT_LOOP") == "uvloop":

    @pytest.fixture(scope="session")
    def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
        """Run the tests in the event loop of the extra `fast`."""
        import uvloop

        policy: asyncio.AbstractEventLoopPolicy = uvloop.EventLoopPolicy()
        return policy


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


_MEASURED = "COVERAGE_PROCESS_CONFIG"
"""Where coverage looks when a Python process starts, a host as well as an emulator."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Leave the processes unmeasured that a test with the marker `no_cover` starts, as pytest-cov leaves its own.

    A Python process that is measured takes a tenth of a second more, and what it does more than twice as long: the
    marker is for dear tests that come by lines which cheaper ones measure.
    """
    measured = os.environ.pop(_MEASURED, None) if item.get_closest_marker("no_cover") else None
    try:
        return (yield)
    finally:
        if measured is not None:
            os.environ[_MEASURED] = measured


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Stop every coverage for a test with the marker `no_cover`; pytest-cov stops one, and workers have more."""
    stopped = []
    if item.get_closest_marker("no_cover"):
        while (running := Coverage.current()) is not None:
            running.stop()
            stopped.append(running)
    try:
        return (yield)
    finally:
        for coverage in reversed(stopped):
            coverage.start()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show why tests have failed that were run again, with `--reruns`: each is a race that is to be mended."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"failed at first: {report.nodeid}", "_")
        terminalreporter.line(report.longreprtext)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One browser for all tests of the process."""
    from tests.peers.browser import chromium  # a third of a second, which most processes do not need

    try:
        with chromium() as running:
            yield running
    except LookupError as error:
        pytest.skip(str(error))
