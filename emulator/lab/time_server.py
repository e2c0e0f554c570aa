"""Runs a small time server over UDP. RFC 2030."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable

from emulator.lab.loopback import SETTLING, LoopbackServer
from emulator.lab.marks import Address, Mark
from emulator.lab.record import Kind, Recorder

_VERSION = 0x38
"""Bits of the version, which the answer repeats."""
_SERVER = 4
_STRATUM = 1
_PRECISION = 0xEC
"""A microsecond."""
_LENGTH = 48
_SINCE_1900 = 2_208_988_800
"""Seconds from 1900 to 1970."""


class TimeServer(LoopbackServer):
    """Answer each request with the time, from construction until `close`."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        """Listen at once; `now` gives the time in seconds since 1970."""
        self._now = now
        self._recorder = Recorder()
        self._marks: dict[Address, Mark] = {}
        self._closed = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, name=f"lab time server {self.port}", daemon=True).start()

    def __repr__(self) -> str:
        return f"<TimeServer on 127.0.0.1:{self.port}>"

    def forget(self) -> None:
        self._mark(self._renew)

    def settle(self, limit: float = SETTLING) -> bool:
        return self._mark(lambda: None, limit)

    def close(self) -> None:
        """Stop answering; do nothing a second time."""
        if not self._closed:
            self._closed = True
            with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
                waker.sendto(b"", ("127.0.0.1", self.port))

    def _serve(self) -> None:
        with self._socket:
            while True:
                try:
                    packet, client = self._socket.recvfrom(1024)
                except OSError:
                    continue  # a client that has gone before its answer came
                if self._closed:
                    return
                if client in self._marks:
                    mark = self._marks.pop(client)
                    mark.action()
                    mark.passed.set()
                    continue
                self._recorder.add(Kind.REQUEST, "time", packet)
                if len(packet) >= _LENGTH:
                    with contextlib.suppress(OSError):
                        self._socket.sendto(self._answer(packet), client)

    def _renew(self) -> None:
        self._recorder = Recorder()

    def _mark(self, action: Callable[[], None], limit: float | None = None) -> bool:
        """Do something when all requests that have come until now are answered."""
        if self._closed:
            return True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind(("127.0.0.1", 0))
            mark = self._marks[sender.getsockname()] = Mark(action)
            sender.sendto(b"", ("127.0.0.1", self.port))
            return mark.passed.wait(limit)

    def _answer(self, packet: bytes) -> bytes:
        stamp = _stamp(self._now())
        head = bytes(((packet[0] & _VERSION) | _SERVER, _STRATUM, 0, _PRECISION)) + bytes(8) + b"LOCL"
        return head + stamp + packet[40:48] + stamp + stamp


def _stamp(moment: float) -> bytes:
    seconds = int(moment)
    return struct.pack("!II", (seconds + _SINCE_1900) % 2**32, int((moment - seconds) * 2**32))
