"""One session of learning: the base, every probe in turn, and the verified draft of the profile."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from emulator.dte.identity import Identity, identify
from emulator.dte.module_line import ModuleLine
from emulator.dte.nearest import nearest_firmware
from emulator.dte.signals import signals_deferred
from emulator.dte.snapshot import Difference, Snapshot, restore, take
from emulator.errors import UserError
from emulator.firmware.loader import Firmware, load_firmware
from emulator.learning.asking import environment
from emulator.learning.asking.factory_line import restore_factory_settings
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.step import Act, Step
from emulator.learning.claims.claim import Claim
from emulator.learning.claims.draft import Draft
from emulator.learning.claims.segment import Segment
from emulator.learning.claims.verifying import Verifier, Withdrawn
from emulator.learning.journal import Begun, Found, Journal
from emulator.learning.observer import Observer
from emulator.learning.probe import PassedOver, Probe
from emulator.learning.probes import all_probes

STATE = ("AT+CMEE=1", *environment.ASKED)
"""Commands that give every probe the same state to begin with, besides factory settings and no echo."""
_SERIAL = "AT+CGSN"
_RETURN = 5.0
"""Seconds in which a port that was lost may come back, so that the module can be put back."""


@dataclass
class Learned:
    """What a session has found."""

    identity: Identity
    base: Firmware
    before: Sequence[Step] = ()
    segments: list[Segment] = field(default_factory=list)
    count: int = 0
    """How many probes there are."""
    draft: Draft | None = None
    withdrawn: Sequence[Withdrawn] = ()
    passed_over: list[str] = field(default_factory=list)
    """The probes that asked nothing, as something of the user's was in their way, each with what that was."""
    misread: list[str] = field(default_factory=list)
    """The probes that could make nothing of an answer, each with the reason."""
    left: list[str] = field(default_factory=list)
    """What is not as it was found."""

    @property
    def claims(self) -> list[Claim]:
        """Return what was claimed, whether it differs from the base or not."""
        return [claim for segment in self.segments for claim in segment.claims]

    @property
    def is_complete(self) -> bool:
        """Return whether every probe has been run."""
        return len(self.segments) >= self.count  # a session that goes on may leave out what ran last before


class LearningSession:
    """Ask a module everything that the journal does not have yet.

    `learned` has what was found so far, also after the session was broken off.
    """

    def __init__(
        self, module: ModuleLine, base: str | None, journal: Journal, observer: Observer, last: Sequence[Probe] = ()
    ) -> None:
        """Identify the module, and find the base; `last` are probes that run after all others.

        Raises:
            UserError: it is another maker's modem, there is no such base, the journal is another module's, or the
                port fails.
        """
        self._module = module
        self._journal = journal
        self._observer = observer
        self._last = last
        identity = identify(module)
        serial = sha256(" ".join(module.ask(_SERIAL).lines).encode()).hexdigest()[:16]
        self._key = identity.model, identity.revision, serial
        self._begun, segments = journal.read()
        begun = self._begun
        wanted = load_firmware(base or (begun.base if begun else nearest_firmware(identity))).name
        if begun is not None and begun.module != self._key:
            raise _of_another(journal, f"another module ({begun.model} {begun.revision})")
        if begun is not None and begun.base != wanted:
            raise _of_another(journal, f"a session from {begun.base}")
        self.learned = Learned(identity, load_firmware(wanted), (), list(segments))

    def run(self) -> None:
        """Run the probes that are left, and leave the module as it was found.

        Raises:
            UserError: the port fails, or the journal cannot be written.
        """
        inquiry = Inquiry(self._module, self.learned.base)
        probes = [*all_probes(inquiry), *self._last]
        done = {segment.probe for segment in self.learned.segments}
        self.learned.count = len(probes)
        self._observer.begins(self.learned.identity, self.learned.base.name, len(probes), len(done))
        with self._kept(inquiry):
            for number, probe in enumerate(probes, 1):
                if probe.name not in done:
                    self._observer.probes(number, probe.name)
                    segment = self._segment(probe, inquiry)
                    self._journal.add(segment)
                    self.learned.segments.append(segment)

    @contextmanager
    def _kept(self, inquiry: Inquiry) -> Iterator[None]:
        """Give every probe the same state in the `with` block, and put the module back afterwards."""
        found = self._found()
        try:
            with inquiry.noting() as before:
                inquiry.ask("ATE0")
                restore_factory_settings(inquiry)
                for command in STATE:
                    inquiry.ask(command)
            self.learned.before = tuple(before)
            yield
        finally:
            self._observer.restores()
            with signals_deferred():
                self.learned.left = [str(difference) for difference in self._restored(found)]

    def _found(self) -> Snapshot:
        """Return the state in which the module was found, by this session or the one that was broken off."""
        base = self.learned.base
        if self._begun is not None:
            self._module.leave_with(self._begun.found.results)
            return self._begun.found.as_snapshot(base)
        found = take(self._module, base)
        model, revision, serial = self._key
        kept = Found.of(found, self._module.found)
        self._journal.begin(Begun(model=model, revision=revision, serial_hash=serial, base=base.name, found=kept))
        return found

    def _restored(self, found: Snapshot) -> Sequence[Difference]:
        try:
            return restore(self._module, found, self.learned.base)
        except UserError:
            self._module.reopen(_RETURN)
        return restore(self._module, found, self.learned.base)

    def _segment(self, probe: Probe, inquiry: Inquiry) -> Segment:
        claims: list[Claim] = []
        with inquiry.noting() as steps:
            try:
                claims += probe.run(inquiry)
            except PassedOver as reason:
                self.learned.passed_over.append(f"{probe.name}: {reason}")
            except (ValueError, LookupError, TypeError) as error:  # a module may say anything; only this probe is lost
                self.learned.misread.append(f"{probe.name}: {error}")
                claims.clear()
        if any(step.act is Act.ASK and not step.exchange.said for step in steps):
            self._make_sure_that_it_answers()
        return Segment(probe.name, tuple(steps), tuple(claims))

    def _make_sure_that_it_answers(self) -> None:
        if not self._module.ask("AT").is_ok:
            self._module.settle()
            if not self._module.ask("AT").is_ok:
                raise UserError(f"{self._module.name}: the module does not answer any more; is it still on?")

    def verify(self) -> None:
        """Keep of the claims those that an emulated module holds up."""
        learned = self.learned
        draft = Draft.of(learned.base, learned.claims)
        self._observer.verifies(len(draft.units))
        verified = Verifier(learned.before, learned.segments).verify(draft)
        learned.draft, learned.withdrawn = verified.draft, verified.withdrawn


def _of_another(journal: Journal, whose: str) -> UserError:
    return UserError(f"{journal.path}: it is of {whose}; remove it to begin anew, or name another profile by --out")
