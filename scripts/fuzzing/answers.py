"""Answers of the module: which final results are in an output."""

import re

_FINAL = re.compile(r"OK|ERROR|\+CM[ES] ERROR: .*|NO CARRIER|CONNECT|BUSY|NO ANSWER|NO DIALTONE", re.DOTALL)
PROMPT = "\r\n> "
_PROMPTS = (PROMPT, "\r\n>>>")


def finals(output: str) -> list[str]:
    """Return the final results, CONNECT and prompts among them, in their order."""
    found = [line for line in output.split("\r\n") if _FINAL.fullmatch(line)]
    return [*found, "> "] if output.endswith(_PROMPTS) else found


def rows(output: str) -> list[list[str]]:
    """Return the values of each information line."""
    lines = [line for line in output.split("\r\n") if line and not _FINAL.fullmatch(line)]
    return [line.rpartition(": ")[2].split(",") for line in lines]


def begins_with(row: list[str], written: list[str]) -> bool:
    """Return whether a row shows the numbers that were written; one that shows fewer shows the first ones."""
    return [number.lstrip("0") for number in row[: len(written)]] == [
        number.lstrip("0") for number in written[: len(row)]
    ]


def is_accepted(final: str) -> bool:
    """Return whether the line was carried out."""
    return final in ("OK", "CONNECT", "> ")


def is_refused_as_out_of_range(final: str) -> bool:
    """Return whether the line was refused for what stands in it."""
    return final in ("+CME ERROR: operation not supported", "+CME ERROR: 4")
