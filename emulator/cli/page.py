"""The page of `telit-emulator run --web`: it is imported only where it is asked for."""

from typing import TYPE_CHECKING

from emulator.errors import UserError
from emulator.trace.events import PageServed
from emulator.trace.json_lines import json_line

if TYPE_CHECKING:
    from emulator.web.server import WebServer

_MISSING_EXTRA = "--web needs the extra `web`, which is not installed: pip install '/path/to/telit-emulator[web]'"


def open_page(address: str) -> "WebServer":
    """Take the address of the page, which is served when there are modems.

    Raises:
        UserError: the address is wrong or in use, or the extra is not installed.
    """
    try:
        from emulator.web.server import WebServer
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn"):
            raise
        raise UserError(_MISSING_EXTRA) from error
    return WebServer(address)


def told_page(page: "WebServer", now: float, *, as_json: bool) -> str:
    """Say where the page is. No other reader is told: the address may have a token."""
    return json_line(now, PageServed(url=page.url)).decode() if as_json else f"The page: {page.url}"
