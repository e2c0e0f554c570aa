"""The host's side of a serial line: bytes to and from a terminal, without any library between."""

import os
import select
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.processes import TIMEOUT

_READ_SIZE = 65536
_FINAL = (b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\nNO CARRIER\r\n")


class HostTerminal:
    """An open terminal."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def command(self, line: str) -> bytes:
        """Send an AT command that ends with OK; return the whole answer.

        Raises:
            RuntimeError: it was answered otherwise.
        """
        answer = self._answer(line, _FINAL)
        if not answer.endswith(_FINAL[0]):
            raise RuntimeError(f"{line} was answered by {answer!r}")
        return answer

    def enter(self, line: str, data: bytes) -> bytes:
        """Send a command with a prompt, then data and Ctrl-Z; return the whole answer.

        Raises:
            RuntimeError: there is no prompt, or the answer is not OK.
        """
        answer = self._answer(line, (b"\r\n> ", *_FINAL))
        if not answer.endswith(b"> "):
            raise RuntimeError(f"{line} was answered by {answer!r}")
        os.write(self.descriptor, data + b"\x1a")
        return self.hear(_FINAL)

    def go_online(self, line: str) -> None:
        """Send a command that ends with CONNECT."""
        answer = self._answer(line, (b"CONNECT\r\n", *_FINAL))
        if not answer.endswith(b"CONNECT\r\n"):
            raise RuntimeError(f"{line} was answered by {answer!r}")

    def _answer(self, line: str, ends: tuple[bytes, ...]) -> bytes:
        os.write(self.descriptor, f"{line}\r".encode())
        return self.hear(ends)

    def hear(self, ends: tuple[bytes, ...]) -> bytes:
        """Read up to one of the `ends`; return all of it."""
        answer = b""
        while not answer.endswith(ends):
            answer += self._read()
        return answer

    def _read(self) -> bytes:
        if not select.select([self.descriptor], [], [], TIMEOUT)[0]:
            raise RuntimeError("the port stays silent")
        return os.read(self.descriptor, _READ_SIZE)

    def exchange(self, outgoing: bytes, expected: int) -> tuple[bytes, float]:
        """Send all of `outgoing` while reading `expected` bytes; return these and the seconds that it took.

        Raises:
            RuntimeError: nothing moves any more.
        """
        os.set_blocking(self.descriptor, False)
        poll = select.poll()
        poll.register(self.descriptor, select.POLLIN | select.POLLOUT)
        unsent = memoryview(outgoing)
        incoming: list[bytes] = []
        started = time.perf_counter()
        while unsent or expected > 0:
            events = poll.poll(TIMEOUT * 1000)
            if not events or events[0][1] & select.POLLHUP:
                what = "the port hangs up" if events else "nothing moves any more"
                raise RuntimeError(f"{what} with {len(unsent)} bytes to send and {expected} to come")
            if events[0][1] & select.POLLIN:
                incoming.append(os.read(self.descriptor, _READ_SIZE))
                expected -= len(incoming[-1])
            if unsent and events[0][1] & select.POLLOUT:
                unsent = unsent[os.write(self.descriptor, unsent) :]
                if not unsent:
                    poll.modify(self.descriptor, select.POLLIN)
        duration = time.perf_counter() - started
        os.set_blocking(self.descriptor, True)
        return b"".join(incoming), duration


@contextmanager
def open_host(path: str) -> Iterator[HostTerminal]:
    """Open a terminal in raw mode."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        tty.setraw(descriptor)
        yield HostTerminal(descriptor)
    finally:
        os.close(descriptor)
