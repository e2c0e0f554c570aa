"""URCs of short messages: +CMT, +CMTI, +CDS, +CDSI, as +CNMI has it; #SMOV, #MWI. 27.005 3.4.1."""

from collections import deque
from typing import TYPE_CHECKING

from emulator.at.settings import Settings
from emulator.commands.context import AtInstance
from emulator.commands.messages.lines import MessageView, delivered_lines, report_lines
from emulator.device.device import Device
from emulator.device.sms.address import Address
from emulator.device.sms.tpdu import Deliver, StatusReport
from emulator.later import later

if TYPE_CHECKING:
    from emulator.commands.messages import indications
else:
    indications = later("emulator.commands.messages.indications")

_BUFFERED = 64
"""URCs that are kept while the host does not want to be interrupted; the oldest goes first."""
_KEEP, _DISCARD_WHILE_ONLINE = 0, 1
"""<mode>; with others a URC waits for the end of data mode."""
_INDICATED = (1, 3)
"""<mt>: a message that was stored is reported."""
_ROUTED = 2
"""<mt>: a message is shown instead of being stored."""
_ROUTED_CLASS_3 = 3
_REPORTS_ROUTED, _REPORTS_STORED = 1, 2
"""<ds>."""
_TO_CARD = 2
"""The class of a message that belongs on the card, wherever <mt> sends others."""


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report messages that come, and reports of those that were sent."""
    device.messages.listen(instance, MessageUrcs(device, instance))

    def filled(memory: str) -> None:
        if instance.settings["#SMOV"]:
            instance.notify(f'#SMOV: "{memory}"')

    device.messages.on_full.append(filled)
    if instance.settings["#MWI"]:
        instance.notify(f"#MWI: {indications.NO_MESSAGE_WAITS}")


class MessageUrcs:
    """Writes the URCs of one AT instance: a `device.sms.service.MessageListener`."""

    def __init__(self, device: Device, instance: AtInstance) -> None:
        self._instance = instance
        self._view = MessageView(device, instance.settings)
        self._kept: deque[str] = deque(maxlen=_BUFFERED)

    @property
    def _settings(self) -> Settings:
        return self._instance.settings

    def takes(self, message: Deliver) -> bool:
        """Return whether <mt> routes the message to the host."""
        mode, kind = self._settings["+CNMI.mt"], _class_of(message.scheme)
        return (mode == _ROUTED and kind != _TO_CARD) or (mode == _ROUTED_CLASS_3 and kind == _ROUTED_CLASS_3)

    def delivered(self, message: Deliver, centre: Address) -> None:
        """Show a message that was not stored: +CMT."""
        self._report(delivered_lines(message, centre, self._view))

    def stored(self, memory: str, index: int) -> None:
        """Report a message that was stored: +CMTI."""
        if self._settings["+CNMI.mt"] in _INDICATED or self._settings["+CNMI.mt"] == _ROUTED:
            self._report(f'+CMTI: "{memory}",{index}')

    def takes_reports(self) -> bool:
        """Return whether <ds> routes reports to the host."""
        return self._settings["+CNMI.ds"] == _REPORTS_ROUTED

    def reported(self, report: StatusReport, centre: Address) -> None:
        """Show a status report that was not stored: +CDS."""
        self._report(report_lines(report, centre, self._view))

    def wants_reports_stored(self) -> bool:
        """Return whether <ds> has reports stored."""
        return self._settings["+CNMI.ds"] == _REPORTS_STORED

    def report_stored(self, memory: str, index: int) -> None:
        """Report a status report that was stored: +CDSI."""
        self._report(f'+CDSI: "{memory}",{index}')

    def wishes_changed(self) -> None:
        """Send the URCs that were kept, or with <bfr> 1 drop them."""
        if self._settings["+CNMI.mode"] == _KEEP:
            return
        kept, self._kept = self._kept, deque(maxlen=_BUFFERED)
        if not self._settings["+CNMI.bfr"]:
            for text in kept:
                self._instance.notify(text)

    def _report(self, text: str) -> None:
        mode = self._settings["+CNMI.mode"]
        if mode == _KEEP:
            self._kept.append(text)
        elif mode != _DISCARD_WHILE_ONLINE or not self._instance.in_data_mode:
            self._instance.notify(text)


def _class_of(scheme: int) -> int | None:
    """Return the class that a data coding scheme gives a message (23.038 4)."""
    has_class = (scheme >> 6 == 0 and scheme & 0x10) or scheme >> 4 == 0xF
    return scheme & 3 if has_class else None
