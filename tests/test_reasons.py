"""Every refusal has its reason: the sources, read as syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.at.answers import Final

ROOT = Path(__file__).parents[1]
FAILING = {final.name for final in Final} - {"OK", "CONNECT", "CONNECTED", "RING"}


def files() -> Iterator[Path]:
    yield from (ROOT / "emulator").rglob("*.py")


def unexplained(tree: ast.AST) -> Iterator[int]:
    """Yield the lines of refusals without a reason: a bare `DeviceError`, or a failing `Final` that is returned."""
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Name(id="DeviceError")):
                yield node.lineno
            case ast.Call(func=ast.Name(id="DeviceError"), args=arguments, keywords=keywords):
                given = [*arguments[1:2], *(keyword.value for keyword in keywords if keyword.arg == "reason")]
                if not given or (isinstance(given[0], ast.Constant) and not given[0].value):
                    yield node.lineno
            case ast.Return(value=ast.expr() as value):
                yield from (found.lineno for found in _bare(value))


def _bare(value: ast.expr) -> Iterator[ast.expr]:
    """Yield the failing results that are returned as they are, by any branch of an expression."""
    match value:
        case ast.Attribute(value=ast.Name(id="Final"), attr=name) if name in FAILING:
            yield value
        case ast.Subscript(value=ast.Name(id="Final")):
            yield value
        case ast.IfExp(body=first, orelse=second):
            yield from _bare(first)
            yield from _bare(second)
        case ast.BoolOp(values=values):
            for one in values:
                yield from _bare(one)
        case _:
            pass


def test_every_refusal_of_the_sources_has_a_reason() -> None:
    """In every file."""
    found = {path: list(unexplained(ast.parse(path.read_text()))) for path in files()}

    assert {str(path.relative_to(ROOT)): lines for path, lines in found.items() if lines} == {}


REFUSALS = [
    "raise DeviceError",
    "raise DeviceError(Cause.UNKNOWN)",
    'raise DeviceError(Cause.UNKNOWN, "")',
    "def f(): return Final.NO_CARRIER",
    "def f(): return link or Final.BUSY",
    "def f(): return None if x else Final[name]",
]


@pytest.mark.parametrize("source", REFUSALS)
def test_a_refusal_without_a_reason_is_found(source: str) -> None:
    """Whichever way it is written."""
    assert list(unexplained(ast.parse(source))) == [1]
