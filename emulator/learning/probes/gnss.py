"""Probes of the satellite receiver, which is on for a moment at most."""

import re
from collections.abc import Iterator

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.states import states
from emulator.learning.asking.undoing import changed
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import Probe
from emulator.learning.reading import Reading, Values, is_refused

_OFF = ("receiver_off",)
_NO_FIX = ",,,,,0,,,,,"


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes, where the base has a receiver."""
    if inquiry.base.profile.gnss.software is not None:
        yield Reading("software of the receiver", "AT$GPSSW", [("gnss", "software")], _software)
        yield Reading("receiver off twice", "AT$GPSP=0", [("gnss", "refuses_same_power")], _same_power, states=_OFF)
        yield Searching()
        yield Reading("position while off", "AT$GPSACP", [("gnss", "off")], _off, states=_OFF)


class Searching(Probe):
    """Switch the receiver on, and ask for the position before there is a fix."""

    name = "receiver without a fix"
    asks = "AT$GPSP=1 and AT$GPSACP"
    changes = "the receiver is on for a moment"
    undone = "it is switched off again"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "gnss", "searching"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with states(inquiry, "receiver_off") as is_off:
            if not is_off:
                return
            with changed(inquiry, "AT$GPSP=1", "AT$GPSP=0") as is_on:
                exchange = inquiry.ask("AT$GPSACP")
        found = re.fullmatch(r"[\d.]*,,,,,([01]),,,,,", exchange.value("$GPSACP") or "")
        if is_on and found is not None:
            yield Claim(("gnss", "searching"), int(found[1]), [exchange])


def _software(exchange: Exchange, inquiry: Inquiry) -> Values:
    text = exchange.value("$GPSSW")
    if exchange.is_ok and text and len(exchange.lines) == 1:
        yield ("gnss", "software"), text


def _same_power(exchange: Exchange, inquiry: Inquiry) -> Values:
    if exchange.is_ok or is_refused(exchange):
        yield ("gnss", "refuses_same_power"), not exchange.is_ok


def _off(exchange: Exchange, inquiry: Inquiry) -> Values:
    if is_refused(exchange):
        yield ("gnss", "off"), "error"
    elif exchange.is_ok and exchange.value("$GPSACP") == _NO_FIX:
        yield ("gnss", "off"), "fields"
