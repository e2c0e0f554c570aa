"""Define, activate and deactivate PDP contexts."""

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum

import msgspec

from emulator.clock import Clock
from emulator.device.lack import Lack
from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.needs.network import ActiveContext, Attachment, DefinedContext, InactiveContext, NoDataCall
from emulator.device.network.coverage import Coverage
from emulator.device.network.registration import REGISTERED, Network
from emulator.device.network.session_causes import IPV4_ONLY, is_of_network, words_of
from emulator.device.pace import Pace
from emulator.errors import Cause, DeviceError, Need
from emulator.firmware.schema.eutran import EutranCell
from emulator.firmware.schema.packet import Pdp as PdpProfile
from emulator.firmware.schema.times import Spread, Times
from emulator.trace.events import StateChanged
from emulator.trace.trace import Trace

SSL_CONTEXT = 1
"""The only context that the secure socket can use (guide 2.1.1)."""

FTP_CONTEXT = 1
"""The only context that FTP can use (IP Easy User Guide)."""

IP_CONTEXT = 1
"""The context of #GPRS, and of the commands that name none: #QDNS, #PING, #EMAILD."""


def _activation(times: Times) -> Spread:
    return times.contexts.activate


def _refusal(times: Times) -> Spread:
    return times.contexts.refuse


class Stack(Enum):
    """Whose TCP/IP stack uses a context (IP Easy User Guide)."""

    INTERNAL = "internal"
    """The module's own, with its sockets: #SGACT, #GPRS."""
    EXTERNAL = "external"
    """The host's: +CGACT."""
    EITHER = "either"
    """Of the default bearer: whoever comes."""


_IPV4, _IPV6 = ("IP", "IPV4V6"), "IPV6"
_TYPES = {Stack.INTERNAL: _IPV4, Stack.EXTERNAL: (*_IPV4, "PPP"), Stack.EITHER: _IPV4}
"""The types of contexts that a stack can use: the network has IPv4 alone, and the module's own sockets need it."""


class ContextEvent(Enum):
    """What has happened to a context (27.007 10.1.19)."""

    ATTACHED = "attached"
    """It has come with the attachment."""
    ACTIVATED = "activated"
    """The host has activated it."""
    DEACTIVATED = "deactivated"
    """The host has deactivated it, or detached the module."""
    DROPPED = "dropped"
    """The network has deactivated it, or is gone."""


NOT_ATTACHED = Lack("the module is not attached to packet service", Attachment())


class ContextDefinition(Record, frozen=True):
    """A PDP context as +CGDCONT defines it."""

    type: str
    apn: str = ""
    address: str = ""
    data_compression: int = 0
    header_compression: int = 0
    address_allocation: int = 0
    request_type: int = 0


class ContextLogin(Record, frozen=True):
    """What +CGAUTH has set for a context."""

    type: int
    """0 none, 1 PAP, 2 CHAP."""
    username: str = ""
    password: str = ""


class _Active(msgspec.Struct, frozen=True):
    address: str
    stack: Stack


class PdpContexts:
    """The contexts (guide 2.1.2); `on_activated` and `on_lost` are called with the <cid> of one that goes up or down.

    `on_dropped` is called after it when the network wanted that, `on_event` before with the reason.
    """

    def __init__(
        self,
        profile: PdpProfile,
        store: NvmStore,
        network: Network,
        coverage: Coverage,
        pace: Pace,
        clock: Clock,
        trace: Trace,
    ) -> None:
        self._profile = profile
        self._store = store
        self._network = network
        self._coverage = coverage
        self._pace = pace
        self._clock = clock
        self._trace = trace
        self._active: dict[int, _Active] = {}
        self._reserved: set[int] = set()
        self.authentication = profile.authentication.default
        """<type> of #SGACTAUTH."""
        self.mobile_class = profile.classes[0]
        """<class> of +CGCLASS."""
        self.qualities: dict[tuple[str, int], tuple[int | str, ...]] = {}
        """Values of +CGQMIN, +CGEQMIN and their like by command and context; the network ignores them."""
        self.on_activated: list[Callable[[int], None]] = []
        self.on_lost: list[Callable[[int], None]] = []
        self.on_dropped: list[Callable[[int], None]] = []
        self.on_event: list[Callable[[ContextEvent, int], None]] = []
        self.on_refused: list[Callable[[str], None]] = []
        """Called with the reason of the network, in words, when it refuses an activation."""
        network.on_attachment.append(self._attachment_changed)

    def __repr__(self) -> str:
        return f"<PdpContexts active {self._active}>"

    @property
    def definitions(self) -> Mapping[int, ContextDefinition]:
        """Return the definitions by <cid>, in their order; where the profile says so, also of undefined contexts."""
        kind, defined = self._profile.undefined_type, self._store.content.contexts
        undefined = {} if kind is None else {cid: ContextDefinition(kind) for cid in self._numbers}
        return dict(sorted({**undefined, **defined}.items()))

    @property
    def _numbers(self) -> Iterable[int]:
        low, high = self._profile.cids.range or (1, 1)
        return range(low, high + 1)

    def define(self, cid: int, definition: ContextDefinition | None) -> None:
        """Define a context, or undefine it with None.

        Raises:
            DeviceError: the context is active or reserved, and would become another one; or the memory fails. The
                default bearer becomes what is defined at the next attachment.
        """
        in_use = self.is_active(cid) and not self.is_default(cid)
        if (in_use or cid in self._reserved) and definition != self._store.content.contexts.get(cid):
            raise self._refuse_active(cid)
        with self._store.change() as nvm:
            nvm.contexts.pop(cid, None)
            if definition is not None:
                nvm.contexts[cid] = definition

    def authenticate(self, cid: int, login: ContextLogin | None) -> None:
        """Keep how a context authenticates; None forgets it.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.logins.pop(cid, None)
            if login is not None:
                nvm.logins[cid] = login

    def is_active(self, cid: int) -> bool:
        """Return whether the context is active."""
        return cid in self._active

    def is_default(self, cid: int) -> bool:
        """Return whether the context is active as the default bearer, so that either stack can use it."""
        active = self._active.get(cid)
        return active is not None and active.stack is Stack.EITHER

    @property
    def active(self) -> Sequence[int]:
        """Return each <cid> that is active, in the order of activation."""
        return tuple(self._active)

    def reserve(self, cid: int) -> None:
        """Keep a context for a data call: nobody activates it until it is released."""
        self._reserved.add(cid)

    def release(self, cid: int) -> None:
        """Let a context be activated again."""
        self._reserved.discard(cid)

    def serves_sockets(self, cid: int) -> bool:
        """Return whether sockets can use the context."""
        active = self._active.get(cid)
        return active is not None and active.stack is not Stack.EXTERNAL

    def address(self, cid: int) -> str:
        """Return the address of an active context, else an empty string."""
        active = self._active.get(cid)
        return active.address if active is not None else ""

    async def activate(self, cid: int, stack: Stack, username: str = "", password: str = "") -> str:
        """Activate a context and return its address, as soon as the network answers.

        Raises:
            DeviceError: it is active already or undefined, the module is not registered or not attached, or the
                network refuses the user or the context.
        """
        self.check(cid, stack)
        await self._ask(cid, stack, username, password)
        if self.is_default(cid):
            return self.address(cid)
        return self._begin(cid, Stack.EITHER if self._is_bearer(cid) else stack, ContextEvent.ACTIVATED)

    async def _ask(self, cid: int, stack: Stack, username: str, password: str) -> None:
        """Wait for the network's answer, which takes no time of its own for the default bearer that is there.

        Raises:
            DeviceError: it refuses.
        """
        admission, accepted = self._coverage.admit(cid), self._accepts(*self._login(cid, username, password))
        has_type = self.definitions[cid].type != _IPV6
        refused = admission.refusal is not None or not accepted or not has_type
        own = 0.0 if self.is_default(cid) else self._pace.seconds(_refusal if refused else _activation)
        if (seconds := admission.delay + own) > 0:
            await self._clock.sleep(seconds)
            if not self.is_default(cid):
                self.check(cid, stack)
        refusals = self._profile.refusals
        if admission.refusal is not None:
            word = admission.refusal.value.replace("_", " ")
            reason = f"the network refuses to activate context {cid}: {word}"
            raise self._refused(admission.refusal, reason, words_of(admission.refusal))
        if not has_type:
            reason = f"context {cid} is of type {_IPV6}; the network has IPv4 alone"
            raise self._refused(refusals.type, reason, IPV4_ONLY, DefinedContext(cid))
        if not accepted:
            reason = f"the network does not accept the user name or the password of context {cid}"
            raise self._refused(refusals.authentication, reason, words_of(Cause.PDP_AUTHENTICATION_FAILURE))

    def _refused(self, cause: Cause, reason: str, told: str, need: Need | None = None) -> DeviceError:
        """Tell the listeners that the network refuses a context; return the refusal for the host."""
        for listener in self.on_refused:
            listener(told)
        return DeviceError(cause, reason, need)

    async def share(self, cid: int) -> None:
        """Ask the network whether a data call may use the default bearer.

        Raises:
            DeviceError: it refuses.
        """
        await self._ask(cid, Stack.EITHER, "", "")

    def attach(self, cid: int) -> None:
        """Activate a context as the default bearer, unless the network would refuse it."""
        definition = self.definitions.get(cid)
        if definition is None or definition.type not in _TYPES[Stack.EITHER] or self.is_active(cid):
            return
        if self._accepts(*self._login(cid, "", "")):
            self._begin(cid, Stack.EITHER, ContextEvent.ATTACHED)

    def _begin(self, cid: int, stack: Stack, event: ContextEvent) -> str:
        address = str(ipaddress.IPv4Address(self._profile.address) + cid - 1)
        self._active[cid] = _Active(address, stack)
        self._trace.emit(StateChanged(thing=f"PDP context {cid}", before="down", after=f"active {address}"))
        for tell in self.on_event:
            tell(event, cid)
        for listener in self.on_activated:
            listener(cid)
        return address

    def check(self, cid: int, stack: Stack = Stack.INTERNAL) -> None:
        """Refuse a context that cannot be activated for a stack.

        Raises:
            DeviceError: it is active already, reserved, undefined or of another type, or the module is not registered
                or not attached.
        """
        refusals = self._profile.refusals
        if (self.is_active(cid) and not self._shows_again(cid, stack)) or cid in self._reserved:
            raise self._refuse_active(cid)
        definition = self.definitions.get(cid)
        if definition is None:
            raise DeviceError(refusals.undefined, f"context {cid} is not defined", DefinedContext(cid))
        asks_network = definition.type == _IPV6 and is_of_network(refusals.type)
        if definition.type not in _TYPES[stack] and not asks_network:
            usable = (kind for kind in _TYPES[stack] if kind in self._profile.types)
            reason = f"context {cid} is of type {definition.type}; it must be {' or '.join(usable)}"
            raise DeviceError(refusals.type, reason, DefinedContext(cid))
        if not self._network.registered:
            raise self._network.explain_no_service().refusal(refusals.not_registered)
        if not self._network.attached:
            raise NOT_ATTACHED.refusal(refusals.not_attached)

    def _is_bearer(self, cid: int) -> bool:
        """Return whether the context is the default bearer once it is active, whoever has activated it."""
        bearer = self._profile.default_bearer
        return bearer is not None and bearer.cid == cid and isinstance(self._network.cell, EutranCell)

    def _shows_again(self, cid: int, stack: Stack) -> bool:
        """Return whether an activation of the default bearer shows its address once more."""
        bearer = self._profile.default_bearer
        told = bearer is not None and bearer.activation == "address"
        return told and stack is not Stack.EXTERNAL and self.is_default(cid)

    def _refuse_active(self, cid: int) -> DeviceError:
        cause = self._profile.refusals.already_active
        if cid in self._reserved:
            return DeviceError(cause, f"context {cid} is used by a data call", NoDataCall())
        if self.is_default(cid):
            reason = f"context {cid} is active already: it comes with the attachment to LTE, and sockets can use it"
            return DeviceError(cause, reason)
        return DeviceError(cause, f"context {cid} is active", InactiveContext(cid))

    def lack_for_sockets(self, cid: int) -> Lack:
        """Say why sockets cannot use a context."""
        if cid in self._reserved:
            return Lack(f"context {cid} is used by a data call, not by the module's own sockets", NoDataCall())
        if self.is_active(cid):
            reason = f"context {cid} is active for the host's own stack, not for the module's sockets"
            return Lack(reason, InactiveContext(cid))
        return Lack(f"no context {cid} is active", ActiveContext(cid))

    def _login(self, cid: int, username: str, password: str) -> tuple[str, str]:
        """Return user name and password: those given or, if there are none, those of +CGAUTH."""
        kept = self._store.content.logins.get(cid)
        return (username, password) if kept is None or username or password else (kept.username, kept.password)

    def _accepts(self, username: str, password: str) -> bool:
        profile = self._profile
        return profile.username in (None, username) and profile.password in (None, password)

    async def take_down(self, cid: int) -> None:
        """Deactivate a context by command, which takes a while if it is active."""
        if self.is_active(cid) and (seconds := self._pace.seconds(lambda times: times.contexts.deactivate)) > 0:
            await self._clock.sleep(seconds)
        self.deactivate(cid)

    def deactivate(self, cid: int, event: ContextEvent = ContextEvent.DEACTIVATED) -> None:
        """Deactivate a context; harmless when it is not active."""
        if self._active.pop(cid, None) is None:
            return
        self._trace.emit(StateChanged(thing=f"PDP context {cid}", before="active", after="down"))
        for tell in self.on_event:
            tell(event, cid)
        for listener in self.on_lost:
            listener(cid)

    def drop(self, cid: int) -> None:
        """Deactivate a context as the network does; harmless when it is not active."""
        if self.is_active(cid):
            self.deactivate(cid, ContextEvent.DROPPED)
            for listener in self.on_dropped:
                listener(cid)

    def deactivate_all(self, event: ContextEvent = ContextEvent.DEACTIVATED) -> None:
        """Deactivate every context."""
        for cid in list(self._active):
            self.deactivate(cid, event)

    def _attachment_changed(self, asked_by: object | None) -> None:
        if not self._network.attached:
            lost = self._network.registration not in (0, *REGISTERED)
            self.deactivate_all(ContextEvent.DROPPED if lost else ContextEvent.DEACTIVATED)
