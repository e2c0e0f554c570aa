"""The module's side of the multiplexer: channels that a host opens, and the control channel. 27.010 5.3 to 5.5.

It owns a port that spoke AT until now, and gives it back when the host closes the multiplexer or goes away.
"""

from collections.abc import Callable

from emulator.clock import Clock, Timer
from emulator.mux.channel import ChannelPort
from emulator.mux.frames import Frame, FrameReader, Kind
from emulator.mux.messages import Message, Signals, Type, decoded
from emulator.ports.lines import HostLines
from emulator.ports.port import HIGH_MARK, Port

_CONTROL = 0
_NONE = Signals(0)
_LINES_UP = Signals.COMMUNICATING | Signals.RECEIVING | Signals.DATA_VALID


class Multiplexer:
    """A `PortOwner`. The host is the initiator, the module the responder."""

    def __init__(
        self,
        port: Port,
        clock: Clock,
        *,
        channels: int,
        frame_size: int,
        patience: float,
        opened: Callable[[ChannelPort], None],
        closed: Callable[[ChannelPort], None],
        ended: Callable[[], None],
    ) -> None:
        """Begin to listen for frames.

        Args:
            port: carries the frames.
            clock: the module's time.
            channels: how many the host may open beside the control channel.
            frame_size: bytes of information in a frame, at most.
            patience: seconds until the host has opened the control channel, or there is no multiplexer after all.
            opened: told of a channel that the host has opened, before anything comes through it.
            closed: told of one that it has closed.
            ended: called when the port speaks AT again.
        """
        self._port = port
        self._channels_allowed = channels
        self._frame_size = frame_size
        self._opened = opened
        self._closed = closed
        self._ended = ended
        self._reader = FrameReader(frame_size)
        self._channels: dict[int, ChannelPort] = {}
        self._is_open = False
        self._over = False
        self._all_held = False
        self._held: set[int] = set()
        """The channels that the host can take nothing on."""
        self._giving_up: Timer | None = clock.call_later(patience, self.end)

    def __repr__(self) -> str:
        return f"<Multiplexer with channels {sorted(self._channels)}>"

    def end(self) -> None:
        """Close all channels and give the port back; harmless a second time."""
        if self._over:
            return
        self._over = True
        self._forget_giving_up()
        for channel in list(self._channels.values()):
            self._close(channel)
        self._ended()

    # As the owner of the port.

    def data_received(self, data: bytes) -> None:
        for frame in self._reader.feed(data):
            if not self._over:
                self._take(frame)
        if any(channel.kept > 2 * HIGH_MARK for channel in self._channels.values()):
            self._port.pause()

    def host_opened(self) -> None:
        """The port was open before."""

    def host_closed(self) -> None:
        for channel in list(self._channels.values()):
            channel.dtr(False)
        self.end()

    def lines_changed(self, lines: HostLines) -> None:
        """Each channel has lines of its own."""

    def writable(self) -> None:
        self._regulate()

    # Frames.

    def _take(self, frame: Frame) -> None:
        match frame.kind:
            case Kind.SABM:
                self._answer(frame, Kind.UA if self._open(frame.channel) else Kind.DM)
            case Kind.DISC if frame.channel == _CONTROL and self._is_open:
                self._answer(frame, Kind.UA)
                self.end()
            case Kind.DISC if frame.channel in self._channels:
                self._answer(frame, Kind.UA)
                self._close(self._channels[frame.channel])
            case Kind.DISC:
                self._answer(frame, Kind.DM)
            case Kind.UIH | Kind.UI if frame.channel == _CONTROL and self._is_open:
                for message in decoded(frame.information):
                    self._heed(message)
            case Kind.UIH | Kind.UI if frame.channel in self._channels:
                self._channels[frame.channel].received(frame.information)
            case _:
                pass

    def _answer(self, frame: Frame, kind: Kind) -> None:
        self._port.write(Frame(frame.channel, kind, command=frame.command, poll=frame.poll).encoded())

    def _open(self, number: int) -> bool:
        """Open a channel at the host's wish; whether it may."""
        if number == _CONTROL:
            self._is_open = True
            self._forget_giving_up()
            return True
        if not self._is_open or number > self._channels_allowed:
            return False
        if number not in self._channels:
            channel = ChannelPort(number, f"{self._port.name} channel {number}", self._send, self._restrain)
            self._channels[number] = channel
            self._opened(channel)
            channel.dtr(True)
            self._tell_lines(number)
        return True

    def _close(self, channel: ChannelPort) -> None:
        del self._channels[channel.number]
        self._held.discard(channel.number)
        self._closed(channel)

    def _forget_giving_up(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    def _send(self, number: int, data: bytes) -> None:
        for start in range(0, len(data), self._frame_size):
            piece = data[start : start + self._frame_size]
            self._port.write(Frame(number, Kind.UIH, piece, command=False).encoded())
        self._regulate()

    def _regulate(self) -> None:
        """Let channels wait while the port, or the host on it, takes nothing."""
        for number, channel in self._channels.items():
            channel.hold(self._all_held or number in self._held or self._port.congested)

    # The control channel.

    def _heed(self, message: Message) -> None:
        if not message.command:
            return  # the host confirms what it was told
        match message.type:
            case Type.CLOSE_DOWN:
                self._confirm(message)
                self.end()
            case Type.MODEM_STATUS if len(message.value) >= 2:
                self._confirm(message)
                self._set_lines(message.value[0] >> 2, Signals(message.value[1] & ~1))
            case Type.FLOW_ON | Type.FLOW_OFF:
                self._confirm(message)
                self._all_held = message.type == Type.FLOW_OFF
                self._regulate()
            case Type.TEST | Type.POWER_SAVING | Type.PARAMETER_NEGOTIATION | Type.REMOTE_PORT | Type.LINE_STATUS:
                self._confirm(message)
            case _:
                head = message.type | 3
                self._tell(Message(Type.NOT_SUPPORTED, bytes((head,)), command=False))

    def _confirm(self, message: Message) -> None:
        self._tell(Message(message.type, message.value, command=False))

    def _tell(self, message: Message) -> None:
        self._port.write(Frame(_CONTROL, Kind.UIH, message.encoded(), command=False).encoded())

    def _set_lines(self, number: int, signals: Signals) -> None:
        channel = self._channels.get(number)
        if channel is None:
            return
        if Signals.FLOW_CONTROL in signals:
            self._held.add(number)
        else:
            self._held.discard(number)
        self._regulate()
        channel.dtr(Signals.COMMUNICATING in signals)

    def _tell_lines(self, number: int, more: Signals = _NONE) -> None:
        self._tell(Message(Type.MODEM_STATUS, bytes((number << 2 | 3, _LINES_UP | more | 1))))

    def _restrain(self, channel: ChannelPort) -> None:
        """Ask the host to stop sending on a channel; one that goes on all the same is not read any more."""
        self._tell_lines(channel.number, Signals.FLOW_CONTROL if channel.full else _NONE)
        if not channel.full:
            self._port.resume()
