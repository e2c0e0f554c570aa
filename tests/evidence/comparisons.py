"""Comparisons of an emulated module that takes the place of a real one: other numbers, and another value."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from emulator import VirtualModem
from emulator.conformance.evidence.making import Made, evidence_of
from emulator.conformance.items import Item
from emulator.conformance.playlist import items
from emulator.firmware.loader import load_firmware
from tests.conformance.sessions import SCALE, compared

COMMANDS = ("+CGMI", "+CGMM", "+CGSN", "+CMEE", "#SSLCFG", "#SSLSECDATA", "+CGDCONT", "+CMGF")
SETTINGS = ["identity.imei=490154203237518", "secure_socket.inactivity.range=[0,100]"]
"""The IMEI is an example of 3GPP's; the range is the difference."""


@contextmanager
def module_like_a_real_one() -> Iterator[VirtualModem]:
    """What is on the desk of the tests."""
    with VirtualModem("HE910", settings=SETTINGS, time_scale=SCALE) as modem:
        yield modem


def playlist(commands: Collection[str] = COMMANDS) -> list[Item]:
    """A few of the items that are played."""
    return [item for item in items(load_firmware("HE910"), None) if item.command in commands]


def made_of(commands: Collection[str] = COMMANDS) -> Made:
    """Evidence of a few commands."""
    with module_like_a_real_one() as modem:
        return evidence_of(compared(modem, "HE910", playlist=playlist(commands)).session, "the tests")
