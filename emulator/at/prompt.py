"""Data entry at the `> ` prompt: text up to Ctrl-Z (27.005 3.5.1), or a counted number of bytes."""

import re
from abc import ABC, abstractmethod

import msgspec

CTRL_Z = b"\x1a"
ESC = b"\x1b"
BS = b"\x08"

_CONTROL = re.compile(rb"[\x1a\x1b\x08]")


class PromptData(msgspec.Struct, frozen=True):
    """A complete entry. `surplus` is the number of bytes beyond the limit, which were dropped."""

    data: bytes
    surplus: int = 0


class PromptCancelled(msgspec.Struct, frozen=True):
    """An entry ended by ESC, by the host's going, or by its silence."""

    reason: str = "the host has cancelled the entry by ESC"


Entry = PromptData | PromptCancelled


class Prompt(ABC):
    """One data entry. A `secret` one is shown in no trace."""

    sign = b"> "
    """What asks for the data, behind a line end."""
    silence: float | None = None
    """Seconds without a byte that cancel the entry; None waits for ever."""

    def __init__(self, *, secret: bool = False) -> None:
        self.secret = secret

    @abstractmethod
    def feed(self, data: bytes) -> tuple[bytes, Entry | None, bytes]:
        """Take the bytes of the entry; return their echo, the entry once it is complete, and the rest."""


class TextPrompt(Prompt):
    """Text that Ctrl-Z ends, ESC cancels and BS edits; bytes beyond `limit` are dropped and counted."""

    def __init__(self, limit: int, *, secret: bool = False) -> None:
        super().__init__(secret=secret)
        self._limit = limit
        self._data = bytearray()
        self._surplus = 0

    def __repr__(self) -> str:
        return f"<TextPrompt {len(self._data)} bytes entered>"

    def feed(self, data: bytes) -> tuple[bytes, Entry | None, bytes]:
        echo, place = bytearray(), 0
        while place < len(data):
            match = _CONTROL.search(data, place)
            plain = data[place : match.start() if match else len(data)]
            self._append(plain)
            echo += plain
            if match is None:
                break
            control, place = match[0], match.end()
            if control == ESC:
                return bytes(echo), PromptCancelled(), data[place:]
            if control == CTRL_Z:
                return bytes(echo), PromptData(bytes(self._data), self._surplus), data[place:]
            echo += self._delete()
        return bytes(echo), None, b""

    def _append(self, plain: bytes) -> None:
        room = self._limit - len(self._data)
        self._data += plain[:room]
        self._surplus += max(0, len(plain) - room)

    def _delete(self) -> bytes:
        if self._surplus:
            self._surplus -= 1
        elif self._data:
            del self._data[-1:]
        else:
            return b""
        return b"\b \b"


class CountedPrompt(Prompt):
    """Exactly `size` bytes of any value; `sign` asks for them, and `silence` may cancel the entry."""

    def __init__(
        self, size: int, *, secret: bool = False, sign: bytes = Prompt.sign, silence: float | None = None
    ) -> None:
        super().__init__(secret=secret)
        self.sign = sign
        self.silence = silence
        self._size = size
        self._data = bytearray()

    def __repr__(self) -> str:
        return f"<CountedPrompt {len(self._data)} of {self._size} bytes entered>"

    def feed(self, data: bytes) -> tuple[bytes, Entry | None, bytes]:
        taken = data[: self._size - len(self._data)]
        self._data += taken
        entry = PromptData(bytes(self._data)) if len(self._data) == self._size else None
        return taken, entry, data[len(taken) :]
