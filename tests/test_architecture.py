"""The rules of docs/architecture.md: who may import whom, no family in code, and nothing heavy at the start."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import emulator
from emulator.firmware.loader import list_models

PACKAGE = Path(emulator.__file__).parent
FLOORS = [
    {"__main__", "__init__", "testing"},
    {"cli"},
    {"matrix", "control"},
    {"virtual_modem"},
    {"dialogue"},
    {"bench"},
    {"modem"},
    {"at_port"},
    {"instance", "faults"},
    {"line_control"},
    {"commands"},
    {"module"},
    {"tls", "at", "bearer", "mux"},
    {"firmware", "trace", "ports", "lab"},
    {"clock", "resources", "host_program", "docstrings"},
    {"errors"},
]
"""A room may import what stands below it, and itself."""

SHARED_WORDS = {
    ("firmware", "emulator.tls.suites"),  # a profile names cipher suites, and is checked when it is loaded
}

HEAVY = ("cryptography", "OpenSSL", "tlslite", "rich", "serial", "hypothesis")


def floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def sources() -> Iterator[Path]:
    yield from sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_the_house(path: Path) -> None:
    """Rooms on one floor do not know each other."""
    room = room_of(path)
    for module in imports(path):
        if not module.startswith("emulator.") or (room, module) in SHARED_WORDS:
            continue
        imported = module.split(".")[1]
        assert imported == room or floor(room) < floor(imported), f"{path.name} imports {module}"


@pytest.mark.parametrize("room", ["at", "tls"])
def test_the_core_rooms_are_free_of_sockets(room: str) -> None:
    """And of asyncio, but for the interpreter, which waits for handlers."""
    for path in (PACKAGE / room).rglob("*.py"):
        forbidden = {"socket", "ssl", "selectors", "threading"} | (
            {"asyncio"} - {path.stem == "interpreter" and "asyncio"}
        )
        assert not forbidden & set(imports(path)), path


def test_no_code_asks_for_a_model_or_a_family() -> None:
    """Differences are data; only the default model is named, in one place."""
    models = {model.name for model in list_models()} - {"HE910"}
    families = re.compile(r"(==|in|startswith)\W+\(?[\"'](1[0236]\.00|HE910|GE|GL|GC|UE)")
    for path in sources():
        text = re.sub(r'"""(?s:.*?)"""|#.*', "", path.read_text(encoding="utf-8"))
        assert not families.search(text), path
        assert not [model for model in models if f'"{model}"' in text], path


@pytest.mark.parametrize(
    "program", ["import emulator.cli.run", "from emulator import VirtualModem\nwith VirtualModem(): pass"]
)
def test_nothing_heavy_is_loaded_before_it_is_needed(program: str) -> None:
    """Start-up time is part of every CI run."""
    code = f"{program}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.strip() == ""
