"""Reads and writes the texts of a dialogue: bytes, values and shapes in a line.

Characters stand for themselves, as Latin-1. `<CR>`, `<LF>`, `<ctrl>Z` and `<7B>`, two hexadecimal digits in capitals,
are bytes; `{name}` is a value or a shape, `{name.size}` the size of a value or of a file beside the dialogue.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emulator.dialogue.shapes import SHAPES, Pattern, Run

VALUES = ("ca", "ca_der", "other_ca", "certificate", "key")
"""The names of the values that whoever plays a dialogue provides."""
CARD_VALUES = ("pin", "puk", "pin2", "puk2", "wrong_pin")
"""The names of the codes of an emulated SIM card; nobody else's is ever tried."""
PADDED = ".padded"
"""Behind the name of such a code: as an instruction for the card has it, eight octets in hexadecimal digits."""
PROMPTS = {"": b"\r\n> ", ">>>": b"\r\n>>>"}
"""The prompts, by what stands behind `<prompt`."""
SUITE = "suite"
"""The number of the suite in use; where nobody knows it, any number."""

_SIZE = ".size"
_MARK = re.compile(r"<(CR>|LF>|ctrl>Z|[0-9A-F]{2}>)|\{([A-Za-z0-9][\w./-]*)\}")
_CONTROL = {"CR>": b"\r", "LF>": b"\n", "ctrl>Z": b"\x1a"}
_NAMED = {value[0]: f"<{name}" for name, value in _CONTROL.items()}


@dataclass(frozen=True)
class Value:
    """A placeholder that is filled in when the dialogue is played."""

    name: str


Text = tuple[bytes | Run | Value, ...]


def parse_text(source: str, folder: Path) -> Text:
    """Read a text; `folder` holds the files whose size it names.

    Raises:
        ValueError: it names something unknown, or has a character of more than one byte.
    """
    parts: list[bytes | Run | Value] = []
    end = 0
    for mark in _MARK.finditer(source):
        parts += _plain(source[end : mark.start()])
        parts += _named(mark[2], folder) if mark[2] else [_control(mark[1])]
        end = mark.end()
    return (*parts, *_plain(source[end:]))


def _plain(characters: str) -> list[bytes]:
    try:
        return [characters.encode("latin-1")] if characters else []
    except UnicodeEncodeError as error:
        character = characters[error.start]
        raise ValueError(f"{character!r} is more than one byte; write its bytes, as in <C3><A9>") from None


def _control(name: str) -> bytes:
    return _CONTROL.get(name) or bytes.fromhex(name[:2])


def _named(name: str, folder: Path) -> Text:
    if name in SHAPES:
        return SHAPES[name]
    if name == SUITE or name.removesuffix(PADDED) in CARD_VALUES or name.removesuffix(_SIZE) in VALUES:
        return (Value(name),)
    if name.endswith(_SIZE):
        return (str(len(read_file(name.removesuffix(_SIZE), folder))).encode(),)
    known = ", ".join((*VALUES, *CARD_VALUES, SUITE, *SHAPES))
    raise ValueError(f"nothing is called {{{name}}}; there are {known}, and a brace itself is <7B>")


def read_file(name: str, folder: Path) -> bytes:
    """Read a file beside the dialogue.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise ValueError(f"{folder / name}: {error.strerror}; files lie beside the dialogue") from None


def has_shapes(text: Text) -> bool:
    """Return whether a text has shapes."""
    return any(isinstance(part, Run) or part == Value(SUITE) for part in text)


def as_pattern(text: Text, values: Mapping[str, bytes]) -> Pattern:
    """Fill in the values of a text; an unknown suite number stays a shape."""
    pattern: list[bytes | Run] = []
    for part in text:
        if not isinstance(part, Value):
            pattern.append(part)
        elif part.name == SUITE and SUITE not in values:
            pattern += SHAPES["number"]
        else:
            pattern.append(_value(part.name, values))
    return tuple(pattern)


def as_bytes(text: Text, values: Mapping[str, bytes]) -> bytes:
    """Fill in the values of a text without shapes."""
    return b"".join(part for part in as_pattern(text, values) if isinstance(part, bytes))


def _value(name: str, values: Mapping[str, bytes]) -> bytes:
    if name.endswith(_SIZE):
        return str(len(values[name.removesuffix(_SIZE)])).encode()
    return values[name]


def written(data: bytes) -> str:
    """Write bytes as a text that `parse_text` reads as these bytes, without invisible characters."""
    source = data.decode("latin-1")
    misread = {mark.start() for mark in _MARK.finditer(source)} | ({len(data) - 1} if data.endswith(b" ") else set())
    return "".join(_character(byte, index in misread) for index, byte in enumerate(data))


def _character(byte: int, is_misread: bool) -> str:
    if byte in _NAMED:
        return _NAMED[byte]
    return chr(byte) if 0x20 <= byte < 0x7F and not is_misread else f"<{byte:02X}>"
