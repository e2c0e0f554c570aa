"""URCs of packet data: #SGACT of a context that was activated automatically. IP Easy User Guide."""

from emulator.commands.context import AtInstance
from emulator.device.device import Device


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report automatic activations."""
    device.activations.on_activated.append(lambda address: instance.notify(f"#SGACT: {address}"))
