"""The text of an exchange, for people: on one line, and without numbers that belong to one module or card."""

import re

from emulator.dte.exchange import Exchange

_LONGEST = 100
_NUMBER = re.compile(r"\d{14,}")


def in_a_line(exchange: Exchange) -> str:
    """Write what was asked, and what was said."""
    said = " / ".join([*exchange.lines, *([exchange.final] if exchange.final not in (None, "OK") else [])])
    text = f"{exchange.sent} -> {said}" if said else exchange.sent
    text = "".join(sign if sign.isprintable() else " " for sign in without_numbers(text))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def without_numbers(text: str) -> str:
    """Return a text without IMEI, IMSI and the like."""
    return _NUMBER.sub("…", text)
