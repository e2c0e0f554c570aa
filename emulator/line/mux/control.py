"""The control channel: answers the messages of the host. 27.010 5.4.6."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulator.line.mux.messages import ControlMessage, Signals, Type, decoded
from emulator.line.mux.negotiation import Parameters, RemotePorts

if TYPE_CHECKING:
    from emulator.line.mux.multiplexer import Multiplexer


class ControlChannel:
    """Answer each command of the host, and then obey it."""

    def __init__(self, send: Callable[[bytes], None], multiplexer: "Multiplexer") -> None:
        """Send information by `send`, which puts it into a frame of the control channel."""
        self._send = send
        self._multiplexer = multiplexer
        self._remote_ports = RemotePorts()

    def received(self, information: bytes) -> None:
        """Take the information of a frame; responses of the host need no attention."""
        for message in decoded(information):
            if message.command:
                self._heed(message)

    def tell_lines(self, channel: int, signals: Signals) -> None:
        """Tell the host of a channel's lines."""
        self._send(ControlMessage(Type.MODEM_STATUS, bytes((channel << 2 | 3, signals | 1))).encoded())

    def _heed(self, message: ControlMessage) -> None:
        value = message.value
        match message.type:
            case Type.CLOSE_DOWN:
                self._confirm(message)
                self._multiplexer.end()
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

    def _confirm(self, message: ControlMessage) -> None:
        self._answer(message.type, message.value)

    def _answer(self, kind: int, value: bytes) -> None:
        self._send(ControlMessage(kind, value, command=False).encoded())
