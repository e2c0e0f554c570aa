"""Read docstrings for manuals made from the code: of fields and members, and by sections in functions."""

import ast
import inspect
import re
import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import NamedTuple


def meaning(struct: type, field: str) -> str:
    """Return the docstring of a field, its own or inherited, in one line; empty where there is none."""
    for owner in struct.__mro__:
        module = sys.modules.get(owner.__module__)
        if module is not None and (text := _meanings(module).get((owner.__name__, field))):
            return text
    return ""


@cache
def _meanings(module: ModuleType) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    try:
        source = inspect.getsource(module)
    except (OSError, TypeError):
        return found
    for struct in ast.parse(source).body:
        if isinstance(struct, ast.ClassDef):
            for field, text in zip(struct.body, struct.body[1:], strict=False):
                if (name := _name_of(field)) is not None:
                    found[struct.name, name] = _text_of(text)
    return found


def _name_of(node: ast.stmt) -> str | None:
    """Return the name of a field, or of a member of an enumeration."""
    match node:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return None


def _text_of(node: ast.stmt) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return " ".join(text.split())
    return ""


class Document(NamedTuple):
    """A docstring in its parts."""

    summary: str
    arguments: Mapping[str, str]
    """The meanings in its section `Args:`, by name."""
    example: tuple[str, ...]
    """The lines of its section `Example:`."""


def document(text: str) -> Document:
    """Split the docstring of a function, as `inspect.getdoc` returns it."""
    sections: dict[str, list[str]] = {}
    inside = sections.setdefault("", [])
    for line in text.splitlines():
        if match := _SECTION.fullmatch(line):
            inside = sections.setdefault(match[1], [])
        else:
            inside.append(line)
    example = tuple(line.strip() for line in sections.get("Example", ()) if line.strip())
    return Document(sections[""][0] if sections[""] else "", _arguments(sections.get("Args", [])), example)


_SECTION = re.compile(r"(Args|Example|Raises):")
_ARGUMENT = re.compile(r" {4}(\w+): (.*)")


def _arguments(lines: list[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        if match := _ARGUMENT.fullmatch(line):
            name = match[1]
            found[name] = match[2]
        elif name and line.strip():
            found[name] += f" {line.strip()}"
    return found
