"""Replaces what leads to a person, a SIM card or an account, wherever it appears once it is known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.dialogue.texts import CARD_VALUES
from emulator.dialogue.volatile import kinds
from emulator.recording.writing.drafts import Draft, replaced

_PHONE = re.compile(r"\+?[0-9]{7,}")
"""A telephone number that is somebody's own; shorter ones are services."""
_SPACED = re.compile(r"[0-9](?:[ .-]?[0-9]){6,}")
"""One with something between its digits, as a host may dial it."""
_SHORTEST = 6
"""Characters of another value that is replaced everywhere; a shorter one would appear by chance."""
_DIGIT = re.compile(r"[0-9]")
_DIGITS = re.compile(r"[0-9]+")
_UCS2 = re.compile(r"(?:00[0-9A-F]{2})+", re.IGNORECASE)
_WORDS = {"account": "telit", "password": "public-demo"}
"""What stands for names and passwords of accounts: the account of the lab's servers."""


@dataclass(frozen=True)
class Replacement:
    """What stands for a value."""

    typed: bytes
    """In what the host sends: as long as the value."""
    shape: str
    """In what the module says, as `{number}`."""


class Personal:
    """Learn values, and replace them."""

    def __init__(self) -> None:
        self._known: dict[bytes, Replacement] = {}
        self._stand_for: dict[tuple[str, str], str] = {}
        """What stands for a value of a kind, the same each time."""
        self._accepted: dict[str, str] = {}
        self._pattern: re.Pattern[bytes] | None = None

    def __repr__(self) -> str:
        return f"<Personal, {len(self._stand_for)} values known>"

    def learn(self, kind: str, value: str) -> None:
        """Replace a value from now on; `phone` stands for each telephone number in the value."""
        if kind != "phone":
            self._learn(kind, value)
            return
        for number in _PHONE.findall(_readable(value)):
            self._learn(kind, number.lstrip("+"))
        for spaced in _SPACED.findall(value):
            if not spaced.isdecimal():
                typed = self._stand_for[kind, spaced] = _DIGIT.sub("5", spaced)
                self._known[spaced.encode()] = Replacement(typed.encode(), f"{{{kinds()[kind].shape}}}")
                self._pattern = None

    def _learn(self, kind: str, value: str) -> None:
        if len(value) < _SHORTEST or value in _WORDS.values() or value.encode("latin-1") in self._known:
            return
        synthetic = self.stand_for(kind, value)
        shape = f"{{{kinds()[kind].shape}}}"
        typed = synthetic if len(synthetic) == len(value) else "x" * len(value)
        for old, new in zip(_forms(value), _forms(typed), strict=True):
            self._known[old] = Replacement(new, shape)
        self._pattern = None

    def stand_for(self, kind: str, value: str) -> str:
        """Return what the host sends in the place of a value, where its length does not matter."""
        if (kind, value) not in self._stand_for:
            number = 1 + sum(other == kind for other, _ in self._stand_for)
            self._stand_for[kind, value] = _synthetic(kind, value, number)
        return self._stand_for[kind, value]

    def accept(self, kind: str, value: str) -> None:
        """Note a code that the SIM card has taken: the emulated card's own stands for the first one of its kind."""
        if kind in CARD_VALUES and kind not in self._accepted:
            self._accepted[kind] = value

    def typed_instead(self, kind: str, value: str) -> bytes | str:
        """Return what the host types in the place of a secret at its own place in a command."""
        if self._accepted.get(kind) == value:
            return f"{{{kind}}}"
        if kind in CARD_VALUES and kind not in self._accepted:
            return "{wrong_pin}"
        return self.stand_for(kind, value).encode("latin-1")

    def holds(self, data: bytes) -> bool:
        """Return whether a known value is in the data."""
        pattern = self._any()
        return pattern is not None and pattern.search(data) is not None

    def typed(self, draft: Draft) -> Draft:
        """Replace known values in what the host sends."""
        pattern = self._any()
        return replaced(draft, pattern, lambda match: (self._known[match[0]].typed,)) if pattern else draft

    def said(self, draft: Draft) -> Draft:
        """Replace known values in what the module says."""
        pattern = self._any()
        return replaced(draft, pattern, lambda match: (self._known[match[0]].shape,)) if pattern else draft

    def _any(self) -> re.Pattern[bytes] | None:
        if self._pattern is None and self._known:
            longest_first = sorted(self._known, key=len, reverse=True)
            self._pattern = re.compile(b"|".join(map(re.escape, longest_first)))
        return self._pattern


def _readable(value: str) -> str:
    """Return a value that was written in UCS2 as it is read."""
    return bytes.fromhex(value).decode("utf-16-be", "replace") if _UCS2.fullmatch(value) else value


def _forms(value: str) -> Iterator[bytes]:
    """Return how a value appears: as it is, in hexadecimal, in UCS2, and digits as a PDU swaps them."""
    data = value.encode("latin-1")
    for form in (data.hex(), value.encode("utf-16-be").hex(), _swapped(value)):
        yield form.upper().encode()
        yield form.lower().encode()
    yield data


def _swapped(value: str) -> str:
    if not _DIGITS.fullmatch(value):
        return value
    padded = value + "F" * (len(value) % 2)
    return "".join(padded[index + 1] + padded[index] for index in range(0, len(padded), 2))


def _synthetic(kind: str, value: str, number: int) -> str:
    if kind in _WORDS:
        return _WORDS[kind] if number == 1 else f"{_WORDS[kind]}-{number}"
    begin = {"imei": "00102", "imsi": "00101", "iccid": "8999", "phone": "555"}.get(kind, "")
    rest = len(value) - len(begin)
    if kind == "imei" and len(value) == _IMEI:
        body = f"{begin}{number:0{rest - 1}}"
        return body + _check_digit(body)
    return f"{begin}{number:0{rest}}"[: len(value)]


_IMEI = 15


def _check_digit(body: str) -> str:
    """Return the last digit of an IMEI (3GPP 23.003 B)."""
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(body))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)
