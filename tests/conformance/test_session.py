"""A module is compared with a firmware: it agrees where it is the same, and differs where it is another."""

from collections.abc import Mapping, Sequence

import pytest
import serial

from emulator import VirtualModem
from emulator.cli.differences import Differences
from emulator.conformance.items import Item
from emulator.conformance.sources import forms
from emulator.conformance.verdict import Verdict
from emulator.firmware.loader import load_firmware
from tests.conformance.sessions import SCALE, compared, shown, told

DIFFERS, NOT_THERE = Verdict.DIFFERS, Verdict.NOT_THERE


def all_forms(firmware: str) -> Sequence[Item]:
    return list(forms.items(load_firmware(firmware), None))


CHANGED: Mapping[str, tuple[Sequence[str], Mapping[str, Verdict]]] = {
    "a range": (["ftp.timeout.range=[100,4000]"], {"#FTPTO": DIFFERS, "#FTPCFG": DIFFERS}),
    "a factory setting": (['settings."+CRC".default=1'], {"+CRC": DIFFERS, "&V": DIFFERS}),
    "a command that it lacks": (['commands."#SD"=false'], {"#SD": NOT_THERE, "+CLAC": DIFFERS}),
    "what is of the place": (["network.signal=5", 'identity.imei="351579050000006"'], {}),
}


@pytest.mark.parametrize("change", CHANGED)
def test_what_is_changed_differs_and_nothing_else(change: str) -> None:
    settings, expected = CHANGED[change]
    with VirtualModem("HE910", time_scale=SCALE, settings=settings) as modem:
        report = compared(modem, "HE910", playlist=all_forms("HE910"))

    assert expected == told(report), shown(report)


def test_a_command_that_the_emulated_firmware_lacks_is_not_there() -> None:
    """A module that has more is told, too; the reason names the side."""
    with VirtualModem("ME310G1-WW", time_scale=SCALE) as modem:
        playlist = [item for item in all_forms("HE910") if item.command == "#MQEN"]
        report = compared(modem, "HE910", playlist=playlist)

    (mqtt,) = (command for command in report.commands if command.name == "#MQEN")
    assert (NOT_THERE, ["the emulated HE910@12.00.004 has no such command"]) == (mqtt.verdict, mqtt.whys)


@pytest.mark.parametrize("before", ["E1V0", "+CMEE=2;+CREG=2;#SELINT=1", "Q1", 'X0;&C0;+CSCS="UCS2"'])
def test_however_a_module_was_set_it_agrees(before: str) -> None:
    """The state of its line, of its error messages, and of its line ends is that of both sides."""
    with VirtualModem("HE910", time_scale=SCALE) as modem:
        with serial.Serial(modem.port, timeout=0.2) as port:
            port.write(f"AT{before}\r".encode())
            port.read(100)
        report = compared(modem, "HE910", playlist=all_forms("HE910")[:150])

    assert {} == told(report), shown(report)


def test_a_slow_module_that_has_just_started_agrees() -> None:
    """It is waited for until it has its card and its network; answers come in their time."""
    with VirtualModem("HE910", time_scale=SCALE * 2, realistic=True) as modem:
        report = compared(modem, "HE910", playlist=all_forms("HE910")[::3], scale=SCALE * 2)

    assert {} == told(report), shown(report)


def test_a_urc_within_an_answer_is_no_difference() -> None:
    """Before its first line, between two of them, and behind the result."""
    with VirtualModem("HE910", time_scale=SCALE) as modem:
        for place, text in (({"line": 1}, "RING"), ({"line": "result"}, "+CREG: 2"), ({"line": "end"}, "#NITZ: 1")):
            fault = {"at": "answer", "command": "+CSQ", "text": text, "times": 9, **place}
            modem.call(lambda modem, fault=fault: modem.faults.make("unsolicited-line", fault))  # type: ignore[misc]
        playlist = [item for item in all_forms("HE910") if item.command == "+CSQ"]
        report = compared(modem, "HE910", playlist=playlist)

    assert {} == told(report), shown(report)
    assert any("RING" in result.module.text for result in report.results)


def test_two_firmwares_differ_about_as_their_profiles_do() -> None:
    """Each command that only one of them has is not there; most whose parameters differ are seen to differ."""
    module, firmware = "GE865-QUAD", "HE910"
    difference = Differences.between(load_firmware(firmware), load_firmware(module))
    with VirtualModem(module, time_scale=SCALE) as modem:
        report = compared(modem, firmware, playlist=all_forms(firmware))

    verdicts = told(report)
    assert {*difference.only[0], *difference.only[1]} == {name for name, one in verdicts.items() if one is NOT_THERE}
    changed = {one.what for one in difference.commands}
    assert len(changed & set(verdicts)) > len(changed) / 2, changed - set(verdicts)


def test_what_needs_more_is_not_tried_and_says_why() -> None:
    with VirtualModem("HE910", time_scale=SCALE, settings=["sim.present=false"]) as modem:
        report = compared(modem, "HE910", playlist=all_forms("HE910")[::5])

    assert {} == told(report), shown(report)
    assert "no SIM is ready" in report.untried
