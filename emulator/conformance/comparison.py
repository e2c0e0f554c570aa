"""Compares what the module says to an exchange with what is expected, and shows the difference."""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from emulator.conformance.unsolicited import is_unsolicited
from emulator.dialogue import expectation
from emulator.dialogue.pieces import Piece, pieces
from emulator.dialogue.shapes import Pattern
from emulator.dialogue.steps import Answer, Said
from emulator.dialogue.texts import as_pattern, written
from emulator.dialogue.words import parse_line

Shape = Callable[[str], str]
"""Writes a line with its volatile values left open."""
Expected = Sequence[tuple[str, Said]]
"""Steps that are expected, each with its line in a dialogue."""
_TEXT_WORDS = ("< ", "<+ ")
"""Steps that are a line of text."""


def steps_of(said: bytes, shape: Shape) -> Expected:
    """Write output as the steps of a dialogue, each with its line."""
    return [_step(_shaped(piece.line, shape)) for piece in pieces(said, after_line=False)]


def _shaped(line: str, shape: Shape) -> str:
    word = next((word for word in _TEXT_WORDS if line.startswith(word)), "")
    return f"{word}{shape(line.removeprefix(word))}" if word else line


def _step(line: str) -> tuple[str, Said]:
    step = parse_line(line, 1, Path())
    assert isinstance(step, Said)
    return line, step


class Comparison:
    """Compare output, as it comes, with steps that are expected."""

    def __init__(
        self,
        expected: Expected,
        values: Mapping[str, bytes],
        unsolicited: Sequence[Pattern] = (),
    ) -> None:
        """Take what is expected: steps, each with its line in a dialogue.

        Args:
            expected: in order.
            values: what the names in them stand for.
            unsolicited: lines that may come between any others.
        """
        self.lines = [line for line, _ in expected]
        self._steps = [_filled(step, values) for _, step in expected]
        self._expectation = expectation.Expectation(unsolicited).then(self._steps)
        self.heard = b""

    def __repr__(self) -> str:
        return f"<Comparison with {self.lines}: {self._expectation!r}>"

    def feed(self, said: bytes) -> None:
        """Take further output."""
        self.heard += said
        self._expectation.feed(said)

    @property
    def is_met(self) -> bool:
        """Return whether all has come that is expected; more may come."""
        return self._expectation.is_met

    @property
    def agrees(self) -> bool:
        """Return whether all has come that is expected, and nothing else but URCs behind it."""
        if not self._expectation.is_met or not self._expectation.is_stuck:
            return self._expectation.is_met
        return all(is_unsolicited(piece.line) for piece in pieces(self._expectation.more, after_line=True))

    def why(self) -> str:
        """Return in words what is wrong."""
        if not self.heard:
            return "the module says nothing"
        if self._expectation.is_met:
            return "the module says more than that"
        return "the module says something else" if self._expectation.is_stuck else "the module says less than that"

    def diff(self, sent: str, expected_by: str, shape: Shape) -> str:
        """Return the exchange as a unified diff: what is expected, and what the module says."""
        said = list(self.told(shape))
        lines = difflib.unified_diff(
            [sent, *self.lines], [sent, *said], expected_by, "module", lineterm="", n=len(self.lines) + len(said)
        )
        return "\n".join(lines)

    def told(self, shape: Shape) -> Iterator[str]:
        """Write the output; a line that one of the expected steps fits stands as that one does."""
        left = list(zip(self.lines, self._steps, strict=True))
        for piece in pieces(self.heard, after_line=False):
            fitting = next((pair for pair in left if _fits(piece, pair[1])), None)
            if fitting is not None:
                left = left[left.index(fitting) + 1 :]
                yield fitting[0]
            else:
                yield _shaped(piece.line, shape)


def _filled(step: Said, values: Mapping[str, bytes]) -> expectation.Expected:
    return expectation.Expected(step, tuple(as_pattern(form, values) for form in step.forms))


def _fits(piece: Piece, expected: expectation.Expected) -> bool:
    alone = expectation.Expectation().then([replace(expected, said=replace(expected.said, may_be_absent=False))])
    alone.feed(piece.data)
    return alone.is_met and not alone.is_stuck


def expected_of(answer: Answer, lines: Sequence[str]) -> Expected:
    """Return what a file expects; `lines` are those of the file."""
    return [
        (lines[said.at.first - 1] if said.at.first <= len(lines) else _in_words(said), said) for said in answer.said
    ]


def _in_words(said: Said) -> str:
    parts = [written(part) if isinstance(part, bytes) else "{any}" for part in said.forms[0]]
    return f"< {''.join(parts).replace('<CR><LF>', '')}"


def as_line(data: bytes) -> str:
    """Write what the host sends as a line of a dialogue."""
    if data.endswith(b"\r") and b"\r" not in data[:-1]:
        return f"> {written(data[:-1])}"
    return f">> {written(data)}"
