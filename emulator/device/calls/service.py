"""The module's calls: dial, answer, end; whoever listens is told. 24.008 5, 27.007 6 to 8."""

from collections.abc import Callable, Iterator

from emulator.clock import Clock, Timer
from emulator.device.calls.call import TRANSITIONS, Call, CallState, CallTrigger, Release
from emulator.device.calls.history import CallHistory
from emulator.device.network.registration import Network
from emulator.device.network.subscription import VOICE, Subscription
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.calls import Calls as Profile
from emulator.guard import guarded
from emulator.states import StateMachine
from emulator.trace.defect import report_defect
from emulator.trace.events import StateChanged
from emulator.trace.trace import Trace

_ROAMING = 5
_COMING = (CallState.INCOMING, CallState.WAITING)
_MOST = 7


class CallService:
    """The calls; made anew at each start."""

    def __init__(
        self,
        profile: Profile,
        network: Network,
        subscription: Subscription,
        history: CallHistory,
        reaches_emergency: Callable[[str], bool],
        clock: Clock,
        trace: Trace,
    ) -> None:
        self.profile = profile
        self.history = history
        self._reaches_emergency = reaches_emergency
        self._network = network
        self._subscription = subscription
        self._clock = clock
        self._trace = trace
        self._calls: dict[int, Call] = {}
        self._ringing: Timer | None = None
        self.release = Release.NONE
        """Why the last call has ended."""
        self.failure = Release.NONE.text
        """Why the last call has ended or, if that came later, why the network has refused a context (27.007 6.10)."""
        self.rings = 0
        """How often the call that comes has rung."""
        self.on_ring: list[Callable[[Call], None]] = []
        """Called at each ring of a call that comes; a waiting one rings once."""
        self.on_rung: list[Callable[[Call], None]] = []
        """Called when everybody has heard a ring."""
        self.on_change: list[Callable[[Call], None]] = []
        """Called when a call has got another state."""
        self.on_tone: list[Callable[[str], None]] = []
        """Called with each tone that the other side sends."""
        self.on_dialled: list[Callable[[Call], None]] = []
        """Called with each call that the module dials: the other side."""
        network.on_registration.append(self._registration_changed)

    def __repr__(self) -> str:
        return f"<CallService {list(self)!r}>"

    def __iter__(self) -> Iterator[Call]:
        """Yield the calls by their <id>."""
        return iter([self._calls[key] for key in sorted(self._calls)])

    def by_id(self, number: int) -> Call:
        """Return a call.

        Raises:
            DeviceError: there is none.
        """
        if number not in self._calls:
            known = ", ".join(map(str, sorted(self._calls))) or "none"
            raise DeviceError(Cause.OPERATION_NOT_ALLOWED, f"there is no call {number}; calls: {known}")
        return self._calls[number]

    def in_state(self, *states: CallState) -> list[Call]:
        """Return the calls in one of these states."""
        return [call for call in self if call.state in states]

    @property
    def coming(self) -> Call | None:
        """Return the call that rings or waits."""
        return next(iter(self.in_state(*_COMING)), None)

    # Calls of the module.

    def dial(self, number: str, owner: object, *, withheld: bool = False) -> Call:
        """Dial; an active call is put on hold. A call that cannot be made has ended at once."""
        self.history.dialled(number)
        call = self._make(number, CallState.DIALLING, incoming=False)
        call.owner, call.withheld, call.result_is_due = owner, withheld, True
        if (refusal := self._refusal(number)) is not None or not self._make_room(call):
            self.end(call, refusal or Release.BUSY)
            return call
        self._tell(call, "idle")
        for listener in self.on_dialled:
            listener(call)
        return call

    def _make_room(self, new: Call) -> bool:
        """Put the active calls on hold; return whether there is room for another one."""
        active, held = self.in_state(CallState.ACTIVE), self.in_state(CallState.HELD)
        others = [call for call in self if call is not new and call not in (*active, *held)]
        if others or (active and held):
            return False
        for call in active:
            self.move(call, CallTrigger.HOLD)
        return True

    def _refusal(self, number: str) -> Release | None:
        barred, network = self._subscription.barred, self._network
        abroad = number.startswith(("+", "00"))
        if not self.profile.voice:
            return Release.OUT_OF_ORDER
        if not network.registered:
            return None if self._reaches_emergency(number) else Release.OUT_OF_ORDER
        roams_abroad = abroad and network.registration == _ROAMING
        kinds = {"AO": True, "OI": abroad, "OX": roams_abroad}
        return next((Release.BARRED for kind, bars in kinds.items() if bars and barred.get((kind, VOICE))), None)

    def answer(self, call: Call, owner: object) -> None:
        """Answer a call that comes; an active one is put on hold."""
        for active in self.in_state(CallState.ACTIVE):
            self.move(active, CallTrigger.HOLD)
        call.owner = owner
        self._stop_ringing()
        self.move(call, CallTrigger.ANSWERED)

    def hang_up(self, by: object) -> bool:
        """End every call for an AT instance; return whether there was one."""
        calls = list(self)
        for call in calls:
            self.end(call, Release.BUSY if call.state in _COMING else Release.NORMAL, by)
        return bool(calls)

    def context_refused(self, why: str) -> None:
        """Note that the network has refused a PDP context."""
        self.failure = why

    def end(self, call: Call, release: Release, by: object | None = None) -> None:
        """End a call for an AT instance; without one, the other side or the network ends it."""
        if call.state in _COMING:
            self._stop_ringing()
            self.history.missed(call.number)
        elif call.incoming:
            self.history.received(call.number)
        call.release = self.release = release
        self.failure = release.text
        call.ended_by = by
        self._calls.pop(call.id, None)
        self.move(call, CallTrigger.ENDED)
        rest = self.in_state(CallState.ACTIVE, CallState.HELD, CallState.DIALLING, CallState.ALERTING)
        if not rest and (waiting := self.coming) is not None and waiting.state is CallState.WAITING:
            self.move(waiting, CallTrigger.FREED)
            self._ring()

    # Calls that come.

    @property
    def bars_incoming(self) -> bool:
        """Whether the network keeps calls from the module."""
        barred = self._subscription.barred
        roaming = self._network.registration == _ROAMING
        return barred.get(("AI", VOICE), False) or (roaming and barred.get(("IR", VOICE), False))

    @property
    def is_busy(self) -> bool:
        """Whether a call that comes finds no room: one waits already, or the subscriber has no waiting."""
        if self.coming is not None or len(self._calls) >= _MOST:
            return True
        return bool(self._calls) and not self._subscription.waiting.get(VOICE, False)

    def come(self, number: str) -> Call:
        """Let a call come; it rings, or waits where there is another one."""
        state = CallState.WAITING if self._calls else CallState.INCOMING
        call = self._make(number, state, incoming=True)
        self._tell(call, "idle")
        if state is CallState.INCOMING:
            self._ring()
        else:
            for listener in self.on_ring:
                listener(call)
        return call

    @guarded
    def _ring(self) -> None:
        call = self.coming
        if call is None or call.state is not CallState.INCOMING:
            return
        self._ringing = self._clock.call_later(self.profile.ring_interval, self._ring)
        self.rings += 1
        for listener in (*self.on_ring, *self.on_rung):
            listener(call)

    def _stop_ringing(self) -> None:
        self.rings = 0
        if self._ringing is not None:
            self._ringing.cancel()
            self._ringing = None

    # Changes.

    def _make(self, number: str, state: CallState, *, incoming: bool) -> Call:
        free = next(one for one in range(1, _MOST + 2) if one not in self._calls)
        call = self._calls[free] = Call(free, number, incoming, StateMachine(TRANSITIONS, state))
        return call

    def move(self, call: Call, trigger: CallTrigger) -> None:
        """Change the state of a call, and tell it."""
        before = call.state.value
        call.machine.apply(trigger)
        if sum(1 for one in self if one.multiparty) == 1:
            for one in self:
                one.multiparty = False
        self._tell(call, before)

    def _tell(self, call: Call, before: str) -> None:
        self._trace.emit(StateChanged(thing=f"call {call.id}", before=before, after=call.state.value))
        call.moved()
        for listener in self.on_change:
            listener(call)

    def tone(self, tones: str) -> None:
        """Take tones that the other side sends."""
        for one in tones:
            for listener in self.on_tone:
                listener(one)

    def _registration_changed(self) -> None:
        if not self._network.registered:
            for call in list(self):
                self.end(call, Release.OUT_OF_ORDER)

    def drop(self) -> None:
        """Forget the calls: the power has gone."""
        self._stop_ringing()
        for call in list(self):
            call.machine.apply(CallTrigger.ENDED)
            call.moved()
        self._calls.clear()

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`; the calls go on."""
        report_defect(self._trace, "the calls", error)
