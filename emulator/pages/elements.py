"""Makes the parts of a page: sections, text, lists, tables that scroll by themselves, and what programs print."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from emulator.trace.printable import printable, printable_lines

_LONGEST = 20_000
"""Characters of what the program printed, from the end, that the page shows."""


def section(title: str, content: Iterable[str]) -> Iterator[str]:
    """Yield a section of the page; nothing where it has no content."""
    if within := "".join(content):
        yield f"<h2>{title}</h2>\n{within}\n"


def part(title: str, content: Iterable[str]) -> Iterator[str]:
    """Yield a titled part of what can be folded up; nothing where it has no content."""
    if within := "".join(content):
        yield f"<h4>{title}</h4>\n{within}\n"


def table(label: str, content: Iterable[str], look: str) -> str:
    """Return a table that scrolls by itself where the page is too narrow, by keyboard, too.

    Args:
        label: what it holds, for who cannot see it.
        content: its head and bodies.
        look: its class.
    """
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{text(label)}"><table class="{look}">'
        f"{''.join(content)}</table></div>\n"
    )


def badge(words: str, sign: str = "") -> str:
    """Return an outcome: its words are for all, its sign is for eyes alone."""
    seen = f'<span aria-hidden="true">{sign}</span> ' if sign else ""
    return f'<span class="outcome">{seen}{text(words)}</span>'


def story(name: str, look: str, title: str, beside: str, content: Iterable[str], *, is_open: bool = False) -> str:
    """Return a run, a finding or a command that can be folded up.

    Args:
        name: the end of an address that leads to it.
        look: its class.
        title: its heading, as HTML.
        beside: what stands behind the heading, as HTML.
        content: what it holds, as HTML.
        is_open: whether it is unfolded at first.
    """
    return (
        f'<details class="run {look}" id="{name}"{" open" * is_open}>\n<summary><h3>{title}</h3>{beside}</summary>\n'
        f'<div class="body">\n{"".join(content)}</div>\n</details>'
    )


def note(words: str) -> str:
    """Return what is worth less attention."""
    return f'<span class="note">{text(words)}</span>'


def listed(lines: Sequence[str]) -> Iterator[str]:
    """Yield a list with an item a line."""
    if lines:
        yield f"<ul>{''.join(f'<li>{text(line)}</li>' for line in lines)}</ul>"


def facts(named: Iterable[tuple[str, str]]) -> str:
    """Return names and values in two columns."""
    return f"<dl>{''.join(f'<dt>{text(name)}</dt><dd>{text(value)}</dd>' for name, value in named)}</dl>\n"


def printed(output: str) -> Iterator[str]:
    """Yield what a program printed."""
    if len(output) > _LONGEST:
        yield f'<p class="note">({len(output) - _LONGEST} characters before this are left out)</p>'
    if output:
        yield pre(output[-_LONGEST:])


def pre(lines: str) -> str:
    """Return text with its lines as they are."""
    # The parser drops a line feed at the very beginning.
    return f'<pre tabindex="0">\n{escape(printable_lines(lines))}</pre>'


def diff(lines: str) -> str:
    """Return a unified diff, with what is taken away and what is added in colours of their own."""
    shown = "\n".join(_coloured(line) for line in lines.splitlines())
    return f'<pre class="diff" tabindex="0">\n{shown}</pre>'


def _coloured(line: str) -> str:
    tag = {"-": "del", "+": "ins"}.get(line[:1], "")
    return f"<{tag}>{text(line)}</{tag}>" if tag else text(line)


def prose(words: str) -> str:
    """Return sentences in one line; what stands between two backticks is code."""
    parts = printable(words).split("`")
    marked = parts if len(parts) % 2 else [printable(words)]
    return "".join(f"<code>{escape(part)}</code>" if odd % 2 else escape(part) for odd, part in enumerate(marked))


def text(words: str) -> str:
    """Return words in one line, no character of which is markup."""
    return escape(printable(words))
