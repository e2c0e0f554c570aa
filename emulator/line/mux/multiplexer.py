"""The device's side of the multiplexer: channels that a host opens, and the control channel. 27.010 5.3 to 5.5.

It owns a port that spoke AT until now. It gives the port back when the host closes the multiplexer or goes away.
"""

from collections.abc import Callable

from emulator.clock import Clock, Timer
from emulator.guard import guarded
from emulator.line.mux.channel import ChannelPort
from emulator.line.mux.control import ControlChannel
from emulator.line.mux.frames import Frame, FrameReader, Kind
from emulator.line.mux.messages import Signals
from emulator.line.mux.negotiation import Parameters
from emulator.line.serial.lines import DeviceLines, HostLines
from emulator.line.serial.port import HIGH_MARK, Port

_CONTROL = 0
_READY = Signals.COMMUNICATING | Signals.RECEIVING
"""DSR and CTS."""


class Multiplexer:
    """Own a port. The host is the initiator, the device the responder."""

    def __init__(
        self,
        port: Port,
        clock: Clock,
        *,
        channels: int,
        frame_size: int,
        timeout: float,
        channel: Callable[[int], ChannelPort],
        ended: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Listen for frames.

        Args:
            port: carries the frames.
            clock: the module's time.
            channels: how many the host may open beside the control channel.
            frame_size: bytes of information in a frame, at most.
            timeout: seconds within which the host must open the control channel.
            channel: returns the channel of a number, each time that the host opens it.
            ended: called when the port speaks AT again.
            failed: called with a defect of the emulator; the port speaks AT again.
        """
        self._failed = failed
        self._port = port
        self._channels_allowed = channels
        self._frame_size = frame_size
        self._channel = channel
        self._ended = ended
        self._reader = FrameReader(frame_size)
        self._channels: dict[int, ChannelPort] = {}
        self._is_open = False
        self._over = False
        self._all_held = False
        self._held: set[int] = set()
        """Channels on which the host takes nothing."""
        self._frame_sizes: dict[int, int] = {}
        """Negotiated frame sizes, by channel."""
        self._control = ControlChannel(lambda information: self._write(_CONTROL, information), self)
        self._giving_up: Timer | None = clock.call_later(timeout, self._give_up)

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
        self._port.resume()

    @guarded
    def _give_up(self) -> None:
        self.end()

    def fail(self, error: Exception) -> None:
        """Report a defect of the emulator and give the port back."""
        self._failed(error)
        self.end()

    # As the owner of the port.

    def port_failed(self, error: Exception) -> None:
        self._failed(error)

    @guarded
    def data_received(self, data: bytes) -> None:
        for frame in self._reader.feed(data):
            if not self._over:
                self._take(frame)
        if any(channel.kept > 2 * HIGH_MARK for channel in self._channels.values()):
            self._port.pause()

    def host_opened(self) -> None:
        """Ignore it: the port was open before."""

    def host_changes(self) -> None:
        """Ignore it: the host that has opened the channels is still to be heard to the end."""

    @guarded
    def host_closed(self) -> None:
        self.end()

    def lines_changed(self, lines: HostLines) -> None:
        """Ignore them: each channel has lines of its own."""

    @guarded
    def writable(self) -> None:
        self._regulate()

    # Frames.

    def _take(self, frame: Frame) -> None:
        match frame.kind:
            case Kind.SABM if self._may_open(frame.channel):
                self._answer(frame, Kind.UA)
                self._open(frame.channel)
            case Kind.SABM:
                self._answer(frame, Kind.DM)
            case Kind.DISC if frame.channel == _CONTROL and self._is_open:
                self._answer(frame, Kind.UA)
                self.end()
            case Kind.DISC if frame.channel in self._channels:
                self._answer(frame, Kind.UA)
                self._close(self._channels[frame.channel])
            case Kind.DISC:
                self._answer(frame, Kind.DM)
            case Kind.UIH | Kind.UI if frame.channel == _CONTROL and self._is_open:
                self._control.received(frame.information)
            case Kind.UIH | Kind.UI if frame.channel in self._channels:
                self._channels[frame.channel].received(frame.information)
            case _:
                pass

    def _answer(self, frame: Frame, kind: Kind) -> None:
        self._port.write(Frame(frame.channel, kind, poll=frame.poll).encoded())

    def _may_open(self, number: int) -> bool:
        return number == _CONTROL or (self._is_open and number <= self._channels_allowed)

    def _open(self, number: int) -> None:
        """Open a channel; harmless when it is open."""
        if number == _CONTROL:
            self._is_open = True
            self._forget_giving_up()
        elif number not in self._channels:
            channel = self._channels[number] = self._channel(number)
            self._tell_lines(channel)
            channel.arrive(self._send, self._restrain)

    def _close(self, channel: ChannelPort) -> None:
        del self._channels[channel.number]
        self._held.discard(channel.number)
        channel.leave()

    def _forget_giving_up(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    def _send(self, number: int, data: bytes) -> int:
        """Put bytes of a channel into frames as long as the port takes them; return how many it took."""
        size, sent = self._frame_sizes.get(number, self._frame_size), 0
        while sent < len(data) and not self._port.congested:
            self._write(number, data[sent : sent + size])
            sent += size
        self._regulate()
        return min(sent, len(data))

    def _write(self, number: int, information: bytes) -> None:
        self._port.write(Frame(number, Kind.UIH, information, command=False).encoded())

    def _regulate(self) -> None:
        """Hold channels while the port, or the host on it, takes nothing."""
        for number, channel in list(self._channels.items()):
            channel.hold(self._all_held or number in self._held or self._port.congested)

    # As the control channel's multiplexer.

    def hold_all(self, held: bool) -> None:
        """Send nothing on any channel, or go on, as the host says."""
        self._all_held = held
        self._regulate()

    def set_lines(self, channel: int, signals: Signals) -> None:
        """Set the host's control lines of a channel."""
        found = self._channels.get(channel)
        if found is None:
            return
        if Signals.FLOW_CONTROL in signals:
            self._held.add(channel)
        else:
            self._held.discard(channel)
        found.set_dtr(Signals.COMMUNICATING in signals)
        self._regulate()

    def negotiate(self, asked: Parameters) -> Parameters:
        """Limit the parameters of a channel, and return them."""
        agreed = asked.limited(self._frame_size)
        self._frame_sizes[agreed.channel] = agreed.frame_size
        return agreed

    # Lines to the host.

    def _tell_lines(self, channel: ChannelPort) -> None:
        lines = _READY
        if DeviceLines.DCD in channel.lines:
            lines |= Signals.DATA_VALID
        if DeviceLines.RI in channel.lines:
            lines |= Signals.INCOMING_CALL
        if channel.full:
            lines |= Signals.FLOW_CONTROL
        self._control.tell_lines(channel.number, lines)

    def _restrain(self, channel: ChannelPort) -> None:
        """Ask the host to stop sending on a channel, or to go on."""
        self._tell_lines(channel)
        if not channel.full:
            self._port.resume()
