"""What a client's session tells of the broker's packets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConnectAnswered:
    """The broker has answered CONNECT (3.2)."""

    refusal: str
    """Why it refuses, in words; empty where it accepts."""
    session_present: bool


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A subscription, its end, or a message has been acknowledged to the last step of its QoS."""

    number: int
    """The packet identifier."""
    refused: bool = False
    """Whether the broker refuses the subscription."""


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """An application message has come."""

    topic: bytes
    payload: bytes
    cut: bool = False
    """Whether it is too long, and its payload was dropped."""


@dataclass(frozen=True, slots=True)
class PingAnswered:
    """The broker has answered PINGREQ."""


@dataclass(frozen=True, slots=True)
class ProtocolFailed:
    """What has come is no MQTT, or is not allowed here; the connection must end."""

    reason: str


MqttEvent = ConnectAnswered | Acknowledged | MessageArrived | PingAnswered | ProtocolFailed
