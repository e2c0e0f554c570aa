"""Modems of several processes: each has a share of them, and tells the process of the command what it has to say."""

import asyncio
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from emulator.cli.many import Share, Started, serve
from emulator.errors import UserError

_CONTEXT = multiprocessing.get_context("spawn")  # a fork would take threads and locks with it
_PATIENCE = 10.0
"""Seconds in which a process ends that has nothing left to say."""

_OF_TERMINAL = (signal.SIGINT, signal.SIGHUP)

Message = str | Started | UserError | OSError


class Processes:
    """The processes, from construction until the end of the block."""

    def __init__(self, shares: Sequence[Share]) -> None:
        self._shares = dict[Connection, Share]()
        self._processes: list[SpawnProcess] = []
        self._woken, self._wake = _CONTEXT.Pipe()
        for share in shares:
            ours, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=_work, args=(theirs, share), daemon=True)
            with _ctrl_c_held():
                process.start()
            theirs.close()
            self._shares[ours] = share
            self._processes.append(process)

    def __repr__(self) -> str:
        return f"<Processes: {len(self._shares)} of {len(self._processes)} at work>"

    def stop(self) -> None:
        """Let all of them end; to be called by a signal handler, too."""
        self._wake.send(None)

    def serve(self, say: Callable[[str], None], started: Callable[[Sequence[Started]], None]) -> None:
        """Pass on what they say until all have ended.

        Raises:
            UserError: an option is wrong, or a process was killed.
        """
        ready: dict[Connection, Started] = {}
        expected, stopping = len(self._shares), False
        while self._shares:
            for connection in wait([*self._shares, self._woken]):
                assert isinstance(connection, Connection)
                if connection is self._woken:
                    connection.recv()
                    stopping = True
                    self._tell_stop()
                    continue
                try:
                    message = connection.recv()
                except (EOFError, OSError):
                    self._ended(connection, expectedly=stopping)
                    continue
                match message:
                    case str():
                        say(message)
                    case Started():
                        ready[connection] = message
                        if len(ready) == expected:
                            started([ready[one] for one in self._shares])
                    case Exception():
                        raise message

    def _tell_stop(self) -> None:
        for connection in self._shares:
            with suppress(OSError):
                connection.send(None)

    def _ended(self, connection: Connection, *, expectedly: bool) -> None:
        numbers = self._shares.pop(connection).numbers
        connection.close()
        if not expectedly:
            which = f"the process of modules {numbers[0]} to {numbers[-1]}"
            raise UserError(f"{which} was killed; the machine may be short of memory")

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._shares:
            connection.close()
        for process in self._processes:
            process.join(_PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()


@contextmanager
def _ctrl_c_held() -> Iterator[None]:
    """Hold the signals of a terminal back from a process that is about to be started, until it ignores them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _OF_TERMINAL)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection, share: Share) -> None:
    for number in _OF_TERMINAL:
        signal.signal(number, signal.SIG_IGN)  # the process of the command decides
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _OF_TERMINAL)
    with suppress(OSError):  # that process is gone
        try:
            asyncio.run(_serve(connection, share))
        except (UserError, OSError) as error:
            connection.send(error)


async def _serve(connection: Connection, share: Share) -> None:
    stop = asyncio.Event()
    told = partial(asyncio.get_running_loop().call_soon_threadsafe, stop.set)
    threading.Thread(target=_await_end, args=(connection, told), daemon=True).start()
    await serve(share, connection.send, connection.send, stop)


def _await_end(connection: Connection, told: Callable[[], object]) -> None:
    """Wait until the process of the command says that it is over, or is gone."""
    with suppress(EOFError, OSError):
        connection.recv()
    with suppress(RuntimeError):  # the event loop has ended by itself
        told()
