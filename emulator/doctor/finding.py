"""What stands in the way of one firmware."""

from dataclasses import dataclass

from emulator.doctor.verdict import Reason


@dataclass(frozen=True)
class Finding:
    """A reason, told in one sentence."""

    reason: Reason
    sentence: str
    also: tuple[Reason, ...] = ()
    """What would stand in the way next."""


def sentence(text: str) -> str:
    """Return `text` as a sentence: with a capital at its begin and one full stop at its end."""
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def listed(words: tuple[str, ...], last: str = "and") -> str:
    """Return words as a list for a person, as in `a, b and c`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
