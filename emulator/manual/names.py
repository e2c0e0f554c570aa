"""Find the command that somebody means: `'#SSLD'`, `SSLD`, `at#ssld`, `AT#SSLD=?`."""

import difflib
from collections.abc import Collection, Sequence

from emulator.at.syntax import EXTENDED, Call, parse_line

_PREFIX = "AT"
_MOST = 5


def meant(text: str, known: Collection[str]) -> Sequence[str]:
    """Return the commands that a text may mean; none where there is no such command."""
    wanted = text.strip().strip("'\"").upper()
    for candidate in (wanted, _without_prefix(wanted), _name_in(wanted), _name_in(_without_prefix(wanted))):
        if candidate in known:
            return [candidate]
        if candidate and (found := sorted(name for name in known if _bare(name) == candidate)):
            return found
    return []


def nearest(text: str, known: Collection[str]) -> Sequence[str]:
    """Return the names that are most like a text, the most similar first."""
    bare: dict[str, list[str]] = {}
    for name in sorted(known):
        bare.setdefault(_bare(name), []).append(name)
    wanted = _bare(_without_prefix(text.strip().upper()))
    close = difflib.get_close_matches(wanted, bare, n=_MOST, cutoff=0.6)
    return [name for one in close for name in bare[one]][:_MOST]


def _without_prefix(text: str) -> str:
    return text.removeprefix(_PREFIX)


def _bare(name: str) -> str:
    return name.lstrip(EXTENDED)


def _name_in(line: str) -> str:
    """Return the name in a whole line, as `#SSLD` in `#SSLD=?`."""
    calls = parse_line(line)
    name = calls[0].name if len(calls) == 1 and isinstance(calls[0], Call) else ""
    return name or line.partition("=")[0].rstrip("?")
