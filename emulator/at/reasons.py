"""Why a command of the language is refused, for the host's author: what came, which values there are."""

from collections.abc import Iterable, Sequence

from emulator.at.allowed import one_of
from emulator.at.syntax import EXTENDED, Argument, Form

STARS = "***"
"""The text in the place of a secret."""
_LONGEST = 60
"""Characters shown of a value."""


def outside(name: str, argument: Argument, allowed: str, hint: str, *, secret: bool) -> str:
    """Tell of a value that the parameter does not take."""
    wish = "; ".join(filter(None, (allowed, hint)))
    return f"{name} is {STARS if secret else _shown(argument)}{f'; {wish}' if wish else ''}"


def missing(name: str, allowed: str) -> str:
    """Tell of a parameter that may not be left out."""
    return f"{name} is missing{f'; {allowed}' if allowed else ''}"


def too_many(count: int, names: Sequence[str]) -> str:
    """Tell of more parameters than there are on this firmware."""
    came = f"{count} parameter{'s' * (count != 1)}"
    if not names:
        return f"{came}; it takes none on this firmware"
    return f"{came}; it takes at most {len(names)} on this firmware: {', '.join(dict.fromkeys(names))}"


def no_form(name: str, form: Form, forms: Iterable[Form]) -> str:
    """Tell of a form that the command does not have."""
    there = [written(name, one) for one in forms]
    return f"there is no {written(name, form)}; there is {one_of(there)}"


def written(name: str, form: Form) -> str:
    """Write down a form of a command."""
    match form:
        case Form.EXECUTE:
            return f"AT{name}"
        case Form.SET:
            return f"AT{name}=…" if name[0] in EXTENDED or name[0] == "S" else f"AT{name}<n>"
        case Form.READ:
            return f"AT{name}?"
        case Form.TEST:
            return f"AT{name}=?"


def _shown(argument: Argument) -> str:
    text = argument.text if len(argument.text) <= _LONGEST else f"{argument.text[:_LONGEST]}…"
    printed = "".join(one if one.isprintable() else f"<{ord(one):02X}>" for one in text)
    return f'"{printed}"' if argument.quoted or not printed else printed
