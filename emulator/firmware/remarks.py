"""Reads the comments of a profile's file, and to which keys they belong."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from emulator.firmware.keys import parts
from emulator.firmware.layers import KeyPath

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|\n|[\[\]{},=]|[^"\'#\n\[\]{},=]+|.',
    re.DOTALL,
)
"""A string, a comment, the end of a line, a sign that structures, or other text."""


@dataclass(frozen=True)
class Remark:
    """A comment, without its `#`."""

    line: int
    text: str
    is_alone: bool
    """Whether nothing else stands on its line."""


@dataclass(frozen=True)
class Statement:
    """A key with its value, and the comments that speak of it."""

    path: KeyPath
    """The key from the root of the file; an entry of an array of tables has its position."""
    line: int
    value: str
    """As it is written, without comments."""
    own: tuple[Remark, ...]
    """The comments behind it, and between its lines."""
    above: tuple[Remark, ...]
    """The comments directly above it."""
    of_table: tuple[Remark, ...]
    """Those behind the head of its table."""
    items: tuple[int, ...]
    """Where the value is a list: the line on which each of its members begins."""

    @property
    def of_all(self) -> tuple[Remark, ...]:
        """Return the comments that speak of the whole value."""
        return self.of_item(None)

    def of_item(self, number: int | None) -> tuple[Remark, ...]:
        """Return the comments of one member of a list that goes over several lines: behind it, or alone above it."""
        return tuple(remark for remark in self.own if self._item_of(remark) == number)

    def _item_of(self, remark: Remark) -> int | None:
        if remark.line == self.line + self.value.count("\n"):
            return None  # behind the last bracket
        if remark.is_alone:
            return next((number for number, line in enumerate(self.items) if line > remark.line), None)
        return max((number for number, line in enumerate(self.items) if line <= remark.line), default=None)


@dataclass(frozen=True)
class Remarks:
    """All statements of a file by their keys, and all of its comments."""

    statements: dict[KeyPath, Statement]
    comments: tuple[Remark, ...]

    def covering(self, path: KeyPath) -> tuple[Statement, KeyPath] | None:
        """Find the statement that gives the value at `path`, and the rest of the path within its value."""
        for length in range(len(path), 0, -1):
            if statement := self.statements.get(path[:length]):
                return statement, path[length:]
        return None


def read_remarks(path: str) -> Remarks:
    """Read the comments of the TOML file at `path`, which has been read before; none where it is no file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return Remarks({}, ())
    return remarks_of(text)


def remarks_of(text: str) -> Remarks:
    """Find the comments of a TOML text, which must be valid."""
    rows = list(_RowReader().rows(text))
    statements = {statement.path: statement for statement in _statements(rows)}
    return Remarks(statements, tuple(remark for row in rows for remark in row.remarks))


@dataclass(frozen=True)
class _Row:
    """A statement, the head of a table, or a line without either, with its comments."""

    line: int
    code: str
    remarks: tuple[Remark, ...]
    items: tuple[int, ...]


class _RowReader:
    """Splits a text into rows; the value of a key may go over several lines."""

    def __init__(self) -> None:
        self._line = self._first = 1
        self._open = ""
        """The brackets that are open."""
        self._code = ""
        self._on_line = ""
        """What stands on this line until here, without comments."""
        self._remarks: list[Remark] = []
        self._items: list[int] = []
        self._awaits_item = False

    def rows(self, text: str) -> Iterator[_Row]:
        """Yield the rows of a text."""
        for token in _TOKEN.findall(text):
            if token == "\n" and not self._open:
                yield self._row()
                self._line += 1
                self._first = self._line
                self._on_line = ""
            else:
                self._take(token)
        yield self._row()

    def _row(self) -> _Row:
        row = _Row(self._first, self._code.strip(), tuple(self._remarks), tuple(self._items))
        self._code, self._remarks, self._items = "", [], []
        return row

    def _take(self, token: str) -> None:
        if token.startswith("#"):
            self._remarks.append(Remark(self._line, token[1:].strip(), not self._on_line.strip()))
            return
        if token.strip():
            self._follow(token)
        self._code += token
        self._line += token.count("\n")
        self._on_line = "" if token == "\n" else self._on_line + token

    def _follow(self, token: str) -> None:
        """Follow the structure of a value: brackets, and where the members of a list begin."""
        if self._awaits_item and token != "]":
            self._items.append(self._line)
        self._awaits_item = False
        if token in "[{":
            self._awaits_item = not self._open and token == "["
            self._open += token
        elif token in "]}":
            self._open = self._open[:-1]
        elif token == ",":
            self._awaits_item = self._open == "["


def _statements(rows: Sequence[_Row]) -> Iterator[Statement]:
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    of_table: tuple[Remark, ...] = ()
    above: tuple[Remark, ...] = ()
    for row in rows:
        if row.code.startswith("["):
            table, of_table, above = _table(row.code, counts), row.remarks, ()
        elif row.code:
            key, value = _key_and_value(row.code)
            yield Statement((*table, *key), row.line, value, row.remarks, above, of_table, row.items)
            above = ()
        else:
            above = (*above, *row.remarks) if row.remarks else ()


def _table(head: str, counts: dict[KeyPath, int]) -> KeyPath:
    """Return the path of a table by its head; `counts` has the number of tables in each array until here."""
    is_array = head.startswith("[[")
    names = parts(head.strip("[] \t"), "")
    path: KeyPath = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path] - 1)
    path = (*path, names[-1])
    if is_array:
        counts[path] = counts.get(path, 0) + 1
        return (*path, counts[path] - 1)
    return path


_KEY = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^="'])*""")


def _key_and_value(code: str) -> tuple[KeyPath, str]:
    found = _KEY.match(code)
    assert found is not None, "it matches nothing, too"
    return parts(found[0].strip(), ""), code[found.end() + 1 :].strip()
