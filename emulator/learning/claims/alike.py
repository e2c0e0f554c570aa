"""Compares the answers of two modules: what differs between any two is compared by its form."""

import re

from emulator.dte.exchange import Exchange

_BLANKS = re.compile(r" *([,:()-]) *")
_VOLATILE = (
    (re.compile(r"\d\d/\d\d/\d\d,\d\d:\d\d:\d\d([+-]\d\d)?"), r"<time\1>"),
    (re.compile(r"\b\d{14,20}\b"), "<number>"),
)
"""What is never the same on two modules, and what stands for it: the length of a zone stays."""


def alike(one: Exchange, other: Exchange) -> bool:
    """Return whether two modules answer the same; blanks around punctuation and volatile values may differ.

    What is asked with an LF is asked for the sake of the line ends in the answer: they are compared, too.
    """
    if "\n" in one.sent:
        return one.said == other.said
    return one.is_prompt == other.is_prompt and _form(one) == _form(other)


def _form(exchange: Exchange) -> list[str]:
    return [_shape(line) for line in re.split(r"[\r\n]+", exchange.said) if line.strip()]


def _shape(line: str) -> str:
    for pattern, stands_for in _VOLATILE:
        line = pattern.sub(stands_for, line)
    return _BLANKS.sub(r"\1", line).strip()


def alike_of(command: str, one: Exchange, other: Exchange) -> bool:
    """Return whether two modules answer the same of one command of a line with several."""
    mine, others = _lines_of(command, one), _lines_of(command, other)
    return bool(mine) and mine == others


def _lines_of(command: str, exchange: Exchange) -> list[str]:
    """Return the lines of a command: those with its name, or that at its place where all lines are bare numbers."""
    lines = [_shape(line) for line in exchange.lines]
    asked = _READ.findall(exchange.sent[2:])
    if len(asked) == len(lines) and command in asked and all(line.isdigit() for line in lines):
        return [lines[asked.index(command)]]
    return [line for line in lines if line.startswith(f"{command}:")]


_READ = re.compile(r"([+#$@][A-Z0-9]+|[&\\]?[A-Z]\d*)\?")
"""A read form in a line."""
