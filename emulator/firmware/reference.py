"""The manual's table of profile keys, made from the schema; `scripts/make_docs` renews it."""

from typing import Any, get_args

from emulator import docstrings
from emulator.errors import Cause
from emulator.firmware import keys
from emulator.firmware.layers import KeyPath
from emulator.firmware.limits import Default, Numeric

TITLE = "## Every key\n"
_WORDS: dict[Any, str] = {
    Numeric: "limits",
    Default: "limits with a default",
    Cause: "a cause",
}


def key_table() -> str:
    """Make the table of the keys: what each may hold, and what it means."""
    rows = ["| key | may hold | meaning |", "|---|---|---|"]
    rows += [f"| `{keys.written(path)}` | {_may_hold(path)} | {_escaped(meaning(path))} |" for path in keys.all_keys()]
    return "\n".join(rows) + "\n"


def meaning(path: KeyPath) -> str:
    """Return the meaning of a key; of a name in a table of names, that of the table; empty where there is none."""
    if not path:
        return ""
    owner = keys.plain(keys.kind_at(path[:-1]))
    if not keys.is_table(owner):
        return meaning(path[:-1])
    return docstrings.meaning(owner, str(path[-1]))


def _escaped(text: str) -> str:
    return text.replace("<", r"\<")


def _may_hold(path: KeyPath) -> str:
    kind = keys.kind_at(path)
    inner = keys.plain(kind)
    if keys.origin(inner) is dict:
        return f"by name, {keys.allowed(get_args(inner)[1])}"
    return _WORDS.get(inner) or keys.allowed(kind)


def renewed(page: str) -> str:
    """Return the page with the present table at its end."""
    return page.partition(TITLE)[0] + TITLE + "\n" + key_table()
