"""The worked examples import what is public, as a reader's own tests would."""

import ast
from pathlib import Path

import emulator
import emulator.testing

EXAMPLES = Path(__file__).parents[2] / "examples"
PUBLIC = {"emulator": set(emulator.__all__), "emulator.testing": set(emulator.testing.__all__)}


def test_the_examples_import_public_names_only() -> None:
    """And each name that is public can be imported."""
    imported = [
        (node.module, alias.name)
        for file in EXAMPLES.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "emulator"
        for alias in node.names
    ]

    assert len(imported) > 3
    assert [one for one in imported if one[1] not in PUBLIC.get(one[0], ())] == []
    assert [name for name in emulator.testing.__all__ if not hasattr(emulator.testing, name)] == []


def test_every_public_name_is_in_the_manual() -> None:
    """docs/testing.md says what each one is for."""
    manual = (EXAMPLES.parent / "docs" / "testing.md").read_text()

    assert [name for name in emulator.testing.__all__ if f"{name}" not in manual] == []
