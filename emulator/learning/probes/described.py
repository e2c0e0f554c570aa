"""Probes of what `=?` says besides the values of parameters: lengths of a phonebook, kinds of a serial number."""

from collections.abc import Iterator

from emulator.dte.exchange import Exchange
from emulator.learning.answers.ranges import fields_of, limits_of, spans_of
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.claims.claim import ABSENT
from emulator.learning.probe import Probe
from emulator.learning.reading import Reading, Values

_PHONEBOOK = ("sim", "phonebook")
_KINDS = ("identity", "serial_kinds")


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes."""
    lengths = [(*_PHONEBOOK, "number_length"), (*_PHONEBOOK, "text_length")]
    yield Reading("lengths of phonebook entries", "AT+CPBR=?", lengths, _lengths)
    if inquiry.base.profile.identity.serial_kinds is not None:
        yield Reading("kinds of serial numbers", "AT+CGSN=?", [(*_KINDS, "range"), (*_KINDS, "choices")], _kinds)


def _lengths(exchange: Exchange, inquiry: Inquiry) -> Values:
    fields = fields_of(exchange.value("+CPBR") or "")
    if len(fields) == 3 and fields[1].isdigit() and fields[2].isdigit():
        yield (*_PHONEBOOK, "number_length"), int(fields[1])
        yield (*_PHONEBOOK, "text_length"), int(fields[2])


def _kinds(exchange: Exchange, inquiry: Inquiry) -> Values:
    like = inquiry.base.profile.identity.serial_kinds
    spans = spans_of(exchange.value("+CGSN") or "")
    if exchange.is_ok and not exchange.lines:
        yield _KINDS, ABSENT
    elif spans is not None and like is not None:
        yield from (((*_KINDS, name), value) for name, value in (limits_of(spans, like) or {}).items())
