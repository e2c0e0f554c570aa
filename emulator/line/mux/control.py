"""The control channel: answers to the host's messages. 27.010 5.4.6."""

from collections.abc import Callable
from typing import Protocol

from emulator.line.mux.messages import Message, Signals, Type, decoded
from emulator.line.mux.negotiation import Parameters, RemotePorts


class Controlled(Protocol):
    """The multiplexer, as the control channel sees it."""

    def close_down(self) -> None:
        """The host has closed the multiplexer."""

    def hold_all(self, held: bool) -> None:
        """The host takes nothing on any channel, or takes it again."""

    def set_lines(self, channel: int, signals: Signals) -> None:
        """The control lines of a channel."""

    def negotiate(self, asked: Parameters) -> Parameters:
        """The parameters that a channel gets."""


class ControlChannel:
    """Each command is answered before it takes effect."""

    def __init__(self, send: Callable[[bytes], None], multiplexer: Controlled) -> None:
        """`send` puts information into a frame of the control channel."""
        self._send = send
        self._multiplexer = multiplexer
        self._remote_ports = RemotePorts()

    def received(self, information: bytes) -> None:
        """A frame of the control channel has come; the host's responses need no attention."""
        for message in decoded(information):
            if message.command:
                self._heed(message)

    def tell_lines(self, channel: int, signals: Signals) -> None:
        """Tell the host of a channel's lines."""
        self._send(Message(Type.MODEM_STATUS, bytes((channel << 2 | 3, signals | 1))).encoded())

    def _heed(self, message: Message) -> None:
        value = message.value
        match message.type:
            case Type.CLOSE_DOWN:
                self._confirm(message)
                self._multiplexer.close_down()
            case Type.MODEM_STATUS if len(value) >= 2:
                self._confirm(message)
                self._multiplexer.set_lines(value[0] >> 2, Signals(value[1] & ~1))
            case Type.FLOW_ON | Type.FLOW_OFF:
                self._confirm(message)
                self._multiplexer.hold_all(message.type == Type.FLOW_OFF)
            case Type.PARAMETER_NEGOTIATION if (asked := Parameters.decoded(value)) is not None:
                self._answer(message.type, self._multiplexer.negotiate(asked).encoded())
            case Type.REMOTE_PORT if value:
                self._answer(message.type, self._remote_ports.answer(value))
            case Type.TEST | Type.POWER_SAVING | Type.LINE_STATUS:
                self._confirm(message)
            case Type.MODEM_STATUS | Type.PARAMETER_NEGOTIATION | Type.REMOTE_PORT:
                pass  # too short to be any
            case _:
                self._answer(Type.NOT_SUPPORTED, bytes((message.head,)))

    def _confirm(self, message: Message) -> None:
        self._answer(message.type, message.value)

    def _answer(self, kind: int, value: bytes) -> None:
        self._send(Message(kind, value, command=False).encoded())
