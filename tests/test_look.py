"""All pages have one look: its colours are variables of one stylesheet, each of them for day and night."""

import re
from pathlib import Path

import pytest

import emulator
from emulator.pages.frame import STYLESHEET

PACKAGE = Path(emulator.__file__).parent
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl|lab|lch|oklch|light-dark|color-mix)a?\(")
LOOK = STYLESHEET.read_text(encoding="utf-8")
OTHERS = sorted(path for path in [*PACKAGE.rglob("*.css"), *PACKAGE.rglob("*.js")] if path != STYLESHEET)


def _colours(block: str) -> set[str]:
    return {name for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", block) if COLOUR.match(value)}


def test_each_colour_is_there_for_day_and_for_night() -> None:
    day, night = re.findall(r":root \{(.*?)\}", LOOK, re.DOTALL)[:2]

    assert _colours(day)
    assert _colours(day) == _colours(night)


def test_the_stylesheet_has_no_colour_but_in_a_variable() -> None:
    assert [] == COLOUR.findall(re.sub(r"--[\w-]+:[^;]+;", "", LOOK))


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_other_file_has_a_colour_of_its_own(path: Path) -> None:
    """And none names a variable that is nowhere."""
    text = path.read_text(encoding="utf-8")

    assert [] == COLOUR.findall(text)
    named, defined = set(re.findall(r"var\((--[\w-]+)", text)), set(re.findall(r"(--[\w-]+):", LOOK + text))
    assert named <= defined
