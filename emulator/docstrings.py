"""Read the docstrings below the fields of a struct, for manuals made from the code."""

import ast
import inspect
import sys
from functools import cache
from types import ModuleType


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
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    found[struct.name, field.target.id] = _text_of(text)
    return found


def _text_of(node: ast.stmt) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return " ".join(text.split())
    return ""
