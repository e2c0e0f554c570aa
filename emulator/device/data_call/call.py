"""One data call: a link of PPP in data mode, and the network behind it."""

import asyncio
from collections.abc import Callable
from ipaddress import IPv4Address

from msgspec.structs import replace

from emulator.clock import Timer
from emulator.device.connection.data_mode import OnlineHost
from emulator.device.connection.states import Action, ClosedBy, State
from emulator.device.data_call.network import CallNetwork
from emulator.device.data_call.states import call_states
from emulator.device.environment import Environment
from emulator.errors import DeviceError
from emulator.guard import guarded
from emulator.ppp.authentication import Credentials
from emulator.ppp.describe import describe
from emulator.ppp.events import ControlSeen, Ended, EndedBy, LinkEvent, LoggedIn, NetworkUp
from emulator.ppp.ipcp import Addresses
from emulator.ppp.link import LinkSettings, PppLink
from emulator.trace.defect import report_defect, reporting_task
from emulator.trace.events import PppPacket, StateChanged

_MOST_WAITING = 65536
"""Bytes that wait for a host that takes none; packets beyond are lost, as on any network."""
_REASONS = {
    EndedBy.HOST: ClosedBy.HOST,
    EndedBy.DEVICE: ClosedBy.NETWORK,
    EndedBy.SILENCE: ClosedBy.INACTIVITY,
    EndedBy.REFUSAL: ClosedBy.FAILURE,
}


class DataCall:
    """From the dial to NO CARRIER; suspended by the escape sequence in between."""

    def __init__(
        self,
        owner: object,
        settings: LinkSettings,
        first_request: float,
        own_address: IPv4Address | None,
        network: CallNetwork,
        environment: Environment,
        over: Callable[[], None],
    ) -> None:
        """Wait for data mode.

        Args:
            owner: the AT instance that has dialled.
            settings: how the link speaks.
            first_request: seconds from CONNECT to the first packet.
            own_address: the device's own on the link; None where it has none.
            network: the context and what leads to the network.
            environment: gives the time and takes the trace.
            over: called once, when the call is over.
        """
        self.owner = owner
        self.network = network
        self._settings = settings
        self._first_request = first_request
        self._own_address = own_address
        self._clock = environment.clock
        self._trace = environment.trace
        self._over = over
        self._states = call_states(environment.trace)
        self._link: PppLink | None = None
        self._host: OnlineHost | None = None
        self._lost_while_suspended: Callable[[ClosedBy], None] = lambda reason: None
        self._timer: Timer | None = None
        self._activation: asyncio.Task[None] | None = None
        self._addresses: Addresses | None = None
        self._waiting = bytearray()

    def __repr__(self) -> str:
        return f"<DataCall {self.state.value}, {self._link!r}>"

    @property
    def state(self) -> State:
        """Return where the call stands."""
        return self._states.state

    # From the host.

    def resume(self, host: OnlineHost, lost_while_suspended: Callable[[ClosedBy], None]) -> None:
        """Begin data mode, or go on with it; `lost_while_suspended` hears of an end in command mode."""
        self._states.apply(Action.RESUME)
        self._host, self._lost_while_suspended = host, lost_while_suspended
        if self._link is None:
            self._wake_at(self._clock.now() + self._first_request)
        else:
            self._deliver(self._link)

    @guarded
    def send(self, data: bytes) -> None:
        """Take bytes of the host."""
        if self.state is not State.ONLINE:
            return
        link = self._begun_link()
        link.receive(data, self._clock.now())
        self._carry_on(link)

    def host_writable(self) -> None:
        """Deliver what has waited for the host."""
        if self._link is not None:
            self._deliver(self._link)

    def suspend(self) -> bool:
        """Leave data mode; return whether the call goes on."""
        if self.state is not State.ONLINE:
            return False
        self._states.apply(Action.SUSPEND)
        self._host = None
        self._waiting.clear()
        self.network.pause(True)
        return True

    def hang_up(self) -> None:
        """End the call at once, without a word on the link or to the host."""
        if self.state is not State.CLOSED:
            self._finish()

    # From the network.

    def network_lost(self) -> None:
        """Terminate the link, as the network has ended the context; nobody hears that in command mode."""
        if self.state is State.ONLINE and self._link is not None:
            self.network.close()
            self._link.close(self._clock.now())
            self._carry_on(self._link)
        elif self.state is not State.CLOSED:
            self._end(ClosedBy.NETWORK)

    def _take_packet(self, packet: bytes) -> None:
        """Send a packet of the network to the host."""
        if self._link is not None and self._host is not None and len(self._waiting) < _MOST_WAITING:
            self._link.send_packet(packet)
            self._deliver(self._link)

    # The link.

    def _begun_link(self) -> PppLink:
        """Return the link; it begins a moment after CONNECT, or with the first bytes of the host."""
        if self._link is None:
            self._link = PppLink(self._settings, self._clock.now())
        return self._link

    def _carry_on(self, link: PppLink) -> None:
        """Carry out what the link has to say, up to the time at which it next wants to run."""
        now, ended = self._clock.now(), None
        while True:
            while link.deadline is not None and link.deadline <= now:
                link.expire(now)
            for packet in link.take_packets():
                self.network.receive(packet)
            if not (events := link.take_events()):
                break
            for event in events:
                self._take(link, event)
                ended = event if isinstance(event, Ended) else ended
        if self.state is State.CLOSED:
            return
        self._deliver(link)
        if ended is None:
            self._wake_at(link.deadline)
        else:
            self._end(_REASONS[ended.by])

    def _take(self, link: PppLink, event: LinkEvent) -> None:
        match event:
            case ControlSeen(sent, protocol, information):
                if self._trace.active:
                    text = describe(protocol, information)
                    self._trace.emit(PppPacket(direction="sent" if sent else "received", text=text))
            case LoggedIn(credentials):
                if self._activation is not None:
                    self._activation.cancel()
                work = self._activate(link, credentials)
                self._activation = reporting_task(self._trace, "the activation of a data call", work)
            case NetworkUp() if self._addresses is not None:
                self.network.open(self._addresses, link.unit, self._take_packet)

    async def _activate(self, link: PppLink, credentials: Credentials) -> None:
        """Bring up the network for a host that has said who it is; refuse it by ending the link."""
        try:
            addresses = await self.network.bring_up(credentials)
        except DeviceError as error:
            context = f"PDP context {self.network.cid}"
            self._trace.emit(StateChanged(thing=context, before="down", after=f"refused, {error}"))
            link.close(self._clock.now())
        except Exception as error:
            self.fail(error)
            return
        else:
            self._addresses = replace(addresses, own=self._own_address)
            link.bring_up_network(self._addresses, self._clock.now())
        self._carry_on(link)

    def _deliver(self, link: PppLink) -> None:
        """Give the host what the link has to say, as far as it takes it."""
        self._waiting += link.take_output()
        host = self._host
        if host is None:
            self._waiting.clear()  # in command mode there is nobody to hear it
            return
        if self._waiting and not host.congested:
            data = bytes(self._waiting)
            self._waiting.clear()
            host.deliver(data)
        self.network.pause(host.congested)

    # Time and the end.

    def _wake_at(self, deadline: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if deadline is None else self._clock.call_at(deadline, self._time_has_come)

    @guarded
    def _time_has_come(self) -> None:
        self._timer = None
        self._carry_on(self._begun_link())

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`: the call ends."""
        report_defect(self._trace, "a data call", error)
        if self.state is not State.CLOSED:
            self._end(ClosedBy.FAILURE)

    def _end(self, reason: ClosedBy) -> None:
        host = self._host
        self._finish()
        if host is not None:
            host.connection_lost(reason)
        else:
            self._lost_while_suspended(reason)

    def _finish(self) -> None:
        self._states.apply(Action.LOSE)
        self._wake_at(None)
        if self._activation is not None:
            self._activation.cancel()
        self._link = self._host = None
        self._waiting.clear()
        self.network.release()
        self._over()
