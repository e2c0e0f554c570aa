"""Shows the first difference between a dialogue and the module's output, as a unified diff of the file."""

import difflib
from collections.abc import Sequence

from emulator.dialogue.steps import Dialogue

_CONTEXT = 4
"""Lines before and after."""


class Difference(AssertionError):
    """Raised at the first difference; its text has the place, the reason and the diff."""

    def __init__(
        self, dialogue: Dialogue, first: int, last: int, happened: Sequence[str], *, at: str, why: str
    ) -> None:
        """Replace the lines from `first` to `last` by `happened`; no lines are replaced when `last` is before `first`.

        Args:
            dialogue: the one that was played.
            first: the number of a line.
            last: the number of a line.
            happened: lines as the file would have them.
            at: what it was played on.
            why: what is wrong, in a few words.
        """
        self.place = f"{dialogue.path}:{first}"
        self.why = why
        changed = (*dialogue.written[: first - 1], *happened, *dialogue.written[last:])
        lines = difflib.unified_diff(dialogue.written, changed, str(dialogue.path), at, lineterm="", n=_CONTEXT)
        self.diff = "\n".join(lines)
        """As `diff -u` writes it, and `patch` takes it."""
        self.reasons: Sequence[str] = ()
        """Why the module has refused what the host said last, as a transcript has it."""

    def __str__(self) -> str:
        return "\n".join((f"{self.place}: {self.why}", self.diff, *self.reasons))
