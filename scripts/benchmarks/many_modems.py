"""A process with many modems: `python -m benchmarks.many_modems async|threads COUNT [SERVER]`.

Whatever they dial leads to SERVER. It prints the memory that each modem after the first one added, in bytes, and the
ports. Each line on its standard input is answered by the CPU time that the process has used, in seconds, and the most
memory that it has ever had, in bytes.
"""

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from emulator import VirtualModem


def _resident() -> int:
    """Return the bytes of the process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _introduce(modems: list[VirtualModem], before: int) -> None:
    added = (_resident() - before) / (len(modems) - 1)
    print(json.dumps({"added": added, "ports": [modem.port for modem in modems]}), flush=True)


def _answer_until_end() -> None:
    while sys.stdin.readline():
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(f"used {time.process_time():.6f} {most}", flush=True)


async def _in_one_loop(count: int, routes: Mapping[str, str]) -> None:
    async with AsyncExitStack() as stack:
        modems = [await stack.enter_async_context(VirtualModem(routes=routes))]
        before = _resident()
        modems += [await stack.enter_async_context(VirtualModem(routes=routes)) for _ in range(count - 1)]
        _introduce(modems, before)
        await asyncio.to_thread(_answer_until_end)


def _in_threads(count: int, routes: Mapping[str, str]) -> None:
    with ExitStack() as stack:
        modems = [stack.enter_context(VirtualModem(routes=routes))]
        before = _resident()
        modems += [stack.enter_context(VirtualModem(routes=routes)) for _ in range(count - 1)]
        _introduce(modems, before)
        _answer_until_end()


if __name__ == "__main__":
    form, number, *server = sys.argv[1:]
    led_to = dict.fromkeys(("123.124.125.126:443",), *server) if server else {}
    if form == "async":
        asyncio.run(_in_one_loop(int(number), led_to))
    else:
        _in_threads(int(number), led_to)
