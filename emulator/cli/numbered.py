"""Options of one of many modems: `{number}` in them stands for its number, `{number:05}` for five digits of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from emulator.errors import UserError
from emulator.options import ModemOptions, is_shared, written_flag

_PLACE = re.compile(r"\{number(?::0([1-9]))?\}")
_FREE_PLACE = re.compile(r"pty|.*:0")
"""Addresses of `listen` that are another one each time."""


def with_number(text: str, number: int) -> str:
    """Put the number of a modem into a text."""
    return _PLACE.sub(lambda place: f"{number:0{place[1] or 1}}", text)


def numbered(options: ModemOptions, number: int) -> ModemOptions:
    """Return the options of one of many modems, by its number from 1 on; a seed counts on with it."""
    own = {name: _own(value, number) for name, value in _texts(options)}
    seed = None if options.seed is None else options.seed + number - 1
    return replace(options, seed=seed, **own)


def require_numbers(options: ModemOptions) -> None:
    """Find what modems can't have in common.

    Raises:
        UserError: an option lacks the number; the message says how to write it.
    """
    for name, value in _texts(options):
        texts = value if isinstance(value, tuple) else (value,)
        for text in map(str, texts if name != "settings" else ()):
            if not (name == "listen" and _FREE_PLACE.fullmatch(text)):
                require_number(written_flag(name), text)


def require_number(flag: str, text: str) -> None:
    """Find a text that lacks the number.

    Raises:
        UserError: it does.
    """
    if not _PLACE.search(text):
        raise UserError(f"{flag} {text}: modules can't share it; write {{number}} in it, as in {text}{{number}}")


def _texts(options: ModemOptions) -> Iterator[tuple[str, Any]]:
    """Yield the options that may hold the number, with their values: those of one modem, and the profile's values."""
    for name in ModemOptions.__struct_fields__:
        value = getattr(options, name)
        if isinstance(value, str | Path | tuple) and value and (name == "settings" or not is_shared(name)):
            yield name, value


def _own(value: Any, number: int) -> Any:
    if isinstance(value, tuple):
        return tuple(with_number(text, number) for text in value)
    return type(value)(with_number(str(value), number))
