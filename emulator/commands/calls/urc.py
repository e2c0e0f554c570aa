"""URCs of calls: +CUSD, what the network says to a code or by itself. 27.007 7.15."""

from emulator.commands.calls.service_codes import written_answer
from emulator.commands.character_set import CharacterSet
from emulator.commands.context import AtInstance, Context
from emulator.device.device import Device
from emulator.device.network.ussd import UssdMessage


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
        shown, scheme = written_answer(CharacterSet(instance.settings, device.profile.sms), message.text)
        text += f',"{shown}",{scheme}'
    instance.notify(text)
    return True


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report requests of the network."""
    device.ussd.on_request.append(lambda message: _notify(device, instance, message))
