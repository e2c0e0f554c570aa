"""Everything that `conform` plays, on a model of each software line; and that what is safe leaves nothing behind."""

from collections import Counter
from collections.abc import Mapping

import pytest

from emulator import VirtualModem
from emulator.at.syntax import EXTENDED
from emulator.commands.catalogue import command_table, declared_commands
from emulator.conformance.items import Item, Need
from emulator.conformance.lines import sent_by
from emulator.conformance.playlist import items
from emulator.conformance.safety import why_all
from emulator.conformance.verdict import Verdict
from emulator.firmware.loader import load_firmware
from emulator.modem import Modem
from emulator.trace.events import (
    Accepted,
    Dialled,
    Event,
    FtpSaid,
    HttpSaid,
    Listening,
    MqttPacket,
    Pinged,
    PppPacket,
    Resolved,
    ShortMessage,
    SmtpSaid,
)
from tests.commands.lines import LATER_LINES, LINES
from tests.conformance.sessions import SCALE, compared, shown, told
from tests.measuring import measured_with

LEAVES = (
    *(Accepted, Dialled, FtpSaid, HttpSaid, Listening, MqttPacket, Pinged, PppPacket, Resolved, ShortMessage),
    SmtpSaid,
)
"""Events of something that leaves the module, or comes to it."""
BY_A_READ = {
    *("contexts", "secure_sockets", "plain_sockets", "stored", "activations", "http", "mqtt", "easy_settings"),
    *("name_servers", "events", "service_centre"),
}
"""What is stored and shown by a read; the snapshots compare that."""


@pytest.mark.parametrize("firmware", measured_with(["HE910", "ME310G1"], [*LINES, *LATER_LINES]))
def test_the_whole_set_is_played_and_leaves_nothing_behind(firmware: str) -> None:
    """All agrees; nothing is dialled, looked up, sent or called, no PIN is tried, and what is stored is as before."""
    left: list[Event] = []

    def hear(now: float, event: Event) -> None:
        if isinstance(event, LEAVES):
            left.append(event)

    with VirtualModem(firmware, time_scale=SCALE, readers=[hear]) as modem:
        before, tries = modem.call(stored), modem.call(pin_tries)
        report = compared(modem, firmware)
        after, tries_left = modem.call(stored), modem.call(pin_tries)
        calls, sent = list(modem.calls), modem.sent_sms

    assert {} == told(report), shown(report)
    assert report.command_counts[Verdict.AGREED] > 100
    assert [] == list(report.session.left)
    assert ([], [], [], tries) == (left, calls, sent, tries_left)
    assert before == after


def pin_tries(modem: Modem) -> int:
    return modem.device.sim.pin_tries


def stored(modem: Modem) -> Mapping[str, str]:
    """What is stored and no read shows whole."""
    nvm = modem.device.nvm
    return {name: repr(getattr(nvm, name)) for name in nvm.__struct_fields__ if name not in BY_A_READ}


@pytest.mark.parametrize("firmware", [*LINES, *LATER_LINES])
def test_the_set_asks_for_every_command_that_is_declared(firmware: str) -> None:
    """Of those that the firmware lacks by `=?` alone: a module may have it."""
    loaded = load_firmware(firmware)
    sent = {line for item in items(loaded) for line in sent_by(item)}
    names = {name for command in declared_commands() for name in command.names if name[0] in EXTENDED}

    assert set() == {f"AT{name}=?" for name in names} - sent
    assert set() == {f"AT{name}?" for name in ("+CREG", "S7", "E") if command_table(loaded).find(name)} - sent


def test_every_chapter_has_items() -> None:
    """Those of the guide, and every other one."""
    chapters = Counter(item.chapter for item in items(load_firmware("HE910")))

    assert {"basic", "identity", "packet", "ssl", "sockets", "ftp", "messages", "sim", "network"} <= set(chapters)
    assert min(chapters.values()) > 0


@pytest.mark.parametrize(
    "line",
    [
        "ATD123;",
        "ATD*99#",
        "ATA",
        'AT+CMGS="1"',
        'AT+CUSD=1,"*105#",15',
        "AT+CCWA=1,1",
        'AT+CPIN="1234"',
        'AT+CLCK="SC",1,"1234"',
        'AT+CPWD="SC","1234","4321"',
        "AT+CPBW=1",
        "AT#SHDN",
        "AT+CFUN=4",
        "AT+IPR=300",
        "AT&W",
        "AT#SGACT=1,1",
        "AT#SSLSECDATA=1,0,1",
        "AT+CMGD=1",
        "AT+CMGR=1",
        "ATE0;+CFUN=0",
        "AT#NOBODYKNOWS",
        "AT#NOBODYKNOWS=1",
    ],
)
def test_what_costs_locks_or_lasts_needs_all(line: str) -> None:
    """Also what nobody knows."""
    assert why_all(line, load_firmware("HE910"))


@pytest.mark.parametrize(
    "line", ["AT+CREG?", "AT+CMGS=?", "AT+CPIN?", "AT+CREG=2", "ATE0V1", "AT+CGMM", "AT+CLAC", "AT"]
)
def test_what_only_shows_or_can_be_set_back_is_safe(line: str) -> None:
    """A question always is."""
    assert "" == why_all(line, load_firmware("HE910"))


@pytest.mark.parametrize("firmware", ["HE910", "ME310G1"])
def test_no_item_without_all_sends_a_line_that_needs_it(firmware: str) -> None:
    """But for those that dial the server which the user has named."""
    loaded = load_firmware(firmware)

    def unsafe(item: Item) -> list[str]:
        return [line for line in sent_by(item) if why_all(line, loaded)]

    assert [] == [unsafe(item) for item in items(loaded) if not item.all_because and unsafe(item) and _is_local(item)]


def _is_local(item: Item) -> bool:
    return Need.SERVER not in item.needs
