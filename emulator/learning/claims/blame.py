"""Decides which keys of the profile explain the refusals that were seen: a refusal's cause, or a cause's number.

A refusal is shown by number and text. Two keys can change it: the one that names the cause, and the entry of that cause
among `errors`. A pair that belongs to one other cause tells the first. A pair that belongs to none tells the second,
where half of it is still that of the expected cause, or where two refusals of that cause agree. All else stays open.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from emulator.dte.exchange import Exchange
from emulator.errors import Cause
from emulator.firmware.layers import KeyPath
from emulator.firmware.schema.profile import Profile
from emulator.learning.claims.claim import Claim


@dataclass(frozen=True)
class Shown:
    """How a refusal looks on the line."""

    family: str
    code: int
    text: str


@dataclass(frozen=True)
class Seen:
    """A refusal that was provoked."""

    path: KeyPath | None
    """The key that names the cause; None where the cause is the same for every firmware."""
    expected: Cause
    """The cause that the base has for it."""
    shown: Shown
    exchanges: Sequence[Exchange]
    certain: bool = True
    """Whether no parameter can be the reason of the refusal."""
    unlike: Collection[KeyPath] = ()
    """Keys of refusals that may come in its place."""
    unlike_shown: Collection[Shown] = ()
    """How these look on the base."""


Errors = Mapping[Cause, Shown]
_PARAMETER = Cause.OPERATION_NOT_SUPPORTED
"""The cause of a parameter that the module does not take: it says nothing of the refusal that was meant."""
_PASSING = (Cause.SIM_BUSY, Cause.SMS_SIM_BUSY)
"""Causes of a moment: the card is not ready yet."""


def entries_of(profile: Profile) -> Errors:
    """Return the table of a profile."""
    return {cause: Shown(entry.family, entry.code, entry.text) for cause, entry in profile.errors.items()}


def shown_in(by_number: Exchange, by_text: Exchange) -> Shown | None:
    """Return how a refusal looks that was made with +CMEE=1 and with +CMEE=2; None where it tells no number or text."""
    number, text = by_number.refusal, by_text.refusal
    if number is None or text is None or number.code is None or text.text is None or number.family != text.family:
        return None
    return Shown(number.family, number.code, text.text)


def explained(seen: Sequence[Seen], errors: Errors) -> Iterator[Claim]:
    """Return the claims that the refusals prove; `errors` is the base's table."""
    agreed = _agreed(seen)
    known = dict(errors)
    for cause, refusals in _by_cause(agreed).items():
        changed = _entry(cause, refusals, errors)
        if changed is not None:
            known[cause] = changed
            shown_by = [one for refusal in refusals if refusal.shown == changed for one in refusal.exchanges]
            yield from _entry_claims(cause, changed, errors[cause].family, shown_by)
    for refusal in agreed:
        owners = [cause for cause, shown in known.items() if shown == refusal.shown]
        if refusal.path is None or len(owners) != 1:
            continue
        (owner,) = owners
        if owner is refusal.expected or (owner not in _PASSING and (owner is not _PARAMETER or refusal.certain)):
            yield Claim(refusal.path, owner.value, refusal.exchanges)


def _agreed(seen: Sequence[Seen]) -> list[Seen]:
    """Return one refusal a key, of the keys whose refusals all look the same, and those without a key."""
    by_path: defaultdict[KeyPath, list[Seen]] = defaultdict(list)
    for refusal in seen:
        by_path[refusal.path or ("", refusal.exchanges[0].sent)].append(refusal)
    agreed = [group[0] for group in by_path.values() if len({refusal.shown for refusal in group}) == 1]
    return [one for one in agreed if not _may_be_another(one, seen)]


def _may_be_another(one: Seen, seen: Sequence[Seen]) -> bool:
    """Return whether it looks like a refusal that may have come in its place."""
    others = {other.shown for other in seen if other.path in one.unlike}
    return one.shown in others or one.shown in one.unlike_shown


def _by_cause(seen: Sequence[Seen]) -> Mapping[Cause, list[Seen]]:
    groups: defaultdict[Cause, list[Seen]] = defaultdict(list)
    for refusal in seen:
        groups[refusal.expected].append(refusal)
    return groups


def _entry(cause: Cause, refusals: Sequence[Seen], errors: Errors) -> Shown | None:
    """Return the entry of a cause that its refusals prove; None where they prove none."""
    shown = {refusal.shown for refusal in refusals}
    if errors[cause] in shown:
        return errors[cause] if _owners(errors[cause], errors) == [cause] else None
    unknown = {one for one in shown if not _owners(one, errors)}
    if len(unknown) != 1:
        return None
    (one,) = unknown
    count = sum(refusal.shown == one for refusal in refusals)
    return one if count > 1 or _is_half(one, cause, errors) else None


def _owners(shown: Shown, errors: Errors) -> list[Cause]:
    return [cause for cause, entry in errors.items() if entry == shown]


def _is_half(shown: Shown, cause: Cause, errors: Errors) -> bool:
    """Return whether the text is that of this cause, or the number is and the text is no other cause's."""
    by_text = [other for other, entry in errors.items() if entry.text == shown.text]
    by_code = [other for other, entry in errors.items() if entry.code == shown.code]
    return cause in by_text or (not by_text and cause in by_code)


def _entry_claims(cause: Cause, shown: Shown, family: str, shown_by: Sequence[Exchange]) -> Iterator[Claim]:
    """Return the claims of an entry; its family is seldom written, and none is claimed that is as it was."""
    for name in ("code", "text") if shown.family == family else ("family", "code", "text"):
        yield Claim(("errors", cause.value, name), getattr(shown, name), shown_by)
