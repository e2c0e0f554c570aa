"""Probes of PDP contexts and of the firewall; no context is activated."""

from collections.abc import Iterator, Sequence

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.answers.ranges import spans_of
from emulator.learning.answers.rows import text_rows_of
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.states import states
from emulator.learning.asking.undoing import setting, undone_by
from emulator.learning.claims.blame import Seen, entries_of, explained, shown_in
from emulator.learning.claims.claim import ABSENT, Claim
from emulator.learning.probe import PassedOver, Probe

_UNDEFINED: KeyPath = ("pdp", "undefined_type")
_ADDRESSES: KeyPath = ("pdp", "empty_addresses")
_FULL: KeyPath = ("firewall", "full")
_MOST_RULES = 101
_APN = "x"


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes."""
    yield UnusedContext()
    if inquiry.commands.find("#FRWL") is not None:
        yield Firewall()


class UnusedContext(Probe):
    """Define the last context with each type, where nobody has defined it, and see how it is shown."""

    name = "contexts"
    asks = "AT+CGDCONT of the last <cid> with each type, and AT+CGDCONT?"
    changes = "the last PDP context, where it is not defined"
    undone = "it is undefined again"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield _UNDEFINED
        known = inquiry.base.profile.pdp.empty_addresses
        yield from ((*_ADDRESSES, kind) for kind in known)
        if not known:
            yield _ADDRESSES

    def seldom_tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return ((*_ADDRESSES, kind) for kind in inquiry.base.profile.pdp.types)

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        form, before = inquiry.ask("AT+CGDCONT=?"), inquiry.ask("AT+CGDCONT?")
        cid, kinds = _last_context(form), _types(form)
        rows = text_rows_of(before, "+CGDCONT")
        if cid is None or not kinds or not before.is_ok:
            return
        if not _is_undefined(rows, cid):
            raise PassedOver(f"context {cid} is defined")
        shown: dict[str, Exchange] = {}
        with undone_by(inquiry, f"AT+CGDCONT={cid}"):
            for kind in kinds:
                if inquiry.ask(f'AT+CGDCONT={cid},"{kind}","{_APN}"').is_ok:
                    shown[kind] = inquiry.ask("AT+CGDCONT?")
        yield from _undefined_type(inquiry, rows, cid, before)
        for kind, exchange in shown.items():
            yield from _address(inquiry, kind, cid, exchange)


def _last_context(form: Exchange) -> int | None:
    rows = text_rows_of(form, "+CGDCONT")
    spans = spans_of(rows[0][0]) if rows else None
    return max(high for _, high in spans) if spans else None


def _types(form: Exchange) -> Sequence[str]:
    return [row[1].strip('"') for row in text_rows_of(form, "+CGDCONT") if len(row) > 1 and row[1].startswith('"')]


def _row(rows: Sequence[Sequence[str]], cid: int) -> Sequence[str] | None:
    return next((row for row in rows if row[0] == str(cid)), None)


def _is_undefined(rows: Sequence[Sequence[str]], cid: int) -> bool:
    """Return whether a context is not shown, or shown like another one that is not defined: without an APN."""
    own = _row(rows, cid)
    return own is None or (own[2] == '""' and sum(row[1:] == own[1:] for row in rows) > 1)


def _undefined_type(inquiry: Inquiry, rows: Sequence[Sequence[str]], cid: int, exchange: Exchange) -> Iterator[Claim]:
    own = _row(rows, cid)
    kind = None if own is None else own[1].strip('"')
    if kind != inquiry.base.profile.pdp.undefined_type:
        yield Claim(_UNDEFINED, ABSENT if kind is None else kind, [exchange])


def _address(inquiry: Inquiry, kind: str, cid: int, exchange: Exchange) -> Iterator[Claim]:
    """Claim what is shown of an address that the network is to choose, where the base shows something else."""
    row = _row(text_rows_of(exchange, "+CGDCONT"), cid)
    if row is None or len(row) < 4 or row[1:3] != [f'"{kind}"', f'"{_APN}"']:
        return
    address, known = row[3].strip('"'), inquiry.base.profile.pdp.empty_addresses.get(kind, "")
    if address != known:
        yield Claim((*_ADDRESSES, kind), address or ABSENT, [exchange])


class Firewall(Probe):
    """Add rules until there is no room, where there is none."""

    name = "firewall"
    asks = "AT#FRWL=1 of one address after the other, and AT#FRWL?"
    changes = "the rules of the firewall, where there are none; +CMEE"
    undone = "all rules are deleted (AT#FRWL=2); +CMEE is set to what it was"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "firewall", "rules"
        yield _FULL
        yield from (("errors", inquiry.base.profile.firewall.full.value, name) for name in ("code", "text", "family"))

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with states(inquiry, "no_rules") as is_empty:
            if not is_empty:
                raise PassedOver("the firewall has rules, or does not show them")
            with undone_by(inquiry, "AT#FRWL=2"):
                count = _add_rules(inquiry)
                shown = inquiry.ask("AT#FRWL?")
                refused = [_once_more(inquiry, count, result) for result in ("1", "2")]
        if count == 0 or len(shown.lines) != count or refused[0].refusal is None:
            return
        yield Claim(("firewall", "rules"), count, [refused[0], shown])
        looks = shown_in(*refused)
        profile = inquiry.base.profile
        if looks is not None:
            yield from explained([Seen(_FULL, profile.firewall.full, looks, refused)], entries_of(profile))


def _add_rules(inquiry: Inquiry) -> int:
    """Add rules until one is refused; return how many there are."""
    for number in range(_MOST_RULES):
        if not inquiry.ask(_rule(number)).is_ok:
            return number
    return 0


def _once_more(inquiry: Inquiry, number: int, result: str) -> Exchange:
    with setting(inquiry, "+CMEE", result):
        return inquiry.ask(_rule(number))


def _rule(number: int) -> str:
    return f'AT#FRWL=1,"10.9.{number}.1","255.255.255.255"'
