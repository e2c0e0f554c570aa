"""A process with many modems: `python -m benchmarks.idle_modems async|threads COUNT`.

It prints the memory that each modem after the first one added, in bytes, and the ports. Each line on its standard
input is answered by the CPU time that the process has used, in seconds.
"""

import asyncio
import json
import os
import sys
import time
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from emulator import VirtualModem


def _resident() -> int:
    """Bytes of the process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _introduce(modems: list[VirtualModem], before: int) -> None:
    added = (_resident() - before) / (len(modems) - 1)
    print(json.dumps({"added": added, "ports": [modem.port for modem in modems]}), flush=True)


def _answer_until_end() -> None:
    while sys.stdin.readline():
        print(f"used {time.process_time():.6f}", flush=True)


async def _in_one_loop(count: int) -> None:
    async with AsyncExitStack() as stack:
        modems = [await stack.enter_async_context(VirtualModem())]
        before = _resident()
        modems += [await stack.enter_async_context(VirtualModem()) for _ in range(count - 1)]
        _introduce(modems, before)
        await asyncio.to_thread(_answer_until_end)


def _in_threads(count: int) -> None:
    with ExitStack() as stack:
        modems = [stack.enter_context(VirtualModem())]
        before = _resident()
        modems += [stack.enter_context(VirtualModem()) for _ in range(count - 1)]
        _introduce(modems, before)
        _answer_until_end()


if __name__ == "__main__":
    if sys.argv[1] == "async":
        asyncio.run(_in_one_loop(int(sys.argv[2])))
    else:
        _in_threads(int(sys.argv[2]))
