"""Carry USSD between the host and the network: codes and answers, sessions, requests of the network.

Sources: 22.090, 27.007 7.15.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum

import msgspec

from emulator.clock import Clock, Timer
from emulator.device.network.registration import Network
from emulator.errors import UserError
from emulator.firmware.schema.network import LONGEST_USSD, Services, Ussd
from emulator.guard import guarded
from emulator.trace.defect import report_defect
from emulator.trace.trace import Trace


class Outcome(IntEnum):
    """<m> of +CUSD."""

    FINISHED = 0
    REPLY_WANTED = 1
    ENDED = 2
    """By the network."""
    NOT_SUPPORTED = 4


class UssdMessage(msgspec.Struct, frozen=True):
    """What the network says."""

    outcome: Outcome
    text: str | None = None


Report = Callable[[UssdMessage], bool]
"""Takes a message to a host; returns whether it is shown there."""


class UssdNetwork:
    """The network's side: the codes that it knows, and what hosts have replied to it. Power cuts leave it alone."""

    def __init__(self, profile: Services) -> None:
        self._known = {known.code: known for known in profile.ussd}
        self.replies: list[str] = []
        """To requests of the network, the oldest first."""

    def __repr__(self) -> str:
        return f"<UssdNetwork of {len(self._known)} codes>"

    @property
    def known(self) -> Mapping[str, Ussd]:
        """Return the answers by code."""
        return self._known

    def answer(self, code: str, text: str) -> None:
        """Answer a code in this way from now on.

        Raises:
            UserError: there is no code, or the text is too long.
        """
        if not code:
            raise UserError("ussd: the code is empty; give one, as in *100#")
        _check_length(text)
        self._known[code] = Ussd(code=code, answer=text)


def _check_length(text: str) -> None:
    if len(text) > LONGEST_USSD:
        raise UserError(f"ussd: the text has {len(text)} characters; give at most {LONGEST_USSD}")


class UssdSession:
    """The module's side; made anew at each start. One session at a time: it is open while a reply is wanted."""

    def __init__(self, ussd: UssdNetwork, profile: Services, network: Network, clock: Clock, trace: Trace) -> None:
        self._ussd = ussd
        self._reply_time = profile.ussd_reply_time
        self._network = network
        self._clock = clock
        self._trace = trace
        self._choices: Mapping[str, Ussd] | None = None
        """The replies that the network knows while it waits for one; None while no session is open."""
        self._asked_by_network = False
        self._report: Report = lambda message: False
        self._timer: Timer | None = None
        self.on_request: list[Report] = []
        """Each AT instance's."""
        network.on_registration.append(self._registration_changed)

    def __repr__(self) -> str:
        return f"<UssdSession {'closed' if self._choices is None else 'open'}>"

    def send(self, text: str, report: Report) -> UssdMessage:
        """Send a code or, while a session is open, a reply; return what the network says to it.

        `report` takes what it says later.
        """
        choices = self._choices
        if choices is None:
            return self._take(self._ussd.known.get(text), Outcome.NOT_SUPPORTED, report)
        if self._asked_by_network:
            self._ussd.replies.append(text)
        return self._take(choices.get(text), Outcome.ENDED, report)

    def _take(self, answer: Ussd | None, otherwise: Outcome, report: Report) -> UssdMessage:
        self.cancel()
        if answer is None:
            return UssdMessage(otherwise)
        if not answer.replies:
            return UssdMessage(Outcome.FINISHED, answer.answer)
        self._open({reply.code: reply for reply in answer.replies}, report)
        return UssdMessage(Outcome.REPLY_WANTED, answer.answer)

    def request(self, text: str, *, wants_reply: bool) -> bool:
        """Send the hosts a text of the network, which may want a reply; return whether any host shows it.

        Raises:
            UserError: it is too long, or the module is not registered.
        """
        _check_length(text)
        if not self._network.registered:
            raise UserError("ussd: the module is not registered, so that no request of the network reaches it")
        self.cancel()
        if wants_reply:
            self._open({}, self._to_every_host)
            self._asked_by_network = True
        return self._to_every_host(UssdMessage(Outcome.REPLY_WANTED if wants_reply else Outcome.FINISHED, text))

    def _to_every_host(self, message: UssdMessage) -> bool:
        shown = [report(message) for report in self.on_request]
        return True in shown

    def _open(self, choices: Mapping[str, Ussd], report: Report) -> None:
        self._choices, self._report = choices, report
        self._timer = self._clock.call_at(self._clock.now() + self._reply_time, self._reply_is_late)

    def cancel(self) -> None:
        """Close the session, if one is open."""
        self._choices, self._asked_by_network = None, False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @guarded
    def _reply_is_late(self) -> None:
        self._end()

    def _registration_changed(self) -> None:
        if not self._network.registered:
            self._end()

    def _end(self) -> None:
        """End the session as the network does."""
        if self._choices is not None:
            self.cancel()
            self._report(UssdMessage(Outcome.ENDED))

    def fail(self, error: Exception) -> None:
        """Report a defect of the emulator."""
        report_defect(self._trace, "a USSD session", error)
