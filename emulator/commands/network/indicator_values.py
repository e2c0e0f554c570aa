"""Values of the indicators of +CIND, and their changes. 27.007 8.9 and 8.10."""

from collections.abc import Iterable

from emulator.at.settings import Settings
from emulator.device.calls.call import CallState
from emulator.device.device import Device
from emulator.device.network.coverage import UNKNOWN_SIGNAL

_ROAMING = 5
"""<stat> of +CREG."""

NAMES = ("battchg", "signal", "service", "sounder", "message", "call", "roam", "smsfull", "rssi")


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
