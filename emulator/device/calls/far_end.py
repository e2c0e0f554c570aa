"""The other side of calls: what those do whom the module dials, and calls that come."""

import re

import msgspec

from emulator.clock import Clock, Timer
from emulator.device.calls.call import Call, CallState, CallTrigger, Release
from emulator.device.calls.service import CallService
from emulator.device.network.registration import Network
from emulator.device.network.subscription import VOICE, Forwarding, Subscription
from emulator.device.overlay import Overlaid
from emulator.device.pace import Pace
from emulator.errors import UserError
from emulator.firmware.schema.calls import Outcome
from emulator.trace.defect import reporting
from emulator.trace.trace import Trace

_ALWAYS, _BUSY, _NO_REPLY, _UNREACHABLE = range(4)
"""<reason> of +CCFC."""
_REPLY_WITHIN = 20.0
"""Seconds until a call is forwarded, if +CCFC has set none (27.007 7.11)."""
_RELEASES = {
    "busy": Release.BUSY,
    "no-answer": Release.NO_ANSWER,
    "refuses": Release.REJECTED,
    "unassigned": Release.UNASSIGNED,
}


class VoiceCall(msgspec.Struct, frozen=True):
    """A voice call, for the user of the emulator."""

    id: int
    """<id> of +CLCC."""
    number: str
    """Of the other side; empty where it does not show its number."""
    incoming: bool
    state: str
    """dialling, alerting, incoming, waiting, active or held."""
    multiparty: bool
    """Whether it is part of a conference."""
    withheld: bool
    """Whether the module has not shown its own number."""
    tones: str
    """What the module has sent by +VTS."""


class FarEnd:
    """Those with whom the module speaks; made anew at each start."""

    def __init__(
        self,
        calls: CallService,
        outcome: Overlaid[Outcome | None],
        network: Network,
        subscription: Subscription,
        pace: Pace,
        clock: Clock,
        trace: Trace,
    ) -> None:
        """`outcome` takes the place of the profile's for every number, where it has a value."""
        self._calls = calls
        self._profile = calls.profile
        self._outcome = outcome
        self._network = network
        self._subscription = subscription
        self._pace = pace
        self._clock = clock
        self._trace = trace
        self._timers: dict[Call, Timer] = {}
        calls.on_dialled.append(self._dialled)
        calls.on_change.append(self._changed)

    def __repr__(self) -> str:
        return f"<FarEnd of {self._calls!r}>"

    # Whom the module dials.

    def _outcome_of(self, number: str) -> Outcome:
        if (outcome := self._outcome.value) is not None:
            return outcome
        return next((one.outcome for one in self._profile.parties if one.number == number), self._profile.others)

    def _dialled(self, call: Call) -> None:
        self._after(self._profile.rings_after + self._pace.seconds(lambda times: times.ringing), call)

    def _after(self, seconds: float, call: Call) -> None:
        """Let the other side go on; without a delay at once."""
        if seconds <= 0:
            self._step(call)
        else:
            due = reporting(self._trace, "the other side of a call", lambda: self._go_on(call))
            self._timers[call] = self._clock.call_later(seconds, due)

    def _step(self, call: Call) -> None:
        outcome = self._outcome_of(call.number)
        if call.state is CallState.DIALLING:
            if outcome in ("busy", "unassigned"):
                self._calls.end(call, _RELEASES[outcome])
                return
            self._calls.move(call, CallTrigger.ALERTED)
            if outcome != "waits":
                seconds = self._profile.unanswered_after if outcome == "no-answer" else self._profile.answers_after
                self._after(seconds, call)
        elif call.state is CallState.ALERTING:
            if outcome == "answers":
                self._calls.move(call, CallTrigger.ANSWERED)
            elif outcome in _RELEASES:
                self._calls.end(call, _RELEASES[outcome])
        elif call is self._calls.coming:
            self._nobody_answers(call)

    def _go_on(self, call: Call) -> None:
        self._timers.pop(call, None)
        self._step(call)

    def _changed(self, call: Call) -> None:
        if call.state is CallState.ENDED and (timer := self._timers.pop(call, None)) is not None:
            timer.cancel()

    # Who calls the module.

    def ring(self, number: str = "") -> int:
        """Call the module from a telephone number, or from one that is not shown; return the <id> of the call.

        Raises:
            UserError: `number` is no telephone number, or the call does not reach the module; the message says why.
        """
        if not re.fullmatch(r"(\+?[0-9*#]{1,20})?", number):
            raise UserError(f"{number!r} cannot call; give a telephone number, or none for one that is not shown")
        if self.obstacle is not None:
            raise UserError(f"the call does not reach the module: {self.obstacle}")
        call = self._calls.come(number)
        kept = self._forwarding(_NO_REPLY)
        limit = self._profile.caller_waits if kept is None else float(kept.seconds or _REPLY_WITHIN)
        if call is self._calls.coming:
            self._after(limit, call)
        return call.id

    @property
    def obstacle(self) -> str | None:
        """Say why a call does not reach the module; None where it does."""
        for reason, applies, why in (
            (_ALWAYS, True, None),
            (_UNREACHABLE, not self._network.registered, "the module is not registered"),
            (None, self._calls.bars_incoming, "the network bars calls that come"),
            (_BUSY, self._calls.is_busy, "the module is busy"),
        ):
            if applies and reason is not None and (kept := self._forwarding(reason)) is not None:
                return f"it is forwarded to {kept.number}"
            if applies and why is not None:
                return why
        return None

    def _forwarding(self, reason: int) -> Forwarding | None:
        kept = self._subscription.forwarded.get((reason, VOICE))
        return kept if kept is not None and kept.active else None

    def _nobody_answers(self, call: Call) -> None:
        self._calls.end(call, Release.NO_ANSWER)

    # What the user of the emulator does.

    @property
    def shown(self) -> list[VoiceCall]:
        """Return the calls as they are now, by their <id>."""
        return [
            VoiceCall(call.id, call.number, call.incoming, call.state.value, call.multiparty, call.withheld, call.tones)
            for call in self._calls
        ]

    def _call(self, number: int | None, *states: CallState) -> Call:
        calls = [call for call in self._calls if call.state in states and number in (None, call.id)]
        if len(calls) == 1:
            return calls[0]
        which = "no such call" if not calls else "several such calls; name one by its <id>"
        raise UserError(f"there is {which}" if not calls else f"there are {which}")

    def answer(self, number: int | None = None) -> None:
        """Answer the call that the module has dialled; `number` is its <id>, where there are several.

        Raises:
            UserError: there is none, or there are several.
        """
        call = self._call(number, CallState.DIALLING, CallState.ALERTING)
        self._forget(call)
        self._calls.move(call, CallTrigger.ANSWERED)

    def end(self, number: int | None = None, release: Release = Release.NORMAL) -> None:
        """End a call from the other side: hang up, give up ringing, or refuse.

        Raises:
            UserError: there is none, or there are several and `number` names none of them.
        """
        call = self._call(number, *(state for state in CallState if state is not CallState.ENDED))
        self._calls.end(call, release)

    def busy(self, number: int | None = None) -> None:
        """Answer the dialled call with the busy tone.

        Raises:
            UserError: there is none, or there are several.
        """
        call = self._call(number, CallState.DIALLING, CallState.ALERTING)
        self._calls.end(call, Release.BUSY)

    def press(self, tones: str) -> None:
        """Press keys in a call, which the module hears as tones.

        Raises:
            UserError: they are no keys, or there is no active call.
        """
        if not re.fullmatch(r"[0-9*#A-D]+", tones):
            raise UserError(f"{tones!r} are no keys; give 0 to 9, *, # and A to D")
        if not self._calls.in_state(CallState.ACTIVE):
            raise UserError("there is no active call")
        self._calls.tone(tones)

    def _forget(self, call: Call) -> None:
        if (timer := self._timers.pop(call, None)) is not None:
            timer.cancel()

    def drop(self) -> None:
        """Stop at power-off."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
