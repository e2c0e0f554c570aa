"""URCs of calls: +CUSD, what the network says to a code or by itself, and those of voice calls. 27.007 6 and 7."""

from typing import TYPE_CHECKING

from emulator.at.answers import Final
from emulator.commands.character_set import CharacterSet
from emulator.commands.context import AtInstance, Context
from emulator.device.calls.call import Call, CallState, Release
from emulator.device.device import Device
from emulator.device.network.ussd import UssdMessage
from emulator.later import later

if TYPE_CHECKING:
    from emulator.commands.calls import service_codes
else:
    service_codes = later("emulator.commands.calls.service_codes")


def send_code(at: Context, code: str) -> None:
    """Send a code or a reply, and report behind the OK what the network says to it."""

    def report(message: UssdMessage) -> bool:
        return _notify(at.device, at.instance, message)

    def answered() -> None:
        report(told)

    told = at.device.ussd.send(code, report)
    at.instance.after_answer(answered)


def _notify(device: Device, instance: AtInstance, message: UssdMessage) -> bool:
    if instance.settings["+CUSD"] != 1:
        return False
    text = f"+CUSD: {message.outcome.value}"
    if message.text is not None:
        shown, scheme = service_codes.written_answer(CharacterSet(instance.settings, device.profile.sms), message.text)
        text += f',"{shown}",{scheme}'
    instance.notify(text)
    return True


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report requests of the network, and calls that come, change and end."""
    reports = CallReports(device, instance)
    device.calls.on_ring.append(reports.rang)
    device.calls.on_rung.append(reports.answer_by_itself)
    device.calls.on_change.append(reports.changed)
    device.calls.on_tone.append(reports.heard)
    instance.on_hang_up(reports.hang_up)
    device.ussd.on_request.append(lambda message: _notify(device, instance, message))


def why_ended(call: Call) -> str:
    """Tell why a call has ended, in words."""
    return f"the call has ended: {call.release.text} (cause {call.release.number})"


FINALS = {Release.BUSY: Final.BUSY, Release.NO_ANSWER: Final.NO_ANSWER}
"""Results of dialled calls that nobody has answered; the others are NO CARRIER."""
_VOICE_CLASS = 1
_NUMBER_TYPES = {True: 145, False: 129}
_UNKNOWN_TYPE = 128
_SHOWN, _WITHHELD = 0, 1
"""<CLI validity>."""
_STEP_BY_STEP = 2
"""#DIALMODE that reports each step."""
_DTR_AS_SET = 2
"""+CVHU under which &D says what DTR does to a voice call."""
_ECAM = {
    CallState.DIALLING: 1,
    CallState.ALERTING: 2,
    CallState.ACTIVE: 3,
    CallState.HELD: 4,
    CallState.WAITING: 5,
    CallState.INCOMING: 6,
}
"""<status> of #ECAM."""
_IDLE, _DIALLED, _BUSY = 0, 1, 7


class CallReports:
    """Writes the URCs of one AT instance."""

    def __init__(self, device: Device, instance: AtInstance) -> None:
        self._device = device
        self._instance = instance
        self._settings = instance.settings

    def __repr__(self) -> str:
        return f"<CallReports of {self._device.calls!r}>"

    def rang(self, call: Call) -> None:
        """Tell of a ring, or of a call that waits."""
        if call.state is CallState.WAITING:
            if self._settings["+CCWA.report"]:
                shown, validity = self._line(call)
                self._instance.alert(f'+CCWA: {shown},{_VOICE_CLASS},"{self._name(call)}",{validity}')
            return
        self._instance.alert("+CRING: VOICE" if self._settings["+CRC"] else "RING")
        if self._settings["+CLIP"]:
            shown, validity = self._line(call)
            self._instance.alert(f'+CLIP: {shown},"",{_UNKNOWN_TYPE},"{self._name(call)}",{validity}')

    def _line(self, call: Call) -> tuple[str, int]:
        """Return number and type, and whether they are shown."""
        if not call.number:
            return f'"",{_UNKNOWN_TYPE}', _WITHHELD
        return f'"{call.number}",{_NUMBER_TYPES[call.number.startswith("+")]}', _SHOWN

    def _name(self, call: Call) -> str:
        characters = CharacterSet(self._settings, self._device.profile.sms)
        return characters.written(self._device.phonebook.name_of(call.number)) if call.number else ""

    def answer_by_itself(self, call: Call) -> None:
        """Answer after as many rings as S0 says."""
        if not self._device.profile.calls.voice or call.state is not CallState.INCOMING:
            return
        if 0 < self._settings["S0"] <= self._device.calls.rings:
            self._device.calls.answer(call, self._instance)

    def changed(self, call: Call) -> None:
        """Tell of a change: by #ECAM, and by NO CARRIER where the other side has ended a call of this instance."""
        if self._settings["#ECAM"]:
            for line in self._events(call):
                self._instance.alert(line)
        if call.state is not CallState.ENDED or call.ended_by is self._instance or call.result_is_due:
            return
        if call.owner in (None, self._instance):
            self._instance.tell_connection_ended(why_ended(call))
            steps = self._device.stored["#DIALMODE"] == _STEP_BY_STEP
            self._instance.alert("DISCONNECTED" if steps else self._end_of(call))

    @staticmethod
    def _end_of(call: Call) -> str:
        """Return the result of a call that has ended by itself: as of a dial, where nobody had answered it."""
        final = Final.NO_CARRIER if call.incoming else FINALS.get(call.release, Final.NO_CARRIER)
        return final.text

    def _events(self, call: Call) -> list[str]:
        if call.state is CallState.ENDED:
            statuses = [_BUSY, _IDLE] if call.release is Release.BUSY and not call.incoming else [_IDLE]
            return [f"#ECAM: {call.id},{status},1,,," for status in statuses]
        status = _ECAM[call.state]
        number = f'"{call.number}",{_NUMBER_TYPES[call.number.startswith("+")]}' if status == _DIALLED else ""
        return [f"#ECAM: {call.id},{status},1,,,{number}"]

    def heard(self, tone: str) -> None:
        """Tell of a tone."""
        if self._settings["#DTMF"]:
            self._instance.alert(f"#DTMFEV: {tone}")

    def hang_up(self) -> None:
        """End the calls of this instance because DTR has fallen, where +CVHU allows it."""
        if self._settings["+CVHU"] != _DTR_AS_SET:
            return
        calls = [call for call in self._device.calls if call.owner is self._instance and not call.result_is_due]
        for call in calls:
            self._device.calls.end(call, Release.NORMAL, self._instance)
        if calls:
            self._instance.tell_connection_ended("DTR has fallen, and +CVHU=2 lets &D end the voice call")
            self._instance.notify("NO CARRIER")
