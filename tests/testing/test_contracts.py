"""The contracts that docs/testing.md lists are there, and are classes of tests."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

from emulator.testing import contracts

TABLE = (Path(__file__).resolve().parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
NAMED = re.findall(r"^\| `emulator\.testing\.contracts\.(\w+)\.(\w+Contract)` \|", TABLE, re.MULTILINE)
MODULES = [module.name for module in pkgutil.iter_modules(contracts.__path__)]


def test_every_public_contract_is_documented() -> None:
    """And no other one."""
    found = {
        (module, name)
        for module in MODULES
        for name in vars(import_module(f"emulator.testing.contracts.{module}"))
        if name.endswith("Contract")
    }

    assert found == set(NAMED)


@pytest.mark.parametrize(("module", "name"), NAMED)
def test_a_contract_is_a_class_of_tests(module: str, name: str) -> None:
    """That are found when it is subclassed, not by themselves."""
    contract = getattr(import_module(f"emulator.testing.contracts.{module}"), name)

    assert not name.startswith("Test")
    assert len([test for test in dir(contract) if test.startswith("test_")]) >= 5
