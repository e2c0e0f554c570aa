"""Drops the module's echo of what the host has typed, so that its answers are left."""

import re
from collections import deque

_LINES = re.compile(rb"[^\r]*\r\n?|[^\r]+")


class Echo:
    """Know what the module may echo next: a command line, or an entry, after the other."""

    def __init__(self) -> None:
        self._typed: deque[bytearray] = deque()
        self._is_open = False
        """Whether the last one is still being typed."""

    def __repr__(self) -> str:
        return f"<Echo of {len(self._typed)} lines to come>"

    def type_line(self, data: bytes) -> None:
        """Note what the host has typed of command lines."""
        for part in _LINES.findall(data):
            self._add(part)
            self._is_open = b"\r" not in part

    def type_entry(self, data: bytes) -> None:
        """Note what the host has typed at a prompt."""
        self._add(data)

    def answered(self) -> None:
        """Note that the first one has been answered, with an echo or without."""
        if self._typed:
            self._typed.popleft()
        self._is_open = self._is_open and bool(self._typed)

    def clear(self) -> None:
        """Expect none."""
        self._typed.clear()
        self._is_open = False

    def without(self, data: bytes) -> bytes:
        """Return what the module has said without the echo at its beginning."""
        self._drop_unheard(data)
        for typed in self._typed:
            same = 0
            while same < min(len(data), len(typed)) and data[same] == typed[same]:
                same += 1
            del typed[:same]
            data = data[same:]
            if typed or not data:
                break
        return data

    def _drop_unheard(self, data: bytes) -> None:
        """Drop what was typed before the line that is echoed: a module that is still starting hears nothing."""
        for index, typed in enumerate(self._typed):
            if typed.endswith(b"\r") and data.startswith(bytes(typed)):
                for _ in range(index):
                    self._typed.popleft()
                return

    def _add(self, data: bytes) -> None:
        if self._is_open:
            self._typed[-1] += data
        else:
            self._typed.append(bytearray(data))
            self._is_open = True
