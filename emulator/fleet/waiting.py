"""Lets greenlets wait for work that runs in the thread of the modules."""

from concurrent.futures import Future
from typing import TypeVar

import gevent
from gevent.event import Event

Result = TypeVar("Result")


def wait(work: "Future[Result]") -> Result:
    """Wait for work of another thread; others go on meanwhile. A greenlet that is killed breaks the work off."""
    done = Event()
    wake = gevent.get_hub().loop.run_callback_threadsafe
    work.add_done_callback(lambda _: wake(done.set))
    try:
        done.wait()
    finally:
        work.cancel()
    return work.result()
