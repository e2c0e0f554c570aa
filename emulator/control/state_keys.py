"""Kinds of states that can be read and changed by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emulator.modem import Modem


@dataclass(frozen=True)
class Allowed:
    """Values that a state may have."""

    words: str
    parse: Callable[[str], Any]
    """Makes the value of its text; ValueError when it is not allowed."""


@dataclass(frozen=True)
class StateKey:
    """A state that can be read, and perhaps changed."""

    meaning: str
    read: Callable[[Modem], Any]
    change: Callable[[Modem, Any], None] | None = None
    allowed: Allowed | None = None
    """Present if it can be changed."""


def number(low: int, high: int) -> Allowed:
    """Allow whole numbers of a range."""

    def parse(text: str) -> int:
        if not low <= int(text) <= high:
            raise ValueError
        return int(text)

    return Allowed(f"a whole number from {low} to {high}", parse)


def decimal(low: float, high: float) -> Allowed:
    """Allow numbers of a range."""

    def parse(text: str) -> float:
        if not low <= float(text) <= high:  # nan is not, either
            raise ValueError
        return float(text)

    return Allowed(f"a number from {low:g} to {high:g}", parse)


def word(*words: str) -> Allowed:
    """Allow one of some words."""
    return Allowed(f"one of {', '.join(words)}", lambda text: words[words.index(text)])
