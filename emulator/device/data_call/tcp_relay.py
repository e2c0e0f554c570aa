"""Carry one TCP connection of the host over a connection of the network: bytes, ends and resets, both ways."""

import asyncio
from collections.abc import Callable

from emulator.device.connection.states import LIFE, Action, State, traced
from emulator.device.data_call.outside import Outside
from emulator.guard import guarded
from emulator.ip.icmp import Unreachable
from emulator.ip.packet import Packet
from emulator.ip.tcp.changes import TcpChange
from emulator.ip.tcp.connection import TcpConnection
from emulator.net.bearer import DialFailed, DialRefused, NameUnknown
from emulator.net.stream import Stream
from emulator.states import StateMachine
from emulator.trace.defect import report_defect, reporting_task


class TcpRelay:
    """Dials when the host asks, and answers the host when the peer has answered.

    Back-pressure goes both ways: what a peer does not take stays in the window of the host, what the host does not take
    stays with the peer.
    """

    def __init__(self, connection: TcpConnection, packet: Packet, outside: Outside, over: Callable[[], None]) -> None:
        """Take the host's end, and its SYN; `over` is called once, when nothing passes any more."""
        self._connection = connection
        self._packet = packet
        self._outside = outside
        self._over = over
        self._trace = outside.environment.trace
        self._states = StateMachine(
            LIFE, State.CLOSED, observer=traced(self._trace, f"data call port {connection.request.source_port}")
        )
        self._stream: Stream | None = None
        self._dialling: asyncio.Task[None] | None = None
        self._host_ended = False

    def __repr__(self) -> str:
        return f"<TcpRelay {self._states.state.value}, {self._connection!r}>"

    # The dial.

    def begin(self) -> None:
        """Dial the peer, if the host may reach it."""
        peer, port = self._connection.peer, self._connection.peer_port
        if peer == self._outside.stack.address:
            self._connection.refuse()
            self._over()
        elif not self._outside.may_reach(peer, port):
            self._tell_unreachable()
            self._over()
        else:
            self._states.apply(Action.DIAL)
            self._dialling = reporting_task(self._trace, "a dial of a data call", self._dial(peer, port))

    async def _dial(self, peer: str, port: int) -> None:
        environment = self._outside.environment
        try:
            async with environment.clock.timeout(self._outside.profile.dial_timeout):
                stream = await environment.bearer.relay(peer, port)
        except DialRefused:
            self._connection.refuse()
        except TimeoutError:
            self._connection.forget()  # the host repeats its SYN, or gives up by itself
        except (NameUnknown, DialFailed) as error:
            self._take_failure(error)
        else:
            self._open(stream)
        finally:
            if self._states.state is State.CONNECTING:
                self._connection.forget()
                self._conclude(Action.FAILED)

    def _take_failure(self, error: Exception) -> None:
        if isinstance(error.__cause__, TimeoutError):
            self._connection.forget()
        else:
            self._tell_unreachable()

    def _tell_unreachable(self) -> None:
        self._outside.stack.send_unreachable(self._packet, Unreachable.HOST)
        self._connection.forget()

    def _open(self, stream: Stream) -> None:
        self._stream, self._dialling = stream, None
        self._states.apply(Action.OPENED)
        self._connection.accept()
        stream.attach(self)
        self._go_on()

    # From the host.

    def host_changed(self, change: TcpChange) -> None:
        """Take what has happened to the host's end."""
        match change:
            case TcpChange.READABLE:
                self._feed()
            case TcpChange.WRITABLE if self._stream is not None:
                self._stream.resume()
            case TcpChange.ENDED:
                self._host_ended = True
                self._feed()
            case TcpChange.RESET | TcpChange.GIVEN_UP:
                self.abort()
            case TcpChange.CLOSED:
                self._conclude_in_order()

    def _feed(self) -> None:
        """Give the peer what the host has sent, as far as it takes it; then its end."""
        stream = self._stream
        if stream is None:
            return
        while self._connection.readable and not stream.congested:
            stream.write(self._connection.read())
        if self._host_ended and not self._connection.readable:
            stream.finish()
            self._conclude_in_order()

    # From the peer.

    @guarded
    def data_received(self, data: bytes) -> None:
        """Send data of the peer to the host."""
        self._connection.send(data)
        if self._connection.congested and self._stream is not None:
            self._stream.pause()
        self._go_on()

    @guarded
    def ended(self, error: Exception | None) -> None:
        """Send the end of the peer to the host, or its reset."""
        if error is None:
            self._connection.finish()
        else:
            self._lose()
        self._go_on()

    @guarded
    def broken(self, error: Exception) -> None:
        """Reset the host's end: the peer, which had ended, takes nothing any more."""
        self._lose()
        self._go_on()

    @guarded
    def writable(self) -> None:
        """Send on what the host has sent."""
        self._feed()
        self._go_on()

    def fail(self, error: Exception) -> None:
        """End both sides because of a defect of the emulator."""
        report_defect(self._trace, "a connection of a data call", error)
        self._connection.abort()
        self.abort()
        self._go_on()

    # The end.

    def abort(self) -> None:
        """Reset the peer, and say nothing to the host."""
        if self._dialling is not None:
            self._dialling.cancel()
        if self._stream is not None:
            self._stream.abort()
        self._connection.forget()
        self._conclude(Action.FAILED if self._states.state is State.CONNECTING else Action.CLOSE)

    def _lose(self) -> None:
        self._connection.abort()
        self._conclude(Action.CLOSE)

    def _conclude_in_order(self) -> None:
        """Close once both ends have ended, and the peer has been given all."""
        if self._connection.is_over and not self._connection.readable and self._stream is not None:
            self._stream.close()
            self._conclude(Action.CLOSE)

    def _conclude(self, action: Action) -> None:
        """Let go of the connection; harmless a second time."""
        if self._states.state is State.CLOSED:
            return
        self._states.apply(action)
        self._outside.stack.touch(self._connection)
        self._over()
        self._outside.go_on()

    def _go_on(self) -> None:
        self._outside.stack.touch(self._connection)
        self._outside.go_on()
