"""Applies the settings of an AT instance to its serial line: speed, format, flow control, the module's lines."""

from collections.abc import Callable

from emulator.at.settings import Settings
from emulator.clock import Clock, Timer
from emulator.firmware.schema.terminal import Terminal
from emulator.guard import guarded
from emulator.line.serial.lines import DeviceLines
from emulator.line.serial.serial_line import FlowControl, SerialLine

_CHARACTER_BITS = (10, 11, 11, 10, 10, 10, 9)
"""By <format> of +ICF: automatic, 8N2, 8 with parity, 8N1, 7N2, 7 with parity, 7N1."""


class LineControl:
    """Drive the module's side of one serial line."""

    def __init__(
        self,
        settings: Settings,
        profile: Terminal,
        clock: Clock,
        line: SerialLine,
        show: Callable[[DeviceLines], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Show the lines to the host by `show`; `failed` is called with what a timer raises."""
        self.fail = failed
        """See `guard.Failing`."""
        self._settings = settings
        self._flow = profile.flow_control
        self._lines = profile.control_lines
        self._clock = clock
        self._line = line
        self._show = show
        self.shown = DeviceLines.NONE
        """Lines that the host sees."""
        self.followed = 0
        """Revision of the settings in force."""
        self._running = False
        self._revision = 0
        """Revision of the settings that `shown` goes by; 0 when it is to be looked at anew."""
        self._connected = False
        self._ready = True
        self._ringing: Timer | None = None
        self._winking: Timer | None = None

    def __repr__(self) -> str:
        return f"<LineControl {self.shown!r}, {self._line!r}>"

    def follow(self) -> None:
        """Apply the settings; call this when no answer is still to be sent."""
        settings = self._settings
        self.followed = settings.revision
        self._revision = 0
        local = settings["&K"]
        self._line.set_device(settings["+IPR"], _CHARACTER_BITS[settings["+ICF.format"]])
        self._line.set_flow(
            FlowControl(
                cts=local in self._flow.cts,
                rts=local in self._flow.rts,
                heeds_xoff=local in self._flow.heeds_xoff,
                sends_xoff=local in self._flow.sends_xoff,
                passes_xoff=local in self._flow.passes_xoff,
            )
        )

    def update(self, connected: bool, ready: bool) -> None:
        """Show whether the module is in data mode, and whether it takes what the host sends."""
        revision = self._settings.revision
        if revision == self._revision and connected is self._connected and ready is self._ready and self._running:
            return
        self._running = True
        self._revision = revision
        if self._connected and not connected and self._settings["&C"] in self._lines.dcd_winks:
            self._winking = self._clock.call_later(self._lines.wink, self._wink_ends)
        self._connected = connected
        self._ready = ready
        self._refresh()

    def unsolicited(self, text: str) -> None:
        """Ring, if this URC is one that rings."""
        if pulse := self._pulse(text):
            if self._ringing is not None:
                self._ringing.cancel()
            self._ringing = self._clock.call_later(pulse, self._ring_ends)
            self._refresh()

    def _pulse(self, text: str) -> float:
        """Return the seconds for which RI is up at a URC; 0 for none."""
        if text.startswith(self._lines.ring_lines):
            return self._lines.ring
        names = (name for start, name in self._lines.pulses.items() if text.startswith(start))
        return max((self._settings.get(name, 0) / 1000 for name in names), default=0.0)

    def drop(self) -> None:
        """Drop all lines, as without power."""
        for timer in (self._ringing, self._winking):
            if timer is not None:
                timer.cancel()
        self._ringing = self._winking = None
        self._running = self._connected = False
        self._refresh()

    @guarded
    def _ring_ends(self) -> None:
        self._ringing = None
        self._refresh()

    @guarded
    def _wink_ends(self) -> None:
        self._winking = None
        self._refresh()

    def _refresh(self) -> None:
        lines = self._levels() if self._running else DeviceLines.NONE
        if lines != self.shown:
            self.shown = lines
            self._show(lines)

    def _levels(self) -> DeviceLines:
        lines = DeviceLines.NONE
        if self._ready or not self._line.flow.cts:
            lines |= DeviceLines.CTS
        if self._connected or self._settings["&S"] not in self._lines.dsr_follows:
            lines |= DeviceLines.DSR
        if self._ringing is not None:
            lines |= DeviceLines.RI
        if self._connected or (self._settings["&C"] not in self._lines.dcd_follows and self._winking is None):
            lines |= DeviceLines.DCD
        return lines
