"""Waiting for what another process or thread does in its own time."""

import time
from collections.abc import Callable

TIMEOUT = 30.0


def wait_until(is_so: Callable[[], bool], seconds: float = TIMEOUT) -> None:
    """Look again and again until it is so; raise AssertionError where it does not come about in time."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)
