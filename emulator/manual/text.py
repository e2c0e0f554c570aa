"""Write a page for a terminal."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from emulator.commands.ledger import Standing
from emulator.manual.overview import Row
from emulator.manual.page import Page, ParameterUse, Refusal

_INDENT = "  "


def as_text(page: Page, width: int) -> str:
    """Write a page in lines of at most `width` characters, where no word is longer."""
    names = ", ".join((page.name, *page.aliases))
    head = f"{names}: {page.standing} on {page.firmware}"
    parts = [*_wrapped(head, width), *_wrapped(page.summary, width)]
    if page.standing is Standing.KEPT:
        parts += _wrapped(KEPT, width)
    for title, lines in _sections(page, width):
        if lines:
            parts += ["", title, *lines]
    return "\n".join(parts)


OTHERWISE = "otherwise"
"""What stands for a refusal that no line of the page shows."""
KEPT = "It has no effect: its values are at most kept and shown."


def _sections(page: Page, width: int) -> Iterator[tuple[str, Sequence[str]]]:
    yield "Forms", [line for form in page.forms for line in _entry(form.typed, form.meaning, width)]
    yield "Parameters", [line for one in page.parameters for line in _parameter(one, width)]
    yield "Needs", [line for need in page.needs for line in _wrapped(need, width, _INDENT)]
    yield "Refuses", list(_refusals(page.refusals, width))
    yield "Kept", [line for place in page.kept for line in _wrapped(place, width, _INDENT)]
    yield (
        "On other software lines",
        [line for names, text in page.differences for line in _entry(names, text, width)],
    )
    yield "Exchange", [*_exchange(page), *_wrapped(page.unheard, width, _INDENT)]
    yield "Source", _wrapped(page.source, width, _INDENT)
    yield "Chapter", _wrapped(page.chapter, width, _INDENT)


def _parameter(use: ParameterUse, width: int) -> Iterator[str]:
    yield from _entry(f"<{use.name}>  {values(use)}", use.meaning, width)


def values(use: ParameterUse) -> str:
    """Write what a parameter takes, and whether it may be left out."""
    if use.required:
        return use.values
    return f"{use.values}; {use.default} when left out" if use.default else f"{use.values}; may be left out"


def _refusals(refusals: Sequence[Refusal], width: int) -> Iterator[str]:
    before = ""
    for refusal in refusals:
        typed = f"{refusal.typed}, {refusal.situation}" if refusal.situation else refusal.typed or OTHERWISE
        yield from _entry(typed if typed != before else "", answer(refusal), width)
        before = typed


def answer(refusal: Refusal) -> str:
    """Write how the module refuses, and why."""
    said = refusal.text
    if refusal.number != refusal.text:
        said = f"{refusal.number} ({refusal.text.partition(': ')[2]})"
    return f"{said}: {refusal.reason}" if refusal.reason else said


def _exchange(page: Page) -> Iterator[str]:
    for spoken in page.exchange:
        yield from (f"{_INDENT}{line}" for line in (spoken.typed, *spoken.heard))


def _entry(head: str, text: str, width: int) -> Iterator[str]:
    yield from _wrapped(head, width, _INDENT)
    yield from _wrapped(text, width, _INDENT * 3)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def overview_as_text(firmware: str, chapters: Mapping[str, Sequence[Row]], width: int) -> str:
    """Write the list of a firmware's commands, a line each, cut at `width`."""
    rows = [row for listed in chapters.values() for row in listed]
    names = max(len(row.names) for row in rows)
    standings = max(len(row.standing) for row in rows)
    lines = [f"Commands of {firmware}; `telit-emulator commands NAME` shows one"]
    for title, listed in chapters.items():
        lines += ["", title]
        for row in listed:
            line = f"{_INDENT}{row.names:{names}}  {row.standing:{standings}}  {row.text}".rstrip()
            lines.append(line if len(line) <= width else f"{line[: width - 1]}…")
    return "\n".join(lines)
