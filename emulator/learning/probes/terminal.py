"""Probes of the AT interface: the longest line, lines without AT, echo, entries that are cancelled, flow control."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import product

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.asking.halving import highest_accepted
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.undoing import changed, undone_by
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import Probe

_SHORTEST_LIMIT, _LONGEST_LIMIT = 40, 4096
_SILENCE = 0.5
"""Seconds without an answer after which there is none."""
_NO_COMMAND = "zq"
_ESC = "\x1b"


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes."""
    yield from (LineLimit(), WithoutPrefix(), LineFeedEcho(), Entries(), FlowControlPairs())


class LineLimit(Probe):
    """Send longer and longer lines of commands that change nothing."""

    name = "line limit"
    asks = "lines of E0, one command behind the other, and of +CMEE?"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "terminal", "line_limit"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        shown: dict[int, Exchange] = {}

        def accepts(length: int) -> bool:
            shown[length] = inquiry.ask(_plain_line(length))
            return shown[length].is_ok

        limit = highest_accepted(accepts, _SHORTEST_LIMIT, _LONGEST_LIMIT)
        if limit is None or limit == _LONGEST_LIMIT:
            return
        others = [inquiry.ask(_other_line(length)) for length in (limit, limit + 1)]
        if [exchange.is_ok for exchange in others] == [True, False]:
            lines = [replace(shown[length], sent=f"a line of {length} characters") for length in (limit, limit + 1)]
            yield Claim(("terminal", "line_limit"), limit, [*others, *lines])


def _plain_line(length: int) -> str:
    return f"AT{'E0' * length}"[:length]


def _other_line(length: int) -> str:
    """Return a line of other commands, so that their number is not what is limited."""
    count, rest = divmod(length - 2 - len("+CMEE?"), len("+CMEE?;"))
    return f"AT{'E0' * rest}"[: 2 + rest] + "+CMEE?;" * count + "+CMEE?"


class WithoutPrefix(Probe):
    """Send a line that does not begin with AT."""

    name = "line without AT"
    asks = "a line of two letters that are not AT"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "terminal", "without_prefix"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        exchange = replace(inquiry.enter(f"{_NO_COMMAND}\r", _SILENCE), sent=_NO_COMMAND)
        answer = {"ERROR": "error", None: "silence"}.get(exchange.final)
        if answer is not None and (exchange.final or not exchange.lines):
            yield Claim(("terminal", "without_prefix"), answer, [exchange])


class LineFeedEcho(Probe):
    """Send a line that ends with CR and LF while echo is on."""

    name = "echo of LF"
    asks = "AT with CR and LF behind it"
    changes = "echo (ATE1)"
    undone = "echo is set to what it was"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "terminal", "line_feed_echo"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with _echo(inquiry):
            exchange = inquiry.enter("AT\r\n", 1.0)
            said = exchange.said + inquiry.hear(_SILENCE)
        echoed = {"AT\r\n\r\nOK\r\n": True, "AT\r\r\nOK\r\n\n": True, "AT\r\r\nOK\r\n": False}.get(said)
        if echoed is not None:
            yield Claim(("terminal", "line_feed_echo"), echoed, [replace(exchange, sent="AT with CR LF")])


class Entries(Probe):
    """Begin to enter a message for the card while echo is on, and cancel it by ESC."""

    name = "entries"
    asks = "AT+CMGW=20, a character and ESC at its prompt"
    changes = "echo (ATE1); nothing is stored"
    undone = "echo is set to what it was; a message is deleted if one was stored against all expectation"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        return (("terminal", key) for key in ("prompt_echo", "entry_cancelled"))

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with _echo(inquiry):
            prompt = inquiry.ask("AT+CMGW=20")
            if not prompt.is_prompt:
                return
            exchange = inquiry.enter(f"0{_ESC}")
        stored = exchange.value("+CMGW")
        if stored is not None:
            inquiry.ask(f"AT+CMGD={stored}")
            return
        shown_by = [prompt, Exchange(prompt.sent, prompt.said + exchange.said, exchange.seconds)]
        if exchange.final in ("OK", "ERROR"):
            yield Claim(("terminal", "entry_cancelled"), exchange.final, shown_by)
            yield Claim(("terminal", "prompt_echo"), exchange.said.startswith("0"), shown_by)


@contextmanager
def _echo(inquiry: Inquiry) -> Iterator[None]:
    """Switch echo on for a while."""
    was_on = inquiry.ask("AT").said.startswith("AT")
    with changed(inquiry, "ATE1", f"ATE{int(was_on)}"):
        yield


class FlowControlPairs(Probe):
    """Set every flow control, and see which pair of +IFC shows it."""

    name = "flow control"
    asks = "AT&K of every value, AT+IFC?; AT+IFC of every pair"
    changes = "&K"
    undone = "it is set to what AT&V has shown; where that shows none, nothing is asked"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "terminal", "flow_control", "pairs"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        flow_control = inquiry.base.profile.terminal.flow_control
        found = re.search(r"&K *:? *(\d)", inquiry.ask("AT&V").said)
        if found is None:
            return
        shown: dict[int, Exchange] = {}
        taken: dict[tuple[int, int], Exchange] = {}
        with undone_by(inquiry, f"AT&K{found[1]}"):
            for local in inquiry.base.profile.settings["&K"].values:
                if inquiry.ask(f"AT&K{local}").is_ok:
                    shown[local] = inquiry.ask("AT+IFC?")
            for pair in product(flow_control.by_te.values, flow_control.by_ta.values):
                taken[pair] = inquiry.ask("AT+IFC={},{}".format(*pair))
        known = {pair.local: (pair.by_te, pair.by_ta) for pair in flow_control.pairs}
        pairs = _pairs(shown, taken, known)
        if pairs is not None:
            yield Claim(("terminal", "flow_control", "pairs"), pairs, [*shown.values(), *taken.values()])


def _pairs(
    shown: Mapping[int, Exchange], taken: Mapping[tuple[int, int], Exchange], known: Mapping[int, tuple[int, int]]
) -> Sequence[Sequence[int]] | None:
    """Return the pairs in the order of the base; None where the answers leave a doubt.

    A value of &K without a pair shows 0,0; whether one of these is the pair of 0,0, only the base tells.
    """
    values = {local: _pair(exchange) for local, exchange in shown.items()}
    nothing = [local for local, pair in values.items() if pair == (0, 0)]
    named = {local: pair for local, pair in values.items() if pair is not None and pair != (0, 0)}
    if taken[0, 0].is_ok:
        named |= {local: (0, 0) for local in nothing if known.get(local) == (0, 0)}
    accepted = {pair for pair, exchange in taken.items() if exchange.is_ok}
    if None in values.values() or len(named) != len(accepted) or set(named.values()) != accepted:
        return None
    order = [*(local for local in known if local in named), *(local for local in named if local not in known)]
    return [[local, *named[local]] for local in order]


def _pair(exchange: Exchange) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d),(\d)", exchange.value("+IFC") or "")
    return (int(found[1]), int(found[2])) if found else None
