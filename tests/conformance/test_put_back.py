"""A module is afterwards as it was, however the comparison ends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emulator import VirtualModem
from emulator.conformance.items import Item, exchange
from emulator.conformance.playlist import items
from emulator.conformance.session import run
from emulator.conformance.verdict import Verdict
from emulator.dte.module_line import ModuleLine
from emulator.dte.snapshot import Snapshot, take
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from tests.conformance.sessions import SCALE, session_with

FIRMWARE = "HE910"
ODD = (
    'AT+CMGF=1;+CSCS="GSM";+CMEE=2;+CREG=2;+CSMP=17,167,0,0;#SSLEN=1,1',
    'AT+CGDCONT=1,"IP","odd.example"',
    'AT+CGDCONT=3,"IP","other.example"',
    "AT#SCFG=2,1,512,120,300,20",
    "AT#SSLCFG=1,1,1000,120,300,20",
    'AT+CPBW=7,"+390404192701",145,"Odd"',
    'AT+CMGW="+390404192701"',
    "ATS12=40;S7=33;&C0;&D2",
)


def writers() -> Sequence[Item]:
    """Items that change settings, and leave them changed."""
    lines = {
        "+CMGF": "AT+CMGF=0",
        "+CREG": "AT+CREG=1",
        "+CGDCONT": 'AT+CGDCONT=2,"IP","new"',
        "#SCFG": "AT#SCFG=2,1,300,90,600,50",
        "S12": "ATS12=60",
        "#SSLEN": "AT#SSLEN=1,0",
    }
    made = [exchange(line, name, "settings", "test") for name, line in lines.items()]
    entry = exchange('AT+CPBW=9,"123",129,"New"', "+CPBW", "sim", "test")
    return [*made, replace(entry, after=("AT+CPBW=9",)), exchange("AT+CSCS?", "+CSCS", "sim", "test")]


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[VirtualModem]:
    with VirtualModem(FIRMWARE, time_scale=SCALE, link=tmp_path / "module") as modem:
        with ModuleLine(modem.port, time_scale=SCALE) as line:
            for command in ODD:
                said = line.ask(command)
                assert (line.enter("Text\x1a") if said.is_prompt else said).is_ok, said
        yield modem


def state(modem: VirtualModem) -> tuple[Snapshot, Mapping[str, Any]]:
    """All reads, and what is stored."""
    with ModuleLine(modem.port, time_scale=SCALE) as line:
        snapshot = take(line, load_firmware(FIRMWARE))
        book = line.ask("AT+CPBR=1,20").said
        messages = line.ask("AT+CMGL=4" if "+CMGF: 0" in line.ask("AT+CMGF?").said else 'AT+CMGL="ALL"').said
    return snapshot, {"book": book, "messages": messages}


def assert_same(before: tuple[Snapshot, Mapping[str, Any]], after: tuple[Snapshot, Mapping[str, Any]]) -> None:
    assert [] == list(map(str, before[0].differences(after[0])))
    assert before[1] == after[1]


def test_odd_settings_and_what_is_stored_are_there_afterwards(modem: VirtualModem) -> None:
    before = state(modem)

    with ModuleLine(modem.port, time_scale=SCALE) as line:
        session = session_with(line, FIRMWARE, playlist=[*writers(), *items(load_firmware(FIRMWARE))])
        run(session, line, lambda *_: None)

    assert [] == session.left
    assert_same(before, state(modem))


class _Breaking(ModuleLine):
    """A line whose user presses Ctrl-C right after an exchange has begun."""

    left = 0

    def send(self, data: bytes) -> None:
        super().send(data)
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


@pytest.mark.parametrize("number", [1, 3, 5, 7])
def test_a_ctrl_c_in_the_middle_of_an_exchange_leaves_the_module_as_it_was(modem: VirtualModem, number: int) -> None:
    """Also where that exchange has stored something which only its item can undo."""
    before = state(modem)

    with _Breaking(modem.port, time_scale=SCALE) as line:
        session = session_with(line, FIRMWARE, playlist=writers())
        line.left = number
        with pytest.raises(KeyboardInterrupt):
            run(session, line, lambda *_: None)

    assert ([], "it was broken off") == (session.left, session.broken_off)
    assert_same(before, state(modem))


@pytest.mark.parametrize("at", [1, len(writers())])
def test_a_ctrl_c_at_any_item_leaves_the_module_as_it_was(modem: VirtualModem, at: int) -> None:
    before = state(modem)

    def stop(number: int, count: int, item: Item) -> None:
        if number == at:
            raise KeyboardInterrupt

    with ModuleLine(modem.port, time_scale=SCALE) as line:
        session = session_with(line, FIRMWARE, playlist=writers())
        with pytest.raises(KeyboardInterrupt):
            run(session, line, stop)

    assert [] == session.left
    assert_same(before, state(modem))
    untried = [result for result in session.results if result.verdict is Verdict.NOT_TRIED]
    assert (len(writers()) - at + 1, {"it was broken off"}) == (len(untried), {result.why for result in untried})


def test_a_port_that_is_lost_and_comes_back_is_used_to_put_the_module_back(modem: VirtualModem) -> None:
    """The comparison ends all the same; what was played is told."""
    before = state(modem)

    def lose(number: int, count: int, item: Item) -> None:
        if number == 4:
            modem.call(lambda modem: modem.faults.make("port-vanished", {"duration": "4"}))

    with ModuleLine(modem.port, time_scale=SCALE) as line:
        session = session_with(line, FIRMWARE, playlist=writers())
        with pytest.raises(UserError, match="the port was lost"):
            run(session, line, lose)

    assert [] == session.left
    assert_same(before, state(modem))
    assert [Verdict.AGREED] * 3 == [result.verdict for result in session.results[:3]]
    assert {Verdict.NOT_TRIED} == {result.verdict for result in session.results[3:]}


def test_a_port_that_stays_lost_is_told_with_what_was_played(modem: VirtualModem) -> None:
    def lose(number: int, count: int, item: Item) -> None:
        if number == 3:
            modem.stop()

    with pytest.raises(UserError), ModuleLine(modem.port, time_scale=SCALE * 5) as line:
        session = session_with(line, FIRMWARE, playlist=writers())
        run(session, line, lose)

    assert ["settings and memory: the port did not come back"] == list(session.left)
    assert [Verdict.AGREED] * 2 == [result.verdict for result in session.results[:2]]
