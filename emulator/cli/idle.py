"""Loads what can wait while the program has nothing else to do."""

import asyncio
import gc
from collections.abc import Iterator
from time import process_time

_MOMENT = 0.1
_NOTHING = 0.002
"""Seconds of processor time in a moment in which nothing happened but the look at the clock."""
_PIECE = 0.01
"""Seconds of processor time after which no further step is begun."""


async def load_when_idle(steps: Iterator[object]) -> None:
    """Take a few steps after each moment without work: what a host asks for meanwhile waits for these at most.

    What has been loaded stays, so the garbage collector does not look at it from then on: that would take longer than
    many an answer. It runs in the event loop and not in a thread: two threads that load modules may wait for each
    other.
    """
    used = process_time()
    while True:
        await asyncio.sleep(_MOMENT)
        before, used = used, process_time()
        if used - before < _NOTHING:
            began = used
            while used - began < _PIECE:
                if next(steps, None) is None:
                    gc.freeze()
                    return
                used = process_time()
