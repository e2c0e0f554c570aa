"""Read the refusals in the code of a command's handlers, of which the lines of the manual meet only some."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from types import FunctionType

from emulator.at.command import Command
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.profile import Profile

ANYTHING = "…"
"""Stands for what only the running command knows."""
_ROOM = "emulator.commands."
_OWN_CAUSE = re.compile(r"(?:at\.)?(?:(ssl|ftp)\.)?profile\.([\w.]+)")
_PARTS = {"ssl": "secure_socket.", "ftp": "ftp.", None: ""}
"""The part of the profile that a service calls its own."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A refusal in the code."""

    cause: Cause | None
    """None for a plain ERROR."""
    reason: str


def raised_by(command: Command, profile: Profile) -> Iterator[Raised]:
    """Yield the refusals of a command's handlers, and of the functions of the chapters that they call."""
    handlers = [*command.handlers.values(), *([command.needs] if command.needs is not None else [])]
    seen: set[FunctionType] = set()
    for handler in handlers:
        if isinstance(handler, FunctionType):
            for expression, reasons in _refusals(handler, seen):
                for cause in _causes(expression, profile):
                    yield from (Raised(cause, reason) for reason in reasons if reason)


def _refusals(function: FunctionType, seen: set[FunctionType]) -> Iterator[tuple[str, list[str]]]:
    if function in seen or not function.__module__.startswith(_ROOM):
        return
    seen.add(function)
    tree = _tree(function)
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id=DeviceError.__name__), args=[cause, reason, *_])):
                yield ast.unparse(cause), list(_texts(reason, tree, function.__globals__))
            case ast.Call(func=ast.Name(id=name)) if isinstance(called := function.__globals__.get(name), FunctionType):
                yield from _refusals(called, seen)


@cache
def _tree(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _texts(node: ast.expr, tree: ast.AST, known: Mapping[str, object]) -> Iterator[str]:
    """Yield the texts that an expression may be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=first, orelse=second):
            yield from (*_texts(first, tree, known), *_texts(second, tree, known))
        case ast.JoinedStr(values=parts):
            yield "".join(_part(part, known) for part in parts)
        case ast.Name(id=name):
            for one in ast.walk(tree):
                match one:
                    case ast.Assign(targets=[ast.Name(id=assigned)], value=value) if assigned == name:
                        yield from _texts(value, tree, known)


def _part(part: ast.expr, known: Mapping[str, object]) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.Name(id=name)) if isinstance(known.get(name), int | str):
            return str(known[name])
    return ANYTHING


def _causes(expression: str, profile: Profile) -> Iterator[Cause | None]:
    """Yield the cause that an expression means on a firmware; none where it is found out only as the command runs."""
    if expression == "None":
        yield None
    elif expression.startswith("Cause."):
        yield Cause[expression.removeprefix("Cause.")]
    elif match := _OWN_CAUSE.fullmatch(expression):
        with suppress(AttributeError):
            found = attrgetter(f"{_PARTS[match[1]]}{match[2]}")(profile)
            if isinstance(found, Cause):
                yield found


def is_met(raised: Raised, reasons: Sequence[str]) -> bool:
    """Return whether one of the reasons is that of this refusal."""
    pattern = ".*".join(re.escape(part) for part in raised.reason.split(ANYTHING))
    return any(re.match(pattern, reason) for reason in reasons)
