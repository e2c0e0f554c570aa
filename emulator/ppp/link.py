"""The device's end of a link: frames to protocols, and the phases of RFC 1661 3.2."""

import os
from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Address

import msgspec

from emulator.ppp.authentication import ANONYMOUS, Authenticator, Credentials
from emulator.ppp.automaton import State
from emulator.ppp.chap import Chap
from emulator.ppp.control_protocol import STANDARD_TIMERS, ControlProtocol, Timers
from emulator.ppp.events import ControlSeen, Ended, EndedBy, LinkEvent, LoggedIn, NetworkDown, NetworkUp
from emulator.ppp.framing import BEFORE_LCP, Frame, FrameDecoder, FrameFormat, encode_frame
from emulator.ppp.ipcp import Addresses, IpcpNegotiation, suggested
from emulator.ppp.lcp import UNIT, Authentication, LcpNegotiation
from emulator.ppp.packets import Code, ControlPacket, Protocol, encode_options, parse_packet
from emulator.ppp.pap import Pap

_LONGEST_REJECTED = 1400
_MAGIC_SIZE = 4


class LinkSettings(msgspec.Struct, frozen=True):
    """How the device speaks."""

    authentications: tuple[Authentication, ...] = ()
    """Protocols that the host may have to prove itself by, in the order in which they are tried."""
    name: str = ""
    """The device's name in challenges."""
    discards: bool = False
    """Whether a Discard-Request follows once LCP is up."""
    waiting_servers: tuple[IPv4Address, ...] = ()
    """Name servers that are suggested to a host that asks for addresses before the network is there."""
    waiting_interval: float = 1.0
    """Seconds between two such suggestions at least."""
    timers: Timers = STANDARD_TIMERS
    random_bytes: Callable[[int], bytes] = os.urandom


class _Layer:
    """Calls the link's methods for one control protocol."""

    def __init__(
        self, up: Callable[[float], None], down: Callable[[float], None], finished: Callable[[float], None]
    ) -> None:
        self.layer_up, self.layer_down, self.layer_finished = up, down, finished


class PppLink:
    """One link, from CONNECT on. It asks at once, and again until the host answers: the first request may be lost."""

    def __init__(self, settings: LinkSettings, now: float) -> None:
        self.ended = False
        self._begun = now
        self._settings = settings
        self._decoder = FrameDecoder()
        self._form = BEFORE_LCP
        self._output: list[bytes] = []
        self._packets: list[bytes] = []
        self._events: list[LinkEvent] = []
        self._ended_by: EndedBy | None = None
        self._rejects = 0
        self._host_has_asked = False
        self._authenticator: Authenticator | None = None
        self._early: ControlPacket | None = None
        """The host's last packet of IPCP, while there is no network yet: answered when it comes."""
        self._next_suggestion = now
        self._options = LcpNegotiation(settings.authentications, settings.random_bytes)
        self._addresses = IpcpNegotiation()
        lcp_layer = _Layer(self._lcp_up, self._lcp_down, self._lcp_finished)
        ipcp_layer = _Layer(self._ipcp_up, self._ipcp_down, self._ipcp_finished)
        timers = settings.timers
        self._lcp = ControlProtocol(self._options, timers, partial(self._send, Protocol.LCP), lcp_layer)
        self._ipcp = ControlProtocol(self._addresses, timers, partial(self._send, Protocol.IPCP), ipcp_layer)
        self._lcp.open(now)
        self._lcp.up(now)

    def __repr__(self) -> str:
        return f"<PppLink, LCP {self._lcp.state.value}, IPCP {self._ipcp.state.value}>"

    # For the one that it belongs to.

    @property
    def open(self) -> bool:
        """Return whether packets pass."""
        return self._ipcp.state is State.OPENED

    @property
    def unit(self) -> int:
        """Return the bytes of the largest packet for the host."""
        return min(self._options.peer_unit, UNIT)

    @property
    def deadline(self) -> float | None:
        """Return when `expire` is to be called next."""
        waiting = [each.deadline for each in (self._lcp, self._ipcp, self._authenticator) if each is not None]
        if self._wants_suggestion:
            waiting.append(self._next_suggestion)
        return min((deadline for deadline in waiting if deadline is not None), default=None)

    def expire(self, now: float) -> None:
        """Repeat or give up what is due."""
        for each in (self._lcp, self._ipcp, self._authenticator):
            if each is not None:
                each.expire(now)
        self._suggest(now)

    def take_output(self) -> bytes:
        """Return the bytes for the host, once."""
        output, self._output = b"".join(self._output), []
        return output

    def take_packets(self) -> list[bytes]:
        """Return the packets of the host, once."""
        packets, self._packets = self._packets, []
        return packets

    def take_events(self) -> list[LinkEvent]:
        """Return what has happened, once."""
        events, self._events = self._events, []
        return events

    def send_packet(self, packet: bytes) -> None:
        """Send an IPv4 packet to the host; lost unless packets pass."""
        if self.open:
            self._output.append(encode_frame(Frame(Protocol.IPV4, packet), self._form))

    def bring_up_network(self, addresses: Addresses, now: float) -> None:
        """Negotiate the addresses of the network, after `LoggedIn`."""
        if self._lcp.state is not State.OPENED:
            return
        self._addresses.assign(addresses)
        self._ipcp.down(now)
        if self._ipcp.state is State.INITIAL:
            self._ipcp.open(now)
        self._ipcp.up(now)
        early, self._early = self._early, None
        if early is not None:
            self._ipcp.receive(early, now)

    def close(self, now: float) -> None:
        """Terminate the link; `Ended` comes when the host has agreed, or does not answer."""
        self._ended_by = self._ended_by or EndedBy.DEVICE
        self._lcp.close(now)

    # From the host.

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes of the line."""
        for frame in self._decoder.receive(data):
            if self.ended:
                return
            self._take(frame, now)

    def _take(self, frame: Frame, now: float) -> None:
        if frame.protocol == Protocol.IPV4:
            if self.open:
                self._packets.append(frame.information)
            return
        self._events.append(ControlSeen(False, frame.protocol, frame.information))
        packet = parse_packet(frame.information)
        match frame.protocol:
            case Protocol.LCP if packet is not None:
                self._take_lcp(packet, now)
            case _ if self._lcp.state is not State.OPENED:
                return  # no other protocol before the link is open (RFC 1661 3.4)
            case Protocol.IPCP if packet is not None and self._ipcp.state in (State.INITIAL, State.STARTING):
                self._early = packet
                self._suggest(now)
            case Protocol.IPCP if packet is not None:
                self._ipcp.receive(packet, now)
            case protocol if protocol == self._authentication_protocol:
                if packet is not None and self._authenticator is not None:
                    self._authenticator.receive(packet, now)
            case protocol if protocol not in (Protocol.LCP, Protocol.IPCP):
                self._reject(frame)

    @property
    def _wants_suggestion(self) -> bool:
        """Whether the host asks for addresses that there are not yet."""
        early = self._early
        return early is not None and early.code == Code.CONFIGURE_REQUEST and bool(self._settings.waiting_servers)

    def _suggest(self, now: float) -> None:
        """Suggest name servers to a host that waits for the network, so that it asks again; not too often."""
        if self._early is None or not self._wants_suggestion or now < self._next_suggestion:
            return
        options = encode_options(suggested(self._settings.waiting_servers))
        self._send(Protocol.IPCP, ControlPacket(Code.CONFIGURE_NAK, self._early.identifier, options))
        self._early = None
        self._next_suggestion = now + self._settings.waiting_interval

    @property
    def _authentication_protocol(self) -> int | None:
        kind = self._options.authentication
        return None if kind is None else int.from_bytes(kind.value[:2], "big")

    def _take_lcp(self, packet: ControlPacket, now: float) -> None:
        opened = self._lcp.state is State.OPENED
        match packet.code:
            case Code.PROTOCOL_REJECT:
                self._take_protocol_reject(packet, now)
                return
            case Code.TERMINATE_REQUEST if opened:
                self._ended_by = self._ended_by or EndedBy.HOST
            case Code.ECHO_REQUEST if opened and len(packet.data) >= _MAGIC_SIZE:
                answer = self._options.magic_number + packet.data[_MAGIC_SIZE:]
                self._send(Protocol.LCP, ControlPacket(Code.ECHO_REPLY, packet.identifier, answer))
            case Code.CONFIGURE_REQUEST if not self._host_has_asked:
                self._host_has_asked = True
                if now > self._begun:  # it was not there yet when the first request was sent
                    self._lcp.repeat_request()
        self._lcp.receive(packet, now)

    def _take_protocol_reject(self, packet: ControlPacket, now: float) -> None:
        rejected = int.from_bytes(packet.data[:2], "big")
        if self._lcp.state is State.OPENED and rejected in (Protocol.LCP, Protocol.IPCP):
            self._ended_by = self._ended_by or EndedBy.REFUSAL
            protocol = self._lcp if rejected == Protocol.LCP else self._ipcp
            if protocol.state not in (State.INITIAL, State.STARTING):
                protocol.reject_protocol(now)

    def _reject(self, frame: Frame) -> None:
        self._rejects = (self._rejects + 1) % 256
        data = frame.protocol.to_bytes(2, "big") + frame.information[:_LONGEST_REJECTED]
        self._send(Protocol.LCP, ControlPacket(Code.PROTOCOL_REJECT, self._rejects, data))

    def _send(self, protocol: Protocol, packet: ControlPacket) -> None:
        """Send a packet; those of LCP stand in the form that every peer understands (RFC 1661 6.5, RFC 1662 7.1)."""
        information = packet.encode()
        self._events.append(ControlSeen(True, protocol, information))
        form = BEFORE_LCP if protocol is Protocol.LCP else self._form
        self._output.append(encode_frame(Frame(protocol, information), form))

    # The phases.

    def _lcp_up(self, now: float) -> None:
        self._use(self._options.peer, self._options.controls)
        if self._settings.discards:
            self._send(Protocol.LCP, ControlPacket(Code.DISCARD_REQUEST, 0, self._options.magic_number))
        self._authenticator = self._make_authenticator()
        if self._authenticator is None:
            self._events.append(LoggedIn(ANONYMOUS))
        else:
            self._authenticator.begin(now)

    def _make_authenticator(self) -> Authenticator | None:
        settings, timers = self._settings, self._settings.timers
        match self._options.authentication:
            case Authentication.PAP:
                return Pap(timers, partial(self._send, Protocol.PAP), self._logged_in, self._fail)
            case Authentication.CHAP:
                name, send = settings.name.encode(), partial(self._send, Protocol.CHAP)
                return Chap(name, timers, settings.random_bytes, send, self._logged_in, self._fail)
        return None

    def _use(self, form: FrameFormat, controls: int) -> None:
        self._form = form
        self._decoder.expect(controls)

    def _logged_in(self, credentials: Credentials, now: float) -> None:
        self._events.append(LoggedIn(credentials))

    def _fail(self, now: float) -> None:
        self._ended_by = self._ended_by or EndedBy.SILENCE
        self._lcp.close(now)

    def _lcp_down(self, now: float) -> None:
        self._authenticator = self._early = None
        self._ipcp.down(now)
        self._use(BEFORE_LCP, BEFORE_LCP.controls)

    def _lcp_finished(self, now: float) -> None:
        self.ended = True
        refused = self._lcp.state is State.CLOSED
        self._events.append(Ended(self._ended_by or (EndedBy.REFUSAL if refused else EndedBy.SILENCE)))

    def _ipcp_up(self, now: float) -> None:
        self._events.append(NetworkUp())

    def _ipcp_down(self, now: float) -> None:
        self._events.append(NetworkDown())

    def _ipcp_finished(self, now: float) -> None:
        """End the link, which has nothing else to carry."""
        self._fail(now)
