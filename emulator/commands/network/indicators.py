"""Indicators of the module's state: +CIND, and +CMER, which reports their changes. 27.007 8.9 and 8.10."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Repeated, fixed
from emulator.at.settings import Settings
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting
from emulator.device.calls.call import CallState
from emulator.device.device import Device
from emulator.device.network.coverage import UNKNOWN_SIGNAL

_ROAMING = 5
"""<stat> of +CREG."""

NAMES = ("battchg", "signal", "service", "sounder", "message", "call", "roam", "smsfull", "rssi")
_VALUES = ("(0-5,99)", "(0-7,99)", "(0,1)", "(0,1)", "(0,1)", "(0,1)", "(0,1)", "(0,1)", "(0-5,99)")


def indicators(device: Device) -> dict[str, int]:
    """Return the value of each indicator; there are no messages to show."""
    network = device.network
    shown = dict.fromkeys(NAMES, 0)
    shown["battchg"] = device.profile.hardware.charge // 20
    shown["signal"] = network.bit_errors
    shown["service"] = int(network.registered)
    shown["sounder"] = int(bool(device.calls.in_state(CallState.INCOMING)))
    shown["call"] = int(bool(device.calls.in_state(CallState.ACTIVE, CallState.HELD)))
    shown["roam"] = int(network.registration == _ROAMING)
    shown["rssi"] = _strength(network.signal)
    return shown


def _strength(signal: int) -> int:
    """Return 0 up to -112 dBm, 5 from -51 dBm on, 1 to 4 in steps of 15 dB between; 99 while nothing is heard."""
    if signal == UNKNOWN_SIGNAL:
        return signal
    return min(5, max(0, (13 + 2 * signal) // 15))


class IndicatorReports:
    """Compares the indicators with what an AT instance was told last."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._before = indicators(device)

    def __repr__(self) -> str:
        return f"<IndicatorReports {self._before}>"

    def lines(self, settings: Settings) -> Iterable[str]:
        """Return a +CIEV for each change, as far as +CMER wants it."""
        before, self._before = self._before, indicators(self._device)
        if not settings["+CMER.mode"] or not settings["+CMER.indicators"]:
            return ()
        changed = (name for name in NAMES if self._before[name] != before[name])
        return [f"+CIEV: {name},{self._before[name]}" for name in changed if name not in self._device.silent_indicators]


indicator_control = Command("+CIND", source="27.007 8.9")

Reported = Annotated[
    Sequence[int | None],
    Repeated(fixed(0, 1), len(NAMES)),
    "For each indicator in the order of +CIND=?: 1 reports it, 0 does not.",
]


@indicator_control.set
def choose_indicators(at: Context, reported: Reported = ()) -> None:
    """Set which indicators +CMER may report, until power-off; those left out stay as they are.

    Example:
        AT+CIND=0
    """
    for name, value in zip(NAMES, reported, strict=True):
        if value == 0:
            at.device.silent_indicators.add(name)
        elif value == 1:
            at.device.silent_indicators.discard(name)


@indicator_control.read
def show_indicators(at: Context) -> Information:
    """Show the indicators' values."""
    return Information.of(f"+CIND: {','.join(map(str, indicators(at.device).values()))}")


@indicator_control.test
def list_indicators(at: Context) -> Information:
    """Show the indicators' names and values; the parameters say only which are reported."""
    listed = ",".join(f'("{name}",{values})' for name, values in zip(NAMES, _VALUES, strict=True))
    return Information.of(f"+CIND: ({listed})")


event_reporting = SettingsCommand(
    "+CMER",
    "Set whether changes of the indicators are reported, as +CIEV.",
    source="27.007 8.10",
    mode=setting("+CMER.mode", "0 off; the others report."),
    keypad=setting("+CMER.keypad", "0; there is no keypad."),
    display=setting("+CMER.display", "0; there is no display."),
    reported=setting("+CMER.indicators", "0 none, 1 and 2 the indicators, as +CIEV."),
    buffer=setting("+CMER.buffer", "0 drops what was kept when the mode changes, 1 sends it."),
)
