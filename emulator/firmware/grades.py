"""Grades: how well a value of a profile is known, as the comment beside it says."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from emulator.docstrings import meaning
from emulator.errors import UserError
from emulator.firmware.remarks import Remark, read_remarks
from emulator.firmware.schema.profile import Profile


class Grade(StrEnum):
    """How well a value is known, from the best to the least."""

    GUIDE = "guide"
    """The SSL/TLS User Guide 1vv0300989 states it. It is law, for every release that it names."""
    HW = "hw"
    """A module of this model said so, with this version, on this day. Of another version it tells nothing for certain,
    so that the guide stands above it."""
    PUB = "pub"
    """Public material shows it: manuals, or programs written against real modules."""
    INF = "inf"
    """It is inferred from the facts around it."""
    MEM = "mem"
    """It is remembered from Telit's AT Commands Reference Guides, and not verified."""
    CHOICE = "choice"
    """The documents are silent, and this is what a user would expect."""


NOT_VERIFIED = frozenset({Grade.INF, Grade.MEM, Grade.CHOICE})
"""The grades that neither a document nor a module stands behind."""
UNGRADED = "none"
"""In counts, the values that carry no grade."""

_NAMES = {str(grade): grade for grade in Grade}
_NO_WORDS = ("true", "false")
_BRACKETS = re.compile(r"\[\s*([A-Za-z]+)\b([^\[\]]*)(\]?)")
_OF_HARDWARE = re.compile(r": *([^,]*[^, ]) *, *([^,]*[^, ]) *, *([^, ]+) *")


def _form(grade: Grade) -> str:
    return "[hw: MODEL, VERSION, YYYY-MM-DD]" if grade is Grade.HW else f"[{grade}]"


_FORMS = ", ".join(map(_form, Grade))


def grades_in(remarks: Iterable[Remark]) -> set[Grade]:
    """Return the grades that comments name."""
    brackets = (found for remark in remarks for found in _BRACKETS.findall(remark.text))
    return {_NAMES[word] for word, rest, end in brackets if word in _NAMES and _flaw(word, rest, end) is None}


def modules_named(remarks: Iterable[Remark]) -> set[tuple[str, ...]]:
    """Return model, version and date of each module that comments name."""
    brackets = (found for remark in remarks for found in _BRACKETS.findall(remark.text))
    modules = (_OF_HARDWARE.fullmatch(rest) for word, rest, _ in brackets if word == Grade.HW)
    return {found.groups() for found in modules if found}


def weakest(remarks: Iterable[Remark]) -> Grade | None:
    """Return the weakest grade that comments name; None where they name none."""
    return max(grades_in(remarks), key=list(Grade).index, default=None)


def deciding(*remarks: Sequence[Remark]) -> Sequence[Remark]:
    """Return the first of several groups of comments that names a grade; none where none does."""
    return next((each for each in remarks if grades_in(each)), ())


def check_grades(path: str) -> None:
    """Check the grades in a profile's file.

    Raises:
        UserError: a comment has a word in brackets that is no grade; it names file and line.
    """
    for remark in read_remarks(path).comments:
        if flaw := first_flaw(remark):
            raise UserError(f"{path}:{remark.line}: {flaw}")


def first_flaw(remark: Remark) -> str | None:
    """Return what is wrong with the first malformed grade of a comment, and what to write; None where all are right.

    Brackets count as a grade where they hold one word, or begin with the name of one. A head of a table that was made
    a comment is none.
    """
    found = (each for each in _BRACKETS.finditer(remark.text) if not _is_head(each[0], remark))
    return next((f"{each[0].strip()} {flaw}" for each in found if (flaw := _flaw(*each.groups()))), None)


def _is_head(brackets: str, remark: Remark) -> bool:
    return remark.is_alone and remark.text == brackets and brackets.strip("[] ") in Profile.__struct_fields__


def _flaw(word: str, rest: str, bracket: str) -> str | None:
    """Return what is wrong with brackets that hold a word and a rest; `bracket` is empty where none closes them."""
    grade = _NAMES.get(word.lower())
    if grade is None:
        is_prose = rest.strip() or not bracket or word in _NO_WORDS
        return None if is_prose else f"is no grade; the grades are {_FORMS}"
    if not bracket:
        return f"has no closing bracket; write {_form(grade)}"
    return f"is no grade; write {_form(grade)}" if word != grade else _flaw_of(grade, rest)


def _flaw_of(grade: Grade, rest: str) -> str | None:
    """Return what is wrong with what stands behind the grade's name in its brackets."""
    if grade is not Grade.HW:
        return f"says more than the grade; write {_form(grade)}" if rest.strip() else None
    found = _OF_HARDWARE.fullmatch(rest)
    if found is None:
        return f"lacks model, version or date; write {_form(grade)}"
    return None if _is_date(found[3]) else f"has {found[3]} for a date; write it as YYYY-MM-DD"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def meaning_of_grades() -> list[str]:
    """Return the rows of the manual's table of grades."""
    rows = (f"| `{_form(each)}` | {meaning(Grade, each.name)} |" for each in Grade)
    return ["| grade | meaning |", "|---|---|", *rows]
