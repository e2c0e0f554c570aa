"""Matches the module's output against the expected lines, byte by byte, so that a difference shows at once.

Lines may be absent, come again, or have several forms, and shapes leave open where they end. So all the ways in which
the bytes can be understood are followed side by side; when none is left, the module has said something else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from emulator.dialogue.shapes import Pattern, Run
from emulator.dialogue.steps import Said

_BEFORE = None


@dataclass(frozen=True)
class Expected:
    """A step with its values filled in."""

    said: Said
    forms: tuple[Pattern, ...]


class _Place(NamedTuple):
    """One way to match the output so far."""

    step: int
    start: int
    """Number of bytes before the step."""
    form: int | None = _BEFORE
    """Index of the step's form; inverted, that of an unsolicited line before it; None before either."""
    part: int = 0
    """Index in the form's pattern."""
    taken: int = 0
    """Number of bytes of that part so far, up to its limit."""


class Expectation:
    """Expect output: `unsolicited` lines may come between any others, `then` adds lines that must come."""

    def __init__(
        self,
        unsolicited: Sequence[Pattern] = (),
        *,
        steps: tuple[Expected, ...] = (),
        places: frozenset[_Place] = frozenset({_Place(0, 0)}),
        origin: int = 0,
        heard: bytes = b"",
    ) -> None:
        self._unsolicited = unsolicited
        self._steps = steps
        self._origin = origin
        """Number of bytes before those that are kept."""
        self._heard = bytearray()
        self._read = 0
        """Number of kept bytes that fit."""
        self._places = frozenset(reached for place in places for reached in self._reached(place, origin))
        self._met: tuple[frozenset[_Place], int] | None = None
        """The latest places at which everything has come, and the number of bytes until then."""
        self._note_if_met()
        self.feed(heard)

    def __repr__(self) -> str:
        state = "met" if self.is_met else "stuck" if self.is_stuck else "open"
        return f"<Expectation of {len(self._steps)} steps, {state}, {len(self._heard)} bytes kept>"

    @property
    def is_met(self) -> bool:
        """Return whether everything expected has come; more may have followed."""
        return self._met is not None

    @property
    def is_stuck(self) -> bool:
        """Return whether the output fits nowhere."""
        return self._read < len(self._heard)

    @property
    def more(self) -> bytes:
        """Return the output after everything expected, unless it may become a URC."""
        return bytes(self._heard[self._met[1] :]) if self._met is not None and self.is_stuck else b""

    def then(self, steps: Sequence[Expected]) -> "Expectation":
        """Return a new expectation that follows this one, which must be met; this one is not changed."""
        assert self._met is not None
        places, used = self._met
        return Expectation(
            self._unsolicited,
            steps=(*self._steps, *steps),
            places=places,
            origin=self._origin + used,
            heard=bytes(self._heard[used:]),
        )

    def silent(self) -> "Expectation":
        """Return the same expectation without the output beyond it."""
        assert self._met is not None
        return Expectation(
            self._unsolicited, steps=self._steps, places=self._met[0], origin=self._origin + self._met[1]
        )

    def feed(self, data: bytes) -> None:
        """Match further output."""
        self._heard += data
        while self._read < len(self._heard):
            following = frozenset(self._after(self._heard[self._read]))
            if not following:
                return
            self._places = following
            self._read += 1
            self._note_if_met()

    @property
    def stuck_at(self) -> tuple[Said | None, bytes]:
        """Return the step that was not matched, None behind the last one, and the output in its place."""
        place = min(self._places, key=lambda place: (-place.start, place.step))
        step = self._steps[place.step].said if place.step < len(self._steps) else None
        return step, bytes(self._heard[max(0, place.start - self._origin) :])

    def _note_if_met(self) -> None:
        if any(place.step == len(self._steps) and place.form is _BEFORE for place in self._places):
            self._met = self._places, self._read

    def _after(self, byte: int) -> Iterator[_Place]:
        now = self._origin + self._read + 1
        for place in self._places:
            if place.form is _BEFORE:
                continue
            part = self._pattern(place)[place.part]
            if isinstance(part, bytes):
                if part[place.taken] == byte:
                    yield from self._reached(place._replace(taken=place.taken + 1), now)
            elif byte in part.allowed and (part.most is None or place.taken < part.most):
                enough = part.most if part.most is not None else max(part.least, 1)
                yield from self._reached(place._replace(taken=min(place.taken + 1, enough)), now)

    def _pattern(self, place: _Place) -> Pattern:
        assert place.form is not None
        if place.form < 0:
            return self._unsolicited[~place.form]
        return self._steps[place.step].forms[place.form]

    def _reached(self, place: _Place, now: int) -> Iterator[_Place]:
        """Return the place and all places that are reached without a byte."""
        if place.form is _BEFORE:
            yield from self._begun(place)
            return
        pattern = self._pattern(place)
        if place.part == len(pattern):
            yield from self._ended(place, now)
            return
        part = pattern[place.part]
        is_full = isinstance(part, bytes) and place.taken == len(part)
        if not is_full:
            yield place
        if is_full or (isinstance(part, Run) and place.taken >= part.least):
            yield from self._reached(place._replace(part=place.part + 1, taken=0), now)

    def _begun(self, place: _Place) -> Iterator[_Place]:
        yield place
        for index in range(len(self._unsolicited)):
            yield from self._reached(place._replace(form=~index), place.start)
        if place.step == len(self._steps):
            return
        expected = self._steps[place.step]
        for index in range(len(expected.forms)):
            yield from self._reached(place._replace(form=index), place.start)
        if expected.said.may_be_absent:
            yield from self._begun(_Place(place.step + 1, place.start))

    def _ended(self, place: _Place, now: int) -> Iterator[_Place]:
        assert place.form is not None
        again = place.form < 0 or self._steps[place.step].said.may_come_again
        yield from self._begun(_Place(place.step if again else place.step + 1, now))
