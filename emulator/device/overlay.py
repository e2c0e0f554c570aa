"""Cover a value of the environment for a while; each overlay ends alone."""

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Overlaid(Generic[Value]):
    """A value and its overlays; the one that was given last is in force."""

    def __init__(self, base: Value) -> None:
        self._base = object()
        self._words: dict[object, Value] = {self._base: base}
        """In the order in which they were given."""

    def __repr__(self) -> str:
        return f"<Overlaid {self.value!r}, {len(self._words) - 1} overlays>"

    @property
    def value(self) -> Value:
        """Return the value in force."""
        return next(reversed(self._words.values()))

    def set(self, value: Value) -> None:
        """Set the value that is left when every overlay has ended; it is in force at once."""
        del self._words[self._base]
        self._words[self._base] = value

    def cover(self, value: Value) -> Callable[[], None]:
        """Lay an overlay; the return value, called once, takes it away."""
        overlay = object()
        self._words[overlay] = value
        return lambda: self._words.__delitem__(overlay)
