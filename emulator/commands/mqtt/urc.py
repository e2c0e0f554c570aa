"""The URC of the MQTT client: #MQRING. It goes to the AT instance that has enabled the MQTT instance."""

from typing import TYPE_CHECKING

from emulator.commands.context import AtInstance

if TYPE_CHECKING:
    from emulator.device.mqtt.inbox import ReceivedMessage


class MqttRings:
    """Writes the URCs of one MQTT instance: a `device.mqtt.client.MqttListener`."""

    def __init__(self, instance: AtInstance) -> None:
        self._instance = instance

    def message_waits(self, instance: int, number: int, message: "ReceivedMessage") -> None:
        """Report a message that can be read."""
        self._instance.notify(f"#MQRING: {instance},{number},{shown_topic(message)},{len(message.payload)}")

    def message_lost(self) -> None:
        """Report that the buffer is full."""
        self._instance.notify("#MQRING: 0")


def shown_topic(message: "ReceivedMessage") -> str:
    """Return the topic as the host reads it, byte for byte."""
    return message.topic.decode("latin-1")
