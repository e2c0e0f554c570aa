"""The data calls of a device: one at a time. IP Easy User Guide 3.2.3."""

from ipaddress import IPv4Address
from random import Random
from typing import TYPE_CHECKING

import msgspec

from emulator.device.environment import Environment
from emulator.device.needs.network import DefinedContext, InactiveContext, NoDataCall
from emulator.device.network.contexts import NOT_ATTACHED, PdpContexts
from emulator.device.network.names import NameService
from emulator.device.network.registration import Network
from emulator.errors import DeviceError
from emulator.firmware.schema.packet import Pdp as PdpProfile
from emulator.later import later

if TYPE_CHECKING:
    from emulator.device.data_call import call, network
    from emulator.ppp import control_protocol, lcp, link
else:
    call = later("emulator.device.data_call.call")
    network = later("emulator.device.data_call.network")
    control_protocol = later("emulator.ppp.control_protocol")
    lcp = later("emulator.ppp.lcp")
    link = later("emulator.ppp.link")


class CallSettings(msgspec.Struct, frozen=True):
    """What the AT instance has set for its calls."""

    authentications: "tuple[lcp.Authentication, ...]" = ()
    own_address: IPv4Address | None = None
    """The device's own in the negotiation of addresses."""
    response_timeout: float = 3.0
    """Seconds until a packet that the host does not answer is repeated."""


class DataCalls:
    """Makes calls, and knows whose call is in progress."""

    def __init__(
        self,
        profile: PdpProfile,
        contexts: PdpContexts,
        registration: Network,
        names: NameService,
        environment: Environment,
        make_gateway: "network.GatewayMaker",
    ) -> None:
        self._profile = profile
        self._contexts = contexts
        self._registration = registration
        self._names = names
        self._environment = environment
        self._make_gateway = make_gateway
        self.current: call.DataCall | None = None
        """The call that is not over."""
        self._made = 0
        contexts.on_lost.append(self._context_lost)

    def __repr__(self) -> str:
        return f"<DataCalls, {self.current!r}>"

    def held_by(self, owner: object) -> "call.DataCall | None":
        """Return the call that this AT instance has made and that is not over."""
        current = self.current
        return current if current is not None and current.owner is owner else None

    def dial(self, owner: object, cid: int, settings: CallSettings) -> "call.DataCall":
        """Make a call on a context; it begins with data mode.

        Raises:
            DeviceError: the context is not one for calls, is in use, or there is no network.
        """
        self._check(cid)
        held = network.CallNetwork(cid, self._profile, self._contexts, self._names, self._make_gateway)
        speaks, begins = self._link_settings(settings), self._profile.data_calls.first_request
        self.current = call.DataCall(owner, speaks, begins, settings.own_address, held, self._environment, self._forget)
        return self.current

    def drop(self) -> None:
        """End the call without a word: the power goes."""
        if self.current is not None:
            self.current.hang_up()

    def _check(self, cid: int) -> None:
        calls, definition = self._profile.data_calls, self._contexts.definitions.get(cid)
        refusals = calls.refusals
        if self.current is not None:
            reason = f"there is a data call on context {self.current.network.cid}"
            raise DeviceError(refusals.busy, reason, NoDataCall())
        if definition is None:
            raise DeviceError(refusals.undefined, f"context {cid} is not defined", DefinedContext(cid))
        if definition.type not in calls.types:
            reason = f"context {cid} is of type {definition.type}; a data call takes {' or '.join(calls.types)}"
            raise DeviceError(refusals.type, reason, DefinedContext(cid))
        if not self._registration.attached:
            lack = NOT_ATTACHED if self._registration.registered else self._registration.explain_no_service()
            raise lack.refusal(refusals.not_attached)
        if self._contexts.serves_sockets(cid) and not self._contexts.is_default(cid):
            reason = f"context {cid} is active for the module's own sockets"
            raise DeviceError(refusals.in_use, reason, InactiveContext(cid))

    def _link_settings(self, settings: CallSettings) -> "link.LinkSettings":
        calls = self._profile.data_calls
        self._made += 1
        return link.LinkSettings(
            settings.authentications,
            calls.challenge_name,
            calls.discards,
            tuple(IPv4Address(server) for server in calls.waiting_servers),
            calls.waiting_interval,
            control_protocol.Timers(
                settings.response_timeout,
                most_requests=calls.requests,
                most_terminations=calls.terminations,
                settling=calls.release,
            ),
            Random(self._made).randbytes,  # noqa: S311  the same at each run
        )

    def _context_lost(self, cid: int) -> None:
        if self.current is not None and self.current.network.cid == cid:
            self.current.network_lost()

    def _forget(self) -> None:
        self.current = None


def authentications_of(number: int) -> "tuple[lcp.Authentication, ...]":
    """Return the protocols that <type> of #GAUTH asks for: none, PAP, CHAP, or CHAP before PAP."""
    pap, chap = lcp.Authentication.PAP, lcp.Authentication.CHAP
    return ((), (pap,), (chap,), (chap, pap))[number]
