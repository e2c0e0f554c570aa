"""Selects kinds of steps by the words of `--kinds`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from emulator.errors import UserError
from emulator.explore.steps.kind import Kind
from emulator.explore.steps.step import Nature
from emulator.explore.subjects import all_kinds
from emulator.firmware.keys import nearest

ALL = "all"
_GROUPS = {"variations": Nature.VARIATION, "faults": Nature.FAULT, "noise": Nature.NOISE}
_WITHOUT = ("-", "no-")


def words() -> Mapping[str, frozenset[str]]:
    """Return what each word stands for, as names of kinds: all, a nature, a subject, one kind."""
    subjects = all_kinds()
    kinds = [kind for subject in subjects.values() for kind in subject]
    return {
        **{kind.word: frozenset({kind.name}) for kind in kinds},
        **{subject: _names(members) for subject, members in subjects.items()},
        **{group: _names(kind for kind in kinds if kind.nature is nature) for group, nature in _GROUPS.items()},
        ALL: _names(kinds),
    }


def select(chosen: Sequence[str]) -> frozenset[str] | None:
    """Return the names of the chosen kinds; None, which is all of them, where nothing is chosen.

    Words are read from left to right; one with `-` or `no-` before it takes away. Where the first one takes away, it
    does so from all kinds.

    Raises:
        UserError: a word is none, or no kind is left.
    """
    if not chosen:
        return None
    known = words()
    selected: frozenset[str] = frozenset()
    for number, (takes_away, word) in enumerate(_read(chosen, known)):
        if takes_away:
            selected = (selected if number else known[ALL]) - known[word]
        else:
            selected |= known[word]
    if not selected:
        raise UserError(f"--kinds {','.join(chosen)}: no kind is left; leave out less")
    return selected


def _read(chosen: Iterable[str], known: Iterable[str]) -> Iterator[tuple[bool, str]]:
    known = set(known)
    for given in chosen:
        word = given.strip().lower().replace(" ", "-")
        without = next((word.removeprefix(sign) for sign in _WITHOUT if word.startswith(sign)), None)
        if word in known:
            yield False, word
        elif without in known:
            yield True, str(without)
        else:
            near = nearest(word if without is None else without, known)
            raise UserError(f"--kinds {given}: unknown kind{near}; `explore --list` shows all")


def _names(kinds: Iterable[Kind]) -> frozenset[str]:
    return frozenset(kind.name for kind in kinds)
