"""Runs a modem in the fastest event loop that fits its ports: uvloop, where the extra `fast` is installed.

libuv watches a socket no longer once its peer has reset it, and tells nobody: a port on a socket would never hear that
its host has gone. So such ports have the event loop of Python.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def run_in_event_loop(main: Coroutine[Any, Any, None], listen: Sequence[str]) -> None:
    """Run a coroutine to its end in a new event loop, which fits ports of the kinds that `--listen` names."""
    with asyncio.Runner(loop_factory=None if listen else _uvloop()) as runner:
        runner.run(main)


def loop_in_words(loop: asyncio.AbstractEventLoop) -> str:
    """Say in one line which event loop runs, and how to get the faster one."""
    if type(loop).__module__.startswith("uvloop"):
        return "event loop: uvloop"
    return "event loop: asyncio; for a pseudo-terminal, a faster one comes with pip install 'telit-emulator[fast]'"


def _uvloop() -> LoopFactory | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
