"""Write pages for the documents."""

import re
from collections.abc import Iterator, Sequence

from emulator.commands.ledger import Standing
from emulator.manual.page import Page
from emulator.manual.text import KEPT, OTHERWISE, answer, values


def chapter_as_markdown(title: str, opening: str, pages: Sequence[Page]) -> str:
    """Write a chapter: its commands in one line, then the section of each."""
    links = " ".join(f"[{code(page.name)}](#{anchor(page.name)})" for page in pages)
    return "\n\n".join((f"# {title}", _text(opening), MADE, links, *map(as_markdown, pages))) + "\n"


MADE = (
    "Made by `scripts/make_docs`: the exchanges are the emulator's own. `telit-emulator commands NAME` shows the\n"
    "same, with `--firmware` for any firmware, and with the lines that every command refuses: a value out of range,\n"
    "missing or one too many, a form that is not there."
)


def as_markdown(page: Page) -> str:
    """Write a page as a section with an anchor of its own; what every command refuses is left out."""
    return "\n\n".join(_parts(page))


def _parts(page: Page) -> Iterator[str]:
    names = " ".join(code(name) for name in (page.name, *page.aliases))
    yield f'<a id="{anchor(page.name)}"></a>\n\n## {names}'
    yield _text(f"{page.summary} {KEPT}" if page.standing is Standing.KEPT else page.summary)
    yield _table(("form", "meaning"), [(code(form.typed), form.meaning) for form in page.forms])
    parameters = [(code(f"<{one.name}>"), values(one), one.meaning) for one in page.parameters]
    yield from _table_of_some(("parameter", "values", "meaning"), parameters)
    if page.needs:
        yield f"Needs {_text('; '.join(page.needs))}."
    if page.kept:
        yield f"Kept: {_text(' '.join(page.kept))}"
    refused = [
        (code(one.typed) or OTHERWISE, one.situation, answer(one)) for one in page.refusals if not one.is_general
    ]
    yield from _table_of_some(("refused", "when", "answer and reason"), refused)
    yield from _table_of_some(("software line", "difference"), page.differences)
    yield "\n".join(("```", *_exchange(page), "```"))
    yield f"On {page.firmware}. Source: {page.source}."


def _exchange(page: Page) -> Iterator[str]:
    for spoken in page.exchange:
        yield from (spoken.typed, *spoken.heard)


def anchor(name: str) -> str:
    """Return the anchor of a command: its name in letters and digits, with its sign in words."""
    return _SIGNS.sub(lambda match: f"{_WORDS[match[0]]}-", name).lower()


_WORDS = {"#": "hash", "+": "plus", "$": "dollar", "@": "at", "&": "and", "%": "percent", "\\": "backslash"}
_SIGNS = re.compile(r"[#+$@&%\\]")


def _table_of_some(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if rows:
        yield _table(titles, rows)


def _table(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    lines += [f"| {' | '.join(map(_text, row))} |" for row in rows]
    return "\n".join(lines)


def _text(text: str) -> str:
    """Keep a text from being read as HTML or as cells; what stands between backticks is left alone."""
    parts = re.split(r"(`[^`]*`)", text.replace("|", "\\|"))
    return "".join(part if part.startswith("`") else part.replace("<", "\\<") for part in parts)


def code(text: str) -> str:
    """Write a text as code."""
    return f"`{text}`" if text else ""
