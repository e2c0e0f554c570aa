"""Verifies claims by emulation: a module that has them is asked the same, and must answer the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from emulator.api import VirtualModem
from emulator.commands.catalogue import command_table
from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ModuleLine
from emulator.errors import UserError
from emulator.firmware.keys import written
from emulator.firmware.layers import KeyPath
from emulator.firmware.loader import load_firmware
from emulator.learning.asking.environment import settings_of
from emulator.learning.asking.step import Act, Step
from emulator.learning.claims.alike import alike, alike_of
from emulator.learning.claims.claim import Claim
from emulator.learning.claims.draft import Draft, contradictions
from emulator.learning.claims.segment import Segment
from emulator.learning.reports.writing import as_toml

_SPEED = 50.0
"""How many times as fast the emulated module's time runs."""


_ESC = "\x1b"
_SHORT = 0.5
"""Seconds that the end of a cancelled entry may take."""


@dataclass(frozen=True)
class Withdrawn:
    """Claims for a key that are not held up, and the reason."""

    key: KeyPath
    reason: str
    exchange: Exchange | None = None

    def __str__(self) -> str:
        return f"{written(self.key)}: {self.reason}"


@dataclass
class Verified:
    """A draft that holds, and what was withdrawn on the way."""

    draft: Draft
    withdrawn: list[Withdrawn] = field(default_factory=list)


class Verifier:
    """Verify the claims of segments, which were learned after the steps of `before`."""

    def __init__(self, before: Sequence[Step], segments: Sequence[Segment]) -> None:
        self._before = before
        self._settings = settings_of(before)
        self._answered: dict[object, Sequence[Exchange] | None] = {}
        self._segments = segments

    def verify(self, draft: Draft) -> Verified:
        """Withdraw what contradicts itself, what no profile can say, what is answered otherwise, or is not needed."""
        verified = Verified(draft)
        for check in (self._consistent, self._loadable, self._confirmed, self._needed):
            found = list(check(verified.draft))
            verified.withdrawn += found
            verified.draft = verified.draft.without(one.key for one in found if one.key)
        return verified

    def differing(self, draft: Draft) -> Sequence[Exchange]:
        """Return the exchanges to which an emulated module that has the draft answers otherwise."""
        return [exchange for segment in self._segments for exchange in self._differing(draft, segment)]

    def _consistent(self, draft: Draft) -> Iterator[Withdrawn]:
        said = [claim for segment in self._segments for claim in segment.claims]
        for key in contradictions(said):
            yield Withdrawn(key, "two answers contradict each other")

    def _loadable(self, draft: Draft) -> Iterator[Withdrawn]:
        yield from unloadable(draft)

    def _confirmed(self, draft: Draft) -> Iterator[Withdrawn]:
        units = draft.units
        for segment in self._segments:
            own = [key for key in units if any(claim in segment.claims for claim in units[key])]
            differing = self._differing(draft, segment) if own else {}
            for key in own:
                wrong = [exchange for exchange in _shown_by(units[key]) if _differs(exchange, key, differing)]
                if wrong:
                    yield Withdrawn(key, "seen, but the emulator cannot say so", wrong[0])

    def _needed(self, draft: Draft) -> Iterator[Withdrawn]:
        """Withdraw what the answers that should show it do not depend on: an emulated module without it says the same.

        Without all claims of a segment, the answers change that show a claim alone; where several claims share an
        answer, each is left out for itself.
        """
        units = draft.units
        for segment in self._segments:
            own = {
                key: _sights(key, units[key], segment)
                for key in units
                if any(claim in segment.claims and not claim.is_measured for claim in units[key])
            }
            with_all = self._answers(draft, segment) if own else None
            without_any = self._answers(draft.without(own), segment) if own else None
            for key, sights in own.items():
                is_alone = _ANYWHERE not in sights and not any(
                    sights & others for another, others in own.items() if another != key
                )
                without = without_any if is_alone else self._answers(draft.without([key]), segment)
                if with_all is not None and without is not None and not _depends(sights, with_all, without):
                    yield Withdrawn(key, "no answer depends on it")

    def _differing(self, draft: Draft, segment: Segment) -> "Differing":
        own = zip(segment.steps, self._answers(draft, segment) or (), strict=True)
        return {step.exchange: answer for step, answer in own if not alike(step.exchange, answer)}

    def _answers(self, draft: Draft, segment: Segment) -> Sequence[Exchange] | None:
        """Return the answers of an emulated module to the steps of a segment; None where none can have the draft."""
        known = segment.probe, frozenset(draft.values), frozenset(draft.unset)
        if known not in self._answered:
            self._answered[known] = self._replayed(draft, segment)
        return self._answered[known]

    def _replayed(self, draft: Draft, segment: Segment) -> Sequence[Exchange] | None:
        try:
            return replay(draft, [*self._before, *segment.steps], self._settings)[len(self._before) :]
        except UserError:  # no profile can be this draft
            return None


Differing = Mapping[Exchange, Exchange]
"""The exchanges of a module to which an emulated one answers otherwise, with its answers."""
_NAMED_BY_COMMAND = ("settings", "stored")
"""Tables whose names begin with that of a command."""


def _differs(exchange: Exchange, key: KeyPath, differing: Differing) -> bool:
    """Return whether an exchange differs in what it shows of a key."""
    return any(_is_part(one, exchange) and not _shows_the_same(key, one, answer) for one, answer in differing.items())


def _is_part(one: Exchange, whole: Exchange) -> bool:
    """Return whether an exchange is another one, or a part of it: a probe puts a command and its entry together."""
    is_command = one.sent == whole.sent and whole.said.startswith(one.said)
    is_entry = one.sent[:2] != "AT" and bool(one.said) and whole.said != one.said and whole.said.endswith(one.said)
    return one == whole or is_command or is_entry


def _shows_the_same(key: KeyPath, one: Exchange, other: Exchange) -> bool:
    """Return whether two answers that differ show the same of a key, as of one command of a line with several."""
    if key[0] == "commands" and len(key) == 2:
        return one.final == other.final
    name = _command_in(one, key)
    return bool(name) and alike_of(name, one, other)


def _command_in(exchange: Exchange, key: KeyPath) -> str:
    """Return the command of a line with several that shows a key; empty where the whole answer may."""
    is_one_of_several = key[0] in _NAMED_BY_COMMAND and (";" in exchange.sent or exchange.sent.count("?") > 1)
    return str(key[1]).partition(".")[0] if is_one_of_several else ""


def _shown_by(claims: Iterable[Claim]) -> Sequence[Exchange]:
    return [exchange for claim in claims for exchange in claim.shown_by]


_ANYWHERE = "", ""


def _sights(key: KeyPath, claims: Iterable[Claim], segment: Segment) -> frozenset[tuple[str, str]]:
    """Return the lines that show a key, each with the command in it that does.

    What a probe has put together of several answers may be any of them.
    """
    said = {step.exchange for step in segment.steps}
    return frozenset(
        (exchange.sent, _command_in(exchange, key)) if exchange in said else _ANYWHERE for exchange in _shown_by(claims)
    )


def _depends(sights: Iterable[tuple[str, str]], some: Sequence[Exchange], others: Sequence[Exchange]) -> bool:
    """Return whether two emulated modules answer differently what shows a claim."""
    seen = list(sights)
    return any(
        sent in (one.sent, "") and not (alike_of(name, one, other) if name else alike(one, other))
        for one, other in zip(some, others, strict=True)
        for sent, name in seen
    )


def unloadable(draft: Draft) -> Iterator[Withdrawn]:
    """Find the keys of a draft that no profile can have, by halves."""
    for key in _culprits(draft, list(draft.units)):
        yield Withdrawn(key, "no profile of the emulator can say so")


def _culprits(draft: Draft, keys: Sequence[KeyPath]) -> list[KeyPath]:
    if loads(draft):
        return []
    good: list[KeyPath] = []
    bad: list[KeyPath] = []
    pending = [list(keys)]
    while pending:
        group = pending.pop()
        if loads(draft.without(set(keys) - {*good, *group})):
            good += group
        elif len(group) == 1:
            bad += group
        else:
            half = len(group) // 2
            pending += [group[half:], group[:half]]
    for key in list(bad):  # one may need another that came later
        if loads(draft.without(set(keys) - {*good, key})):
            good.append(key)
            bad.remove(key)
    return bad


def loads(draft: Draft) -> bool:
    """Return whether `profiles --check` would accept the draft."""
    with TemporaryDirectory() as folder:
        try:
            command_table(load_firmware(str(_written(draft, Path(folder)))))
        except UserError:
            return False
    return True


def replay(draft: Draft, steps: Iterable[Step], settings: Sequence[str] = ()) -> list[Exchange]:
    """Take steps on an emulated module that has the draft and these settings; return its answers."""
    with TemporaryDirectory() as folder:
        modem = VirtualModem(str(_written(draft, Path(folder))), settings=settings, time_scale=_SPEED)
        with modem, ModuleLine(modem.port, time_scale=_SPEED) as line:
            return list(_taken(steps, line))


def _taken(steps: Iterable[Step], line: ModuleLine) -> Iterator[Exchange]:
    """Take steps; only what both modules have asked for is entered, so that no step waits for what does not come."""
    is_asked = was_asked = False
    for step in steps:
        if step.act is Act.ENTER and was_asked and not is_asked:
            answer = Exchange(step.exchange.sent, "")
        else:
            answer = step.again(line, _SPEED)
        is_asked, was_asked = answer.is_prompt, step.exchange.is_prompt
        if is_asked and not was_asked:
            line.enter(_ESC, _SHORT)
        yield answer


def _written(draft: Draft, folder: Path) -> Path:
    path = folder / "draft.toml"
    path.write_text(as_toml({"extends": draft.base.name}, draft), encoding="utf-8")
    return path
