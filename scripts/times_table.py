"""Makes the table of docs/realistic.md: each time of the profiles on each software line, with its grade."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from emulator.firmware.keys import written
from emulator.firmware.loader import load_firmware
from emulator.firmware.reference import meaning

_GRADE = re.compile(r"\[(guide|pub|inf|mem|choice)\]")
_TABLE = re.compile(r"\[(times[\w.]*)\](.*)")
_KEY = re.compile(r'("[^"]+"|[a-z_]+) = [^#]*(?:"[^"]*"[^#]*)*(#.*)?$')


def times_table(lines: Mapping[str, str], profiles: Path) -> list[str]:
    """Return the rows; `lines` has a model for each software line, `profiles` is the folder of the layers."""
    of_all = dict(_grades(profiles / "common.toml"))
    rows = [f"| key | {' | '.join(lines)} | meaning |", "|---" * (len(lines) + 2) + "|"]
    values = {line: dict(_leaves(_times(model), ("times",))) for line, model in lines.items()}
    grades = {line: of_all | dict(_grades(profiles / f"{line}.toml")) for line in lines}
    for path in values[next(iter(lines))]:
        key = written(path)
        cells = (f"{_shown(values[line][path])} {grades[line][key]}" for line in lines)
        rows.append(f"| `{key.removeprefix('times.')}` | {' | '.join(cells)} | {_meaning(path)} |")
    return rows


def _times(model: str) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(load_firmware(model).profile.times)
    return built


def _leaves(table: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        elif value is not None:  # a time that the line does not have
            yield (*above, key), value


def _shown(value: Any) -> str:
    if not isinstance(value, list | tuple):
        return f"{value:g}"
    numbers = [f"{number:g}" for number in value]
    return f"{numbers[0]} ({numbers[1]} to {numbers[2]})" if len(numbers) == 3 else ", ".join(numbers)


def _meaning(path: tuple[str, ...]) -> str:
    return "" if path[:-1] == ("times", "commands", "own") else meaning(path)


def _grades(path: Path) -> Iterator[tuple[str, str]]:
    """Find the grades of each key in a layer's tables of times: its own, or those of its table."""
    table, of_table = "", ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            head = _TABLE.match(line)
            table, of_table = (head[1], head[2]) if head else ("", "")
        elif table and (found := _KEY.match(line)):
            remark = found[2] if found[2] and _GRADE.search(found[2]) else of_table
            yield f"{table}.{found[1]}", " ".join(f"[{grade}]" for grade in dict.fromkeys(_GRADE.findall(remark)))
