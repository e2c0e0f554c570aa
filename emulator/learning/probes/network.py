"""Probes of forms: how registration, clock and operator are shown; what stands there is nobody's business."""

import re
from collections.abc import Iterator
from dataclasses import replace

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.answers.ranges import fields_of
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.states import states
from emulator.learning.asking.undoing import changed
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import Probe
from emulator.learning.reading import Reading, Values

_VOICE: KeyPath = ("calls", "voice")
_AREA_AND_CELL = 4
"""Fields of +CREG? with area and cell; behind them is the technology."""


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes."""
    yield from (
        Registration("+CREG", ("network", "quoted_location")),
        Registration("+CGREG", ("network", "routing_area_printed")),
        OperatorName(),
        Reading("clock", "AT+CCLK?", [("calendar", "zone_printed")], _zone),
        VoiceCalls(),
        Reading("toolkit", "AT#STIA?", [("sim", "toolkit")], _toolkit),
        Reading("room for scripts", "AT#LSCRIPT", [("scripts", "room")], _room),
    )


class Registration(Probe):
    """Let the module show where it is registered, and see the form alone."""

    def __init__(self, command: str, key: KeyPath) -> None:
        self._command = command
        self._key = key
        self.name = f"form of {command}"
        self.asks = f"AT{command}=2, AT{command}?"
        self.changes = command
        self.undone = "it is set to what it was"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield self._key

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        before = fields_of(inquiry.ask(f"AT{self._command}?").value(self._command) or "")[0]
        if not before.isdigit():
            return
        with changed(inquiry, f"AT{self._command}=2", f"AT{self._command}={before}"):
            exchange = inquiry.ask(f"AT{self._command}?")
        fields = fields_of(exchange.value(self._command) or "")
        if len(fields) < _AREA_AND_CELL:
            return
        masked = replace(exchange, said=re.sub(r'(?<=[,"])[0-9A-Fa-f]{2,8}', "X", exchange.said))
        if self._command == "+CREG":
            yield Claim(self._key, fields[2].startswith('"'), [masked])
        elif len(fields) > _AREA_AND_CELL:
            yield Claim(self._key, len(fields) > _AREA_AND_CELL + 1, [masked])


class OperatorName(Probe):
    """See the operator's name in two character sets."""

    name = "name of the operator"
    asks = "AT+COPS?, also while +CSCS is UCS2"
    changes = "+CSCS"
    undone = "it is set to what it was"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "network", "encoded_names"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        plain = inquiry.ask("AT+COPS?")
        with states(inquiry, "coded") as is_coded:
            coded = inquiry.ask("AT+COPS?")
        names = [_name(exchange) for exchange in (plain, coded)]
        if not is_coded or not all(names):
            return
        is_encoded = {names[0].encode("utf-16-be").hex().upper(): True, names[0]: False}.get(names[1])
        if is_encoded is not None:
            yield Claim(("network", "encoded_names"), is_encoded, [plain, coded])


class VoiceCalls(Probe):
    """Answer a call while there is none; a module without voice calls refuses that."""

    name = "voice calls"
    asks = "ATA while no call comes, AT+CLAC"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield _VOICE

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with states(inquiry, "no_calls") as is_idle:
            if not is_idle:
                return
            exchange = inquiry.ask("ATA")
        if exchange.final == "NO CARRIER":
            yield Claim(_VOICE, True, [exchange])
        elif exchange.refusal is not None:
            listed = inquiry.once("AT+CLAC")  # plain ERROR may say that there is no such command
            if {"A", "ATA"} & set(listed.lines):
                yield Claim(_VOICE, False, [listed, exchange])


def _name(exchange: Exchange) -> str:
    fields = fields_of(exchange.value("+COPS") or "")
    return fields[2].strip('"') if len(fields) > 2 and fields[1] == "0" else ""


def _zone(exchange: Exchange, inquiry: Inquiry) -> Values:
    found = re.fullmatch(r'"\d\d/\d\d/\d\d,\d\d:\d\d:\d\d([+-]\d\d)?"', exchange.value("+CCLK") or "")
    if found is not None:
        yield ("calendar", "zone_printed"), found[1] is not None


def _toolkit(exchange: Exchange, inquiry: Inquiry) -> Values:
    fields = fields_of(exchange.value("#STIA") or "")
    if len(fields) == 4 and re.fullmatch(r'"([0-9A-F]{2}){1,40}"', fields[3]):
        yield ("sim", "toolkit"), fields[3].strip('"')


def _room(exchange: Exchange, inquiry: Inquiry) -> Values:
    found = re.fullmatch(r"#LSCRIPT: free bytes: (\d+)", exchange.lines[0] if exchange.lines else "")
    if found is not None and exchange.is_ok and len(exchange.lines) == 1:
        yield ("scripts", "room"), int(found[1])
