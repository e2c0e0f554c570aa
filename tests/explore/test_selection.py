"""`--kinds`: words for kinds of steps, alone and in groups."""

import re

import pytest

from emulator.errors import UserError
from emulator.explore.steps.kind import Kind
from emulator.explore.steps.selection import select, words
from emulator.explore.steps.step import Nature
from emulator.explore.subjects import all_kinds

KINDS = [kind for kinds in all_kinds().values() for kind in kinds]
FIRST = KINDS[0]


def test_every_kind_is_declared_once_with_its_source() -> None:
    """And no word stands for two things."""
    assert len({kind.word for kind in KINDS}) == len(KINDS)
    assert all(kind.source and not kind.source.endswith(".") for kind in KINDS)
    assert not {kind.word for kind in KINDS} & {"variations", "faults", "noise", "all", *all_kinds()}


@pytest.mark.parametrize("written", [FIRST.word, FIRST.name, FIRST.name.upper(), f" {FIRST.word}"])
def test_a_kind_is_chosen_by_its_name(written: str) -> None:
    """In one word or several, in any case."""
    assert frozenset({FIRST.name}) == select([written])


def test_nothing_chosen_is_everything() -> None:
    """So that a new kind is tried without a new option."""
    assert select([]) is None
    assert frozenset(kind.name for kind in KINDS) == select(["all"])


def test_a_group_is_a_nature_or_a_subject() -> None:
    """As `explore --list` shows them."""
    (subject, members), *_ = all_kinds().items()

    assert frozenset(kind.name for kind in KINDS if kind.nature is Nature.VARIATION) == select(["variations"])
    assert frozenset(kind.name for kind in members) == select([subject])


@pytest.mark.parametrize("sign", ["-", "no-"])
def test_a_word_with_a_sign_takes_away(sign: str) -> None:
    """From what was chosen before it; from all when it is the first."""
    without = frozenset(kind.name for kind in KINDS) - {FIRST.name}

    if without:
        assert without == select([f"{sign}{FIRST.word}"])
    assert frozenset({FIRST.name}) == select([f"{sign}all", FIRST.word])
    with pytest.raises(UserError, match="no kind is left"):
        select([FIRST.word, f"{sign}{FIRST.word}"])


@pytest.mark.parametrize(("given", "near"), [("varations", "variations"), ("-nois", "noise")])
def test_an_unknown_word_names_the_nearest(given: str, near: str) -> None:
    """And where all of them are listed."""
    with pytest.raises(
        UserError, match=re.escape(f"--kinds {given}: unknown kind; the nearest is {near}; `explore --list`")
    ):
        select([given])


def test_a_name_makes_one_word() -> None:
    """Which a shell takes without quotes."""
    assert "cme-error-in-another-form" == Kind("+CME ERROR, in another form", Nature.VARIATION, "x").word
    assert set(words()) == {word for word in words() if re.fullmatch("[a-z0-9-]+", word)}
