"""Frames a report as one page of HTML, which needs nothing else: neither a network nor another file."""

import hashlib
from base64 import b64encode
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template

from emulator import __version__
from emulator.pages.elements import text

FOLDER = Path(__file__).parent
STYLESHEET = FOLDER / "look.css"
"""What all pages look like; all their colours are variables of it."""

_TIMES = "Times are seconds of the module's time since it started."


def framed(
    *, maker: str, title: str, program: str, started: datetime, main: str, style: str = "", note: str = _TIMES
) -> str:
    """Return a whole page.

    Args:
        maker: the command that made it.
        title: what came of it, in one line.
        program: the host program.
        started: when it began.
        main: what the page tells, as HTML.
        style: CSS beside that of all pages.
        note: what a reader has to know of it, at its end.
    """
    script = (FOLDER / "report.js").read_text(encoding="utf-8")
    return Template((FOLDER / "report.html").read_text(encoding="utf-8")).substitute(
        version=escape(__version__),
        maker=text(maker),
        title=text(title),
        style=STYLESHEET.read_text(encoding="utf-8") + style,
        script=script,
        script_hash=f"sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        program=text(program),
        started=started.isoformat(timespec="seconds"),
        when=started.strftime("%d %B %Y, %H:%M:%S %Z"),
        main=main,
        note=text(note),
    )
