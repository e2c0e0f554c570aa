"""Probes of the tables of connections: what all rows have is the factory's value; and what else they show."""

from collections.abc import Iterator, Sequence

from emulator.at.bound import BoundCommand
from emulator.at.parameters import Repeated
from emulator.commands.kinds import TableCommand
from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.firmware.limits import Default
from emulator.firmware.schema.profile import Profile
from emulator.learning.answers.rows import alike, rows_of, text_rows_of
from emulator.learning.answers.sources import source_of
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.undoing import changed
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import Probe
from emulator.learning.reading import Reading, Values

_TAIL: KeyPath = ("sockets", "extension_tail")
_AUTOMATIC: KeyPath = ("easy_sockets", "automatic_packet_size")


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make a probe for each table, and those of single values."""
    for bound in inquiry.commands:
        if isinstance(bound.command, TableCommand) and _columns(bound, inquiry):
            yield TableDefaults(bound)
    yield Reading("zeros of #SCFGEXT", "AT#SCFGEXT?", [_TAIL], _tail)
    if inquiry.commands.find("#PKTSZ") is not None:
        yield AutomaticPacketSize()
    if inquiry.commands.find("#HTTPCFG") is not None:
        yield HttpRows()
    if inquiry.base.profile.mqtt is not None:
        yield Reading("values of #MQCFG", "AT#MQCFG?", [("mqtt", "shown_fields")], _mqtt_fields)


def _columns(bound: BoundCommand[Profile], inquiry: Inquiry) -> Sequence[tuple[int, KeyPath]]:
    """Return the place in a row, and the key of the default, of each number that has one; the first is the row's."""
    found: list[tuple[int, KeyPath]] = []
    for place, (parameter, _) in enumerate(bound.parameters):
        source = None if isinstance(parameter.kind, Repeated) else source_of(bound, parameter, inquiry.base)
        if source is not None and isinstance(source.value, Default) and source.path[0] != "commands":
            found.append((place, (*source.path, "default")))
    return found


class TableDefaults(Probe):
    """Ask for a table of settings, one row a connection: no host changes all of them in the same way."""

    def __init__(self, bound: BoundCommand[Profile]) -> None:
        self._bound = bound
        self.name = f"defaults of {bound.command.name}"
        self.asks = f"AT{bound.command.name}?"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return (path for _, path in _columns(self._bound, inquiry))

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        exchange = inquiry.ask(self.asks)
        rows = rows_of(exchange, self._bound.command.name)
        fixed = [parameter for parameter, _ in self._bound.parameters if not isinstance(parameter.kind, Repeated)]
        if not rows or not len(fixed) <= len(rows[0]) <= len(self._bound.parameters):
            return
        for place, path in _columns(self._bound, inquiry):
            value = alike([row[place : place + 1] for row in rows])
            if value is not None:
                yield Claim(path, value[0], [exchange])


def _tail(exchange: Exchange, inquiry: Inquiry) -> Values:
    bound = inquiry.commands.find("#SCFGEXT")
    rows = rows_of(exchange, "#SCFGEXT")
    if bound is None or not rows:
        return
    own = [parameter for parameter, _ in bound.parameters if not isinstance(parameter.kind, Repeated)]
    zeros = rows[0][len(own) :]
    if len(rows[0]) >= len(own) and not any(zeros) and len(zeros) <= len(bound.parameters) - len(own):
        yield _TAIL, len(zeros)


class AutomaticPacketSize(Probe):
    """Let the module choose the size of packets, and see which it shows."""

    name = "automatic packet size"
    asks = "AT#PKTSZ=0 and AT#PKTSZ?"
    changes = "#PKTSZ"
    undone = "it is set to what it was, or left at 0 where that shows the same"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield _AUTOMATIC

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        before = inquiry.ask("AT#PKTSZ?").value("#PKTSZ")
        if before is None or not before.isdigit():
            return
        leave = f"AT#PKTSZ={before}"
        with changed(inquiry, "AT#PKTSZ=0", leave) as is_set:
            exchange = inquiry.ask("AT#PKTSZ?")
            shown = exchange.value("#PKTSZ")
        if shown == before:
            inquiry.ask("AT#PKTSZ=0")
        if is_set and shown is not None and shown.isdigit() and int(shown) > 0:
            yield Claim(_AUTOMATIC, int(shown), [exchange])


_HTTP_BEHIND_SERVER = ("port", "authentication", "user", "password", "secure", "timeout", "cids")
_NUMBERS = ("port", "authentication", "secure", "timeout", "cids")


class HttpRows(Probe):
    """Ask for the HTTP profiles: what all of them have, and how many values are shown."""

    name = "HTTP profiles"
    asks = "AT#HTTPCFG? and AT#HTTPCFG=?"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield from (("http", name, "default") for name in _HTTP_BEHIND_SERVER if name in _NUMBERS)
        yield "http", "reserved"
        if inquiry.base.profile.http.packet_size is not None:
            yield "http", "packet_size_shown"
        if inquiry.base.profile.http.packet_size_shown:
            yield "http", "packet_size", "default"

    def seldom_tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "http", "packet_size", "default"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        form, exchange = inquiry.ask("AT#HTTPCFG=?"), inquiry.ask("AT#HTTPCFG?")
        names = _HTTP_BEHIND_SERVER
        taken, rows = text_rows_of(form, "#HTTPCFG"), text_rows_of(exchange, "#HTTPCFG")
        known = 2 + len(names)
        if not taken or not rows or len(rows[0]) < known or len(taken[0]) < known:
            return
        for place, name in enumerate(names, 2):
            values = {row[place] for row in rows}
            if name in _NUMBERS and len(rows) > 2 and len(values) == 1 and rows[0][place].isdigit():
                yield Claim(("http", name, "default"), int(rows[0][place]), [exchange])
        yield from self._behind(inquiry, taken[0][known:], rows, known, [form, exchange])

    def _behind(
        self,
        inquiry: Inquiry,
        taken: Sequence[str],
        rows: Sequence[Sequence[str]],
        known: int,
        shown_by: Sequence[Exchange],
    ) -> Iterator[Claim]:
        """Claim what stands behind <cid>: the size of packets, where the base has it, and zeros."""
        has_size = inquiry.base.profile.http.packet_size is not None
        zeros = list(taken[1:] if has_size else taken)
        if (has_size and not taken) or any(field != "(0)" for field in zeros):
            return
        if len(zeros) != inquiry.base.profile.http.reserved:
            yield Claim(("http", "reserved"), len(zeros), shown_by)
        shown = len(rows[0]) - known - len(zeros)
        if has_size and shown in (0, 1):
            yield Claim(("http", "packet_size_shown"), shown == 1, shown_by)
            sizes = {row[known] for row in rows} if shown else set()
            if len(rows) > 2 and len(sizes) == 1 and rows[0][known].isdigit():
                yield Claim(("http", "packet_size", "default"), int(rows[0][known]), shown_by)


def _mqtt_fields(exchange: Exchange, inquiry: Inquiry) -> Values:
    rows = text_rows_of(exchange, "#MQCFG")
    if rows and 1 <= len(rows[0]) - 1 <= 4:
        yield ("mqtt", "shown_fields"), len(rows[0]) - 1
