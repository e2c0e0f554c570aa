"""Examine a server: dial it as each firmware does, and find the reason where that fails."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from emulator.clock import Clock, WallClock
from emulator.device.ssl.policy import MUTUAL_AUTHENTICATION, NO_AUTHENTICATION
from emulator.doctor.certificates import find_path, name_of
from emulator.doctor.dial import DialOutcome, DialSettings, End
from emulator.doctor.dials import Dials
from emulator.doctor.extended import factory_choice
from emulator.doctor.facts import facts_of
from emulator.doctor.finding import Finding, sentence
from emulator.doctor.hello import (
    find_at_hello,
    find_by_answer,
    find_client_certificate,
    find_other_number,
    find_other_security,
)
from emulator.doctor.question import Question
from emulator.doctor.survey import Survey
from emulator.doctor.trials import NOTHING, Trials, Works
from emulator.doctor.trust import find_in_chain, find_no_root
from emulator.doctor.unconnected import find_no_connection, find_no_tls
from emulator.doctor.verdict import Reason, Root, Verdict
from emulator.errors import UserError
from emulator.firmware.loader import Firmware, load_firmware
from emulator.firmware.schema.ssl import SecureSocket
from emulator.firmware.selection import Choice
from emulator.tls.client import FailureCause

DIALS_AT_ONCE = 2
"""So that no server takes the doctor for an attack."""

_GIVEN = "--ca"


async def examine(question: Question, choices: Sequence[Choice], clock: Clock | None = None) -> tuple[Verdict, ...]:
    """Return a verdict for each firmware, in their order.

    Raises:
        UserError: this machine has no network.
    """
    return await Examination(question, clock or WallClock()).run(choices)


@dataclass(frozen=True)
class _Candidate:
    """One firmware with SSL."""

    firmware: Firmware
    profile: SecureSocket

    @property
    def default(self) -> int:
        return self.profile.cipher_default

    @property
    def settings(self) -> DialSettings:
        """Return the factory's."""
        return DialSettings(self.default, extended=factory_choice(self.profile))


@dataclass(frozen=True)
class _Trial:
    """What came of the dials of one firmware."""

    outcome: DialOutcome
    """With the factory's settings."""
    settings: DialSettings
    anchor: Root | None = None
    works: Works = NOTHING


class Examination:
    """One server, and what was found out about it so far."""

    def __init__(self, question: Question, clock: Clock) -> None:
        at_once = asyncio.Semaphore(DIALS_AT_ONCE)
        self._question = question
        self._clock = clock
        self.dials = Dials(question, clock, at_once)
        self._trials = Trials(self.dials)
        self._survey = Survey(question, at_once)
        self._unconnected: Finding | None = None
        """Why there is no connection, for any firmware."""

    def __repr__(self) -> str:
        return f"<Examination of {self._question.address}, {self.dials}>"

    async def run(self, choices: Sequence[Choice]) -> tuple[Verdict, ...]:
        """Return a verdict for each firmware; see `examine`."""
        loaded = [load_firmware(choice.name) for choice in choices]
        able = [_Candidate(one, one.profile.secure_socket) for one in loaded if one.profile.secure_socket is not None]
        if able:
            await self._first_dial(able[0])
        verdicts = await asyncio.gather(*map(self._examine, choices, loaded))
        server = facts_of(self._question, self.dials.outcomes, self._survey, verdicts)
        return tuple(replace(verdict, server=server) for verdict in verdicts)

    async def _first_dial(self, candidate: _Candidate) -> None:
        """Dial once before all others, so that a server which is not there is asked no more than that."""
        outcome = await self.dials.make(candidate.firmware, candidate.settings)
        if outcome.end is End.NO_NETWORK:
            raise UserError(f"{self._question.address}: {outcome.detail}; connect this machine to the network first")
        self._unconnected = find_no_connection(self._question, outcome)

    async def _examine(self, choice: Choice, firmware: Firmware) -> Verdict:
        profile = firmware.profile.secure_socket
        if profile is None:
            text = "This firmware has no SSL commands; a later version of the model has."
            return Verdict(choice, self._question.mode, False, reason=Reason.VERSION, sentence=text)
        candidate = _Candidate(firmware, profile)
        trial = _Trial(DialOutcome(End.NO_CONNECTION), candidate.settings)
        finding: Finding | None = self._unconnected
        if finding is None:
            trial, finding = await self._try(candidate)
        verdict = Verdict(
            choice,
            self._question.mode,
            finding is None,
            trial.works.numbers,
            trial.works.suites(profile),
            anchor=trial.anchor,
            extended=trial.works.extended,
        )
        if finding is None:
            return replace(verdict, sentence=self._success(trial))
        return replace(verdict, reason=finding.reason, sentence=finding.sentence, also=finding.also)

    # Dialling.

    async def _try(self, candidate: _Candidate) -> tuple[_Trial, Finding | None]:
        """Dial as the module does, with the CA certificate given or found; return why it fails."""
        mode, given = self._question.mode, self._question.ca
        settings, anchor = candidate.settings, None
        if mode != NO_AUTHENTICATION and given:
            anchor = Root(given[0], name_of(given[0]), _GIVEN)
            settings = replace(settings, mode=mode, anchors=given)
        elif mode != NO_AUTHENTICATION:
            seen = await self._trials.with_chain(candidate.firmware, candidate.profile, settings)
            if seen.chain:
                path = find_path(seen.chain)
                if path.root is None:
                    return _Trial(seen, settings), find_no_root(seen.chain, path)
                anchor = path.root
                settings = replace(settings, mode=mode, anchors=(anchor.certificate,))
        outcome = await self.dials.make(candidate.firmware, settings)
        works = await self._trials.working(candidate.firmware, candidate.profile, settings, outcome)
        trial = _Trial(outcome, settings, anchor, works)
        return trial, await self._explain(candidate, trial)

    # Reasons.

    async def _explain(self, candidate: _Candidate, trial: _Trial) -> Finding | None:
        """Return why the module does not open the socket; None when it does."""
        outcome, question = trial.outcome, self._question
        if outcome.end is End.OPEN:
            return None
        if (chosen := trial.works.extended) is not None:
            named = not outcome.before_hello
            return find_other_security(candidate.profile, chosen, trial.works.numbers, named=named)
        if outcome.end is End.NOT_STORED:
            return Finding(Reason.KEY, sentence(f"the module does not take the security data: {outcome.detail}"))
        if outcome.end is End.TOO_LONG:
            return Finding(Reason.SIZE, sentence(outcome.detail + await self._root_alone(candidate)))
        if unconnected := find_no_connection(question, outcome):
            return unconnected
        if outcome.before_hello:
            return await self._explain_hello(candidate, trial)
        if outcome.cause is FailureCause.UNTRUSTED:
            return self._explain_chain(candidate, trial)
        if outcome.cause is FailureCause.KEY_UNUSABLE:
            return Finding(Reason.KEY, sentence(outcome.detail))
        return find_client_certificate(question, outcome) or find_by_answer(candidate.profile, question, outcome)

    async def _explain_hello(self, candidate: _Candidate, trial: _Trial) -> Finding:
        outcome, question, profile = trial.outcome, self._question, candidate.profile
        if trial.works.numbers:
            return find_other_number(profile, trial.works.numbers)
        finding = (
            await find_no_tls(question, outcome, self._survey)
            or await find_at_hello(profile, question, self._survey)
            or find_by_answer(profile, question, outcome)
        )
        return self._with_trust(candidate, trial, finding)

    def _explain_chain(self, candidate: _Candidate, trial: _Trial) -> Finding:
        """Let the module judge the chain once more, to know what is wrong with it."""
        chain = trial.outcome.chain
        refusal = self.dials.judge(candidate.firmware, trial.settings, chain)
        if refusal is None:
            return Finding(Reason.CHAIN, sentence(trial.outcome.detail))
        return find_in_chain(refusal, chain, self._question, self._clock.utc())

    def _with_trust(self, candidate: _Candidate, trial: _Trial, finding: Finding) -> Finding:
        """Add what the module has against the chain that a modern client sees, where it would judge that."""
        chain = next((one.chain for one in self._survey.known if one.chain), ())
        settings = replace(trial.settings, mode=self._question.mode)
        if not chain or settings.mode == NO_AUTHENTICATION:
            return finding
        if not settings.anchors:
            path = find_path(chain)
            settings = replace(settings, anchors=(path.root.certificate,) if path.root else ())
        refusal = self.dials.judge(candidate.firmware, settings, chain)
        if refusal is None:
            return finding
        found = find_in_chain(refusal, chain, self._question, self._clock.utc()).reason
        return finding if found in finding.also else replace(finding, also=(*finding.also, found))

    async def _root_alone(self, candidate: _Candidate) -> str:
        """Return which of several CA certificates is the one to store."""
        if len(self._question.ca) < 2:
            return ""
        seen = await self.dials.make(candidate.firmware, candidate.settings)
        root = find_path(seen.chain, self._question.ca).root if seen.chain else None
        return f"; store {root.subject} alone" if root is not None else ""

    def _success(self, trial: _Trial) -> str:
        outcome = trial.outcome
        assert outcome.suite is not None, "an open socket has a suite"
        text = f"#SSLD opens the socket with {outcome.suite.openssl_name}"
        if trial.anchor is not None:
            source = "" if trial.anchor.source == _GIVEN else f", found in {trial.anchor.source}"
            text += f", once the CA certificate {trial.anchor.subject} is stored{source}"
        if "certificate_request" in outcome.heard and self._question.mode != MUTUAL_AUTHENTICATION:
            text += "; the server asks for a client certificate, and may turn away who shows none"
        return sentence(text)
