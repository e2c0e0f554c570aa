"""Drafts of a dialogue's texts: bytes that were said, and values or shapes in the place of some."""

import re
from collections.abc import Callable, Iterator

from emulator.dialogue.texts import written

Draft = tuple[bytes | str, ...]
"""Bytes as they were said; a `str` is what the dialogue has in their place, as `{number}`."""


def as_text(draft: Draft) -> str:
    """Write a draft as a dialogue does."""
    last = len(draft) - 1
    return "".join(
        _written(part, index == last) if isinstance(part, bytes) else part for index, part in enumerate(draft)
    )


def _written(data: bytes, is_last: bool) -> str:
    return written(data) if is_last else written(data + b".")[:-1]  # a blank counts as invisible at the end alone


def replaced(draft: Draft, pattern: re.Pattern[bytes], by: Callable[[re.Match[bytes]], Draft]) -> Draft:
    """Replace what matches in the bytes of a draft."""
    return joined(part for one in draft for part in (_replaced(one, pattern, by) if isinstance(one, bytes) else (one,)))


def _replaced(data: bytes, pattern: re.Pattern[bytes], by: Callable[[re.Match[bytes]], Draft]) -> Iterator[bytes | str]:
    end = 0
    for match in pattern.finditer(data):
        yield data[end : match.start()]
        yield from by(match)
        end = match.end()
    yield data[end:]


def joined(parts: Iterator[bytes | str]) -> Draft:
    """Join neighbouring bytes, and leave out what is empty."""
    draft: list[bytes | str] = []
    for part in parts:
        before = draft[-1] if draft else None
        if isinstance(part, bytes) and isinstance(before, bytes):
            draft[-1] = before + part
        elif part:
            draft.append(part)
    return tuple(draft)


def plain(draft: Draft) -> bytes | None:
    """Return the bytes of a draft; None where it has a value or a shape."""
    return (
        b"".join(part for part in draft if isinstance(part, bytes))
        if all(isinstance(p, bytes) for p in draft)
        else None
    )
