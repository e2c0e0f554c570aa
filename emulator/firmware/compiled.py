"""Reading of the shipped profiles as Python reads its own modules: parsed once, then kept as bytecode beside them.

Python decides when what is kept holds no longer (another time or size of the file), where it lies (`__pycache__`), and
whether anything may be written (`PYTHONDONTWRITEBYTECODE`, a folder that is read-only): without it, the file is parsed
at each start, which takes a fifth of that start.
"""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

from emulator.firmware.files import read_tables
from emulator.firmware.layers import Tables


class _TablesLoader(SourceFileLoader):
    """Compile a TOML file to a module that holds its tables."""

    def source_to_code(  # type: ignore[override]  # as SourceLoader has it, which InspectLoader contradicts
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> CodeType:
        tables = read_tables(Path(path), str(path))
        return compile(f"TABLES = {tables!r}", path, "exec", dont_inherit=True)


def shipped_tables(path: Path) -> Tables:
    """Return the tables of a shipped profile.

    Raises:
        UserError: as `read_tables`.
    """
    name = str(path)
    spec = spec_from_file_location(path.stem, name, loader=_TablesLoader(path.stem, name))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except OSError:
        return read_tables(path, name)
    tables: Tables = module.TABLES
    return tables
