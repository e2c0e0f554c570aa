"""Read the docstrings below the fields of a struct or an enumeration, for manuals made from the code."""

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
