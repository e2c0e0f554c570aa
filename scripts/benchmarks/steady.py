"""Round trips that can be compared: one processor for host and modem, several starts, the best block of each.

A processor that sleeps takes longer to wake than the emulator to answer, and so does a message from one processor to
another. So all that takes part shares one processor, and the others are kept busy with work that gives way.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from statistics import fmean

from benchmarks.host import HostTerminal
from benchmarks.processes import child
from benchmarks.table import Effort

TRIPS = 400
"""In one block; blocks of those that are compared take turns."""
_BUSY = "import os\nos.nice(19)\nos.sched_setaffinity(0, {{{processor}}})\nwhile True:\n    pass"

Start = Callable[[], AbstractContextManager[HostTerminal]]
"""Starts a program and yields a host at its port."""


@contextmanager
def one_processor() -> Iterator[None]:
    """Keep this process and its children on one processor within the block, where the system lets it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    own, *others = sorted(before, reverse=True)
    with ExitStack() as stack:
        for processor in others:
            stack.enter_context(child([sys.executable, "-c", _BUSY.format(processor=processor)]))
        os.sched_setaffinity(0, {own})
        stack.callback(os.sched_setaffinity, 0, before)
        yield


def compare(effort: Effort, ways: Sequence[tuple[Start, bytes]]) -> list[float]:
    """Return the seconds of a round trip of `AT` for each way: the mean of its best block. Each has its answer."""
    starts, blocks = effort.of(5, 3, 1), effort.of(12, 6, 1)
    best = [float("inf")] * len(ways)
    with one_processor():
        for _ in range(starts):
            with ExitStack() as stack:
                hosts = [stack.enter_context(start()) for start, _ in ways]
                for _ in range(blocks):
                    for place, (host, (_, answer)) in enumerate(zip(hosts, ways, strict=True)):
                        best[place] = min(best[place], fmean(trips(host, b"AT\r", answer)))
    return best


def trips(host: HostTerminal, question: bytes, answer: bytes) -> list[float]:
    """Send a block of commands; return the seconds of each answer."""
    times = []
    for _ in range(TRIPS):
        started = time.perf_counter()
        os.write(host.descriptor, question)
        heard = b""
        while len(heard) < len(answer):
            heard += os.read(host.descriptor, 4096)
        times.append(time.perf_counter() - started)
        if heard != answer:
            raise RuntimeError(f"{question!r} was answered by {heard!r}")
    return times


def microseconds(seconds: float) -> str:
    """Write seconds as microseconds."""
    return f"{seconds * 1e6:.1f} us"
