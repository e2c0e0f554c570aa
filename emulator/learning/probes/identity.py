"""Probes of the module's names: maker, model, version, the items of ATI, +GCAP and the packages.

Its numbers (IMEI, IMSI, ICCID, serial number) are private: they are not asked for.
"""

import re
from collections.abc import Iterator, Sequence

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import Probe

_NAMES = {"manufacturer": "AT+CGMI", "model": "AT+CGMM", "revision": "AT+CGMR"}
_PACKAGES = ("software", "modem", "production", "application")
_ITEMS = range(10)
_SECOND_RESULT = 0.3
"""Seconds in which an item that reads `OK` is followed by its final result."""
_LIKE_RESULTS = 5
"""Items from 0 on among which one may read `OK`, as that of the checksum."""
_NOTHING = "\r\nOK\r\n"
"""The answer to an item that is not there."""
_PRIVATE = re.compile(r"\d{14,}")
"""What may be the IMEI, or the number of a card."""


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes."""
    yield from (Names(), Information(), Capabilities())
    if inquiry.base.profile.identity.package is not None:
        yield Packages()


class Names(Probe):
    """Ask for maker, model and version."""

    name = "identity"
    asks = ", ".join(_NAMES.values())

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return (("identity", key) for key in _NAMES)

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        for key, command in _NAMES.items():
            exchange = inquiry.ask(command)
            line = _only_line(exchange)
            if line is not None:
                text = line.removeprefix(f"{command[2:]}:").strip(' "')
                yield from _where_new(inquiry, ("identity", key), text, exchange)


class Information(Probe):
    """Ask for the items of ATI; what may be a private number is left out."""

    name = "items of ATI"
    asks = "ATI0 to ATI9"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "identity", "information"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        names = {key: _only_line(inquiry.ask(command)) for key, command in _NAMES.items()}
        known = inquiry.base.profile.identity.information
        items: list[str] = []
        exchanges = [_item(inquiry, number) for number in _ITEMS]
        for number, exchange in enumerate(exchanges):
            if exchange.said == _NOTHING:
                break
            line = _only_line(exchange)
            if line is None or _PRIVATE.search(line):
                return
            items.append(_template(line, known, number, names))
        if items and all(exchange.said == _NOTHING for exchange in exchanges[len(items) :]):
            yield Claim(("identity", "information"), items, exchanges[: len(items) + 1])


def _item(inquiry: Inquiry, number: int) -> Exchange:
    """Ask for an item, which may read like a final result."""
    exchange = inquiry.ask(f"ATI{number}")
    more = inquiry.hear(_SECOND_RESULT) if number < _LIKE_RESULTS and exchange.said == _NOTHING else ""
    return Exchange(exchange.sent, exchange.said + more, exchange.seconds)


def _template(line: str, known: Sequence[str], place: int, names: dict[str, str | None]) -> str:
    """Return the base's text that the names of this module make the line, that of the same place first; else it."""
    for text in (*known[place : place + 1], *known):
        filled = text
        for key, name in names.items():
            filled = filled.replace(f"{{{key}}}", name or "")
        if filled == line:
            return text
    return line


class Capabilities(Probe):
    """Ask for the command sets."""

    name = "command sets"
    asks = "AT+GCAP"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "identity", "capabilities"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        exchange = inquiry.ask(self.asks)
        text = exchange.value("+GCAP")
        if exchange.is_ok and text is not None and len(exchange.lines) == 1:
            yield Claim(("identity", "capabilities"), text, [exchange])


class Packages(Probe):
    """Ask for the names of the packages."""

    name = "packages"
    asks = "AT#SWPKGV"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return (("identity", "package", key) for key in _PACKAGES)

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        exchange = inquiry.ask(self.asks)
        if exchange.is_ok and len(exchange.lines) == len(_PACKAGES):
            for key, line in zip(_PACKAGES, exchange.lines, strict=True):
                yield from _where_new(inquiry, ("identity", "package", key), line, exchange)


def _where_new(inquiry: Inquiry, path: KeyPath, text: str, exchange: Exchange) -> Iterator[Claim]:
    """Claim a text that the base does not make of its version already."""
    known: object = inquiry.base.profile
    for key in path:
        known = getattr(known, str(key))
    if text and text != known:
        yield Claim(path, text, [exchange])


def _only_line(exchange: Exchange) -> str | None:
    lines: Sequence[str] = exchange.lines
    return lines[0] if exchange.is_ok and len(lines) == 1 else None
