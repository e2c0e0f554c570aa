"""URCs of packet data: #SGACT of a context that was activated automatically, the end of a suspended data call."""

from emulator.at.answers import Final
from emulator.commands.context import AtInstance
from emulator.device.device import Device


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report automatic activations."""
    device.activations.on_activated.append(lambda address: instance.notify(f"#SGACT: {address}"))


def report_end_of_call(instance: AtInstance, reason: str) -> None:
    """Report that a call has ended while its host was in command mode. V.250 6.3.6."""
    instance.tell_connection_ended(reason)
    instance.notify(Final.NO_CARRIER.text)
