"""Writes recipes: for a person below the table, as a page of the documentation, and for programs."""

from collections.abc import Iterator
from textwrap import fill, indent
from typing import Any

from emulator.doctor.recipes import Filling, Recipe, all_recipes, programs

_WIDTH = 100
_MARGIN = "      "
_MODES = (0, 1, 2)


def in_words(recipe: Recipe) -> str:
    """Return a recipe as it is printed below the table."""
    parts = [
        _paragraph(f"At the server ({', '.join(recipe.reasons)}): {recipe.what}"),
        _paragraph(f"Risk: {recipe.risk}"),
    ]
    if recipe.shell:
        parts.append(indent(recipe.shell, _MARGIN))
    for heading, commands, directives in _programs(recipe):
        if commands:
            parts.append(indent(commands, _MARGIN))
        parts += [_paragraph(f"{heading}:"), indent(directives, _MARGIN)]
    return "\n".join(parts).rstrip()


def _programs(recipe: Recipe) -> Iterator[tuple[str, str, str]]:
    """Yield where the directives of each program stand, the commands before them, and the directives."""
    for key, directives in recipe.directives.items():
        program = programs()[key]
        without = f", without `{recipe.without[key]}`" if key in recipe.without else ""
        yield f"{program.name}, {program.place}{without}", recipe.before.get(key, ""), directives


def _paragraph(text: str) -> str:
    return fill(text, _WIDTH, subsequent_indent="  ") + "\n"


def as_data(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe for JSON."""
    return {
        "recipe": recipe.name,
        "reasons": [str(reason) for reason in recipe.reasons],
        "what": recipe.what,
        "risk": recipe.risk,
        "shell": recipe.shell,
        "programs": {key: _program(recipe, key) for key in recipe.directives},
    }


def _program(recipe: Recipe, key: str) -> dict[str, str]:
    before, without = recipe.before.get(key, ""), recipe.without.get(key, "")
    return {"before": before, "without": without, "directives": recipe.directives[key]}


def page(filling: Filling) -> str:
    """Return all recipes as Markdown."""
    return "\n".join(_section(recipe.filled(filling)) for recipe in all_recipes())


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _section(recipe: Recipe) -> str:
    reasons = ", ".join(f"`{reason}`" for reason in recipe.reasons)
    modes = f", in mode {' or '.join(map(str, recipe.modes))}" if len(recipe.modes) < len(_MODES) else ""
    parts = [f"## {_capital(recipe.name)}\n", f"For {reasons}{modes}. {recipe.what}\n", f"**Risk:** {recipe.risk}\n"]
    if recipe.shell:
        parts.append(f"```sh\n{recipe.shell}```\n")
    for heading, commands, directives in _programs(recipe):
        parts.append(f"{heading}:\n")
        if commands:
            parts.append(f"```sh\n{commands}```\n")
        parts.append(f"```\n{directives}```\n")
    return "\n".join(parts)
