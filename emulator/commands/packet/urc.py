"""URCs of packet data: #SGACT of an automatic activation, +CGEV, the end of a suspended data call. 27.007 10.1.19."""

from collections.abc import Mapping

from emulator.at.answers import Final
from emulator.commands.context import AtInstance
from emulator.device.device import Device
from emulator.device.network.contexts import ContextEvent

_EVENTS: Mapping[ContextEvent, str] = {
    ContextEvent.ATTACHED: "EPS PDN ACT",
    ContextEvent.ACTIVATED: "ME PDN ACT",
    ContextEvent.DEACTIVATED: "ME PDN DEACT",
    ContextEvent.DROPPED: "NW PDN DEACT",
}


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report automatic activations, and the events of contexts on lines with LTE."""

    def event(what: ContextEvent, cid: int) -> None:
        if instance.settings["+CGEREP.mode"]:
            instance.notify(f"+CGEV: {_EVENTS[what]} {cid}")

    if device.profile.pdp.default_bearer is not None:
        device.contexts.on_event.append(event)
    device.activations.on_activated.append(lambda address: instance.notify(f"#SGACT: {address}"))


def report_end_of_call(instance: AtInstance, reason: str) -> None:
    """Report that a call has ended while its host was in command mode. V.250 6.3.6."""
    instance.tell_connection_ended(reason)
    instance.notify(Final.NO_CARRIER.text)
