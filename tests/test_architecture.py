"""The rules of docs/architecture.md: who may import whom, no family in code, and nothing heavy at the start."""

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import emulator
from emulator.firmware.loader import list_models

PACKAGE = Path(emulator.__file__).parent
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "later": set(),
    "guard": set(),
    "resources": set(),
    "temporary": set(),
    "docstrings": set(),
    "decoding": set(),
    "states": set(),
    "json_schema": {"docstrings"},
    "ip": {"states"},
    "mqtt": set(),
    "tls.wire": {"later", "states"},
    "tls": {"tls.wire"},
    "tls.native": {"states", "tls", "tls.wire"},
    "tls.openssl": {"tls", "tls.wire"},
    "tls.engines": {"tls", "tls.native", "tls.openssl"},
    "clock": {"errors"},
    "host_program": {"errors"},
    "lab": {"errors", "mqtt", "resources", "temporary", "tls.wire"},
    "firmware": {"at", "decoding", "docstrings", "errors", "json_schema", "resources", "tls.wire"},
    "acceptor": {"guard"},
    "trace": {"clock", "errors", "guard", "ip", "json_schema"},
    "pages": {"trace"},
    "at": {"errors", "later", "states"},
    "ppp": {"states"},
    "net": {"acceptor", "clock", "errors", "guard", "ip", "later", "trace"},
    "gateways": {"guard", "lab", "net", "trace"},
    "device": {
        "clock",
        "decoding",
        "errors",
        "firmware",
        "guard",
        "ip",
        "later",
        "mqtt",
        "net",
        "ppp",
        "states",
        "tls",
        "tls.engines",
        "tls.wire",
        "trace",
    },
    "commands": {"at", "clock", "decoding", "device", "errors", "firmware", "later"},
    "line.serial": {"clock", "guard"},
    "line.transports": {"errors", "guard", "later", "line.serial"},
    "line.mux": {"clock", "guard", "line.serial"},
    "line": {
        "at",
        "clock",
        "commands",
        "device",
        "errors",
        "firmware",
        "guard",
        "later",
        "line.mux",
        "line.serial",
        "trace",
    },
    "faults": {
        "at",
        "clock",
        "decoding",
        "device",
        "docstrings",
        "errors",
        "firmware",
        "guard",
        "json_schema",
        "later",
        "line",
        "net",
        "tls.wire",
        "trace",
    },
    "options": {"clock", "docstrings", "errors", "firmware", "line.serial", "line.transports", "trace"},
    "modem": {
        "commands",
        "device",
        "errors",
        "faults",
        "firmware",
        "gateways",
        "later",
        "line",
        "line.serial",
        "line.transports",
        "net",
        "options",
        "trace",
    },
    "control": {"acceptor", "clock", "decoding", "device", "errors", "firmware", "line", "modem", "trace"},
    "web": {
        "acceptor",
        "clock",
        "commands",
        "control",
        "errors",
        "modem",
        "pages",
        "recording",
        "trace",
    },
    "bench": {"clock", "line.transports", "modem", "options", "trace"},
    "manual": {"at", "bench", "commands", "docstrings", "errors", "firmware", "lab", "net", "trace"},
    "dte": {"at", "commands", "errors", "firmware", "options"},
    "dialogue": {
        "at",
        "bench",
        "decoding",
        "device",
        "dte",
        "errors",
        "firmware",
        "lab",
        "net",
        "options",
        "resources",
        "trace",
    },
    "modem_thread": {"modem", "options"},
    "api": {
        "clock",
        "device",
        "dialogue",
        "firmware",
        "host_program",
        "modem",
        "modem_thread",
        "net",
        "options",
        "trace",
    },
    "doctor": {"clock", "device", "errors", "firmware", "net", "tls", "tls.wire", "trace"},
    "recording": {
        "at",
        "commands",
        "dialogue",
        "dte",
        "errors",
        "firmware",
        "guard",
        "line.serial",
        "line.transports",
        "modem_thread",
        "net",
        "options",
        "trace",
    },
    "learning": {"api", "at", "commands", "dte", "errors", "firmware"},
    "matrix": {
        "api",
        "errors",
        "firmware",
        "host_program",
        "json_schema",
        "line.transports",
        "modem",
        "options",
        "pages",
        "temporary",
        "trace",
    },
    "explore": {
        "api",
        "at",
        "errors",
        "faults",
        "firmware",
        "host_program",
        "json_schema",
        "lab",
        "line.transports",
        "matrix",
        "modem",
        "options",
        "pages",
        "temporary",
        "trace",
    },
    "conformance": {
        "api",
        "at",
        "commands",
        "decoding",
        "dialogue",
        "dte",
        "errors",
        "firmware",
        "json_schema",
        "manual",
        "matrix",
        "pages",
        "resources",
        "trace",
    },
    "fleet": {"clock", "errors", "firmware", "guard", "line.transports", "modem", "options", "trace"},
    "testing": {
        "api",
        "bench",
        "clock",
        "dialogue",
        "dte",
        "errors",
        "explore",
        "firmware",
        "host_program",
        "lab",
        "modem",
        "net",
        "options",
        "resources",
        "trace",
    },
    "testing.contracts": {"lab", "line.serial", "resources", "tls", "tls.wire"},
    "cli": {
        "at",
        "clock",
        "commands",
        "conformance",
        "control",
        "dialogue",
        "doctor",
        "dte",
        "errors",
        "explore",
        "firmware",
        "fleet",
        "lab",
        "later",
        "learning",
        "manual",
        "matrix",
        "modem",
        "net",
        "options",
        "recording",
        "trace",
        "web",
    },
    "__init__": {"api", "clock", "errors", "firmware"},
    "__main__": {"cli"},
}
"""{room: what it may import}: a room is a file or a folder of `emulator/`. Each room may import itself.

A folder within a folder can be a room of its own, as `tls.wire` is; `tls` is then the rest of its folder.
"""

HEAVY = (
    *("cryptography", "OpenSSL", "tlslite", "rich", "serial", "paho", "hypothesis", "pytest"),
    *("locust", "gevent", "h11", "tempfile", "tomllib", "difflib", "json", "_strptime"),
    *("random", "secrets", "shlex", "pkgutil", "hmac"),
    *("emulator.device.data_call.call", "emulator.device.data_call.gateway", "emulator.ppp", "emulator.ip.stack"),
    *("emulator.device.internet", "emulator.device.ssl.service", "emulator.device.sockets.plain_socket"),
    *("emulator.device.ftp.client", "emulator.device.email.client", "emulator.device.http.client"),
    *("emulator.tls.client", "emulator.faults.stream", "emulator.faults.census", "emulator.faults.situation"),
    *("emulator.line.mux", "emulator.trace.capture", "emulator.trace.transcript", "emulator.device.memory.file"),
    *("emulator.device.sim.insertion", "emulator.device.sim.file_system"),
    *("emulator.device.connection", "emulator.tls.wire.alerts", "emulator.device.needs.memory"),
    *("emulator.at.bound", "emulator.at.parameters", "emulator.commands.kinds", "emulator.commands.remedies"),
    *("emulator.commands.messages.sending", "emulator.commands.mqtt.connection", "emulator.commands.ssl.connection"),
)


def sources() -> Iterator[Path]:
    yield from sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    room = room_named(".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    assert room is not None, f"{path} is in no room of the table"
    return room


def room_named(module: str) -> str | None:
    """The innermost room in which a module lies, by its name below `emulator`."""
    parts = module.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in MAY_IMPORT), None)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def imported_rooms(path: Path) -> set[str]:
    named = (module.removeprefix("emulator.") for module in imports(path) if module.startswith("emulator."))
    return {room for module in named if (room := room_named(module))}  # the rest are names of `emulator/__init__.py`


def reachable(room: str) -> set[str]:
    """Every room that `room` may import, directly or by way of others."""
    rooms = MAY_IMPORT[room]
    return rooms.union(*(reachable(below) for below in rooms))


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_the_table_allows(path: Path) -> None:
    """The table is the documentation of the architecture, too."""
    room = room_of(path)
    imported = imported_rooms(path)

    assert imported - MAY_IMPORT[room] - {room} == set()


def test_the_table_of_imports_has_no_circle_and_no_arrow_that_nobody_needs() -> None:
    """So that each arrow in it is true, and all of them go down."""
    used: dict[str, set[str]] = {room: set() for room in MAY_IMPORT}
    for path in sources():
        room = room_of(path)
        used[room] |= imported_rooms(path) - {room}
    unused = {room: MAY_IMPORT[room] - used[room] for room in MAY_IMPORT}

    assert {room: arrows for room, arrows in unused.items() if arrows} == {}
    assert len(list(graphlib.TopologicalSorter(MAY_IMPORT).static_order())) == len(MAY_IMPORT)


def test_nothing_but_the_modem_and_what_explores_by_them_imports_the_faults() -> None:
    """They stand outside: an emulator without the folder works."""
    importing = {room_of(path) for path in sources() if "faults" in imported_rooms(path)}

    assert importing == {"faults", "modem", "explore"}


def test_neither_tls_engine_knows_the_other() -> None:
    """Not by way of another room either."""
    assert "tls.openssl" not in reachable("tls.native")
    assert "tls.native" not in reachable("tls.openssl")


@pytest.mark.parametrize("room", ["at", "ip", "mqtt", "ppp", "tls"])
def test_the_core_rooms_are_free_of_sockets(room: str) -> None:
    """And of asyncio, but for the interpreter, which waits for handlers."""
    for path in (PACKAGE / room).rglob("*.py"):
        forbidden = {"socket", "ssl", "selectors", "threading"} | (
            {"asyncio"} - {path.stem == "interpreter" and "asyncio"}
        )
        assert not forbidden & set(imports(path)), path


def _strings(path: Path) -> Iterator[str]:
    """The strings in code: all but those that stand alone and document."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documenting = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documenting:
            yield node.value


def test_the_device_knows_no_command() -> None:
    """What is set or stored there has a name that says what it is; a docstring may name the command as its source."""
    command = re.compile(r"(^|\W)[#+&$*][A-Z]{2}")
    named = {(str(path), text) for path in (PACKAGE / "device").rglob("*.py") for text in _strings(path)}

    assert [entry for entry in named if command.search(entry[1])] == []


VENDOR = re.compile(r"[#$*@][A-Z]{2,}|#/|Telit|\bSSL|\bFTP|\b[Gg]uide\b|secure_socket")
"""Names of vendor commands and of what only a vendor's documents describe."""


@pytest.mark.parametrize("path", sorted((PACKAGE / "at").rglob("*.py")), ids=lambda path: path.name)
def test_the_language_names_nothing_of_a_vendor(path: Path) -> None:
    """Neither in code nor in a docstring: a dialect and the declarations come from its owner."""
    assert [] == VENDOR.findall(path.read_text(encoding="utf-8"))


def test_the_language_loads_nothing_but_what_the_table_allows() -> None:
    """Also not by way of another room: it runs without the firmware profiles and without the device."""
    code = """if True:
        import sys
        import emulator.at.interpreter, emulator.at.table
        print(*sorted({name.split(".")[1] for name in sys.modules if name.startswith("emulator.")}))
    """
    rooms = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert {"at", *MAY_IMPORT["at"]} == set(rooms.stdout.split())


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
@pytest.mark.no_cover
def test_nothing_heavy_is_loaded_before_it_is_needed(program: str) -> None:
    """Start-up time is part of every CI run; a coverage loads modules of its own."""
    code = f"{program}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.strip() == ""


SLOW_TO_DEFINE = {
    "emulator.host_program.HostRun",
}
"""The dataclasses that a start defines: they hide a field in their repr, or others read and replace their fields."""


def test_a_start_defines_structs_and_hardly_any_dataclass() -> None:
    """Python compiles the methods of a dataclass each time it is defined; a `msgspec.Struct` has them ready."""
    code = """if True:
        import sys
        from dataclasses import is_dataclass
        import emulator.cli.run
        from emulator import VirtualModem
        with VirtualModem():
            pass
        loaded = [module for name, module in sys.modules.items() if name.startswith("emulator.")]
        kinds = {kind for module in loaded for kind in vars(module).values() if isinstance(kind, type)}
        print(*[f"{kind.__module__}.{kind.__qualname__}" for kind in kinds if is_dataclass(kind)])
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert set(done.stdout.split()) == SLOW_TO_DEFINE
