"""A modem and its host in one process, joined by a memory port: no system call is between them.

Run as a program, it prints the seconds of a round trip of `AT`: the mean of the best of so many blocks.
"""

import asyncio
import sys
import time

from emulator.line.transports.memory import MemoryPort
from emulator.modem import Modem
from emulator.options import ModemOptions

_TRIPS = 2000


async def _best(blocks: int) -> float:
    port = MemoryPort()
    modem = Modem(ModemOptions(port=lambda: port))
    port.host_open()
    try:
        port.host_write(b"ATE0\r")
        port.host_read()
        return min(_mean(port) for _ in range(blocks))
    finally:
        modem.close()


def _mean(port: MemoryPort) -> float:
    started = time.perf_counter()
    for _ in range(_TRIPS):
        port.host_write(b"AT\r")
        if port.host_read() != b"\r\nOK\r\n":
            raise RuntimeError("AT was not answered by OK")
    return (time.perf_counter() - started) / _TRIPS


if __name__ == "__main__":
    print(asyncio.run(_best(int(sys.argv[1]))), flush=True)
