"""Sends many short commands in few lines, and reads many settings at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from emulator.at.syntax import EXTENDED
from emulator.dte.exchange import Exchange
from emulator.learning.answers.ranges import fields_of
from emulator.learning.asking.inquiry import Inquiry

_LONGEST = 70
"""Characters of a line; older modules take 80."""

Values = Sequence[str]
"""The values that a command shows in one line."""


def set_form(name: str, values: Values) -> str:
    """Write the set form of a command, without `AT`."""
    if name[0] in EXTENDED:
        return f"{name}={','.join(values)}"
    return f"{name}={values[0]}" if name[-1].isdigit() else f"{name}{values[0]}"


def lines_of(parts: Iterable[str]) -> Iterator[list[str]]:
    """Put commands together that fit in one line."""
    line: list[str] = []
    for part in parts:
        if line and len(joined([*line, part])) > _LONGEST:
            yield line
            line = []
        line.append(part)
    if line:
        yield line


def send_all(inquiry: Inquiry, parts: Iterable[str]) -> None:
    """Send set forms; those of a line that is refused are sent one by one."""
    for line in lines_of(parts):
        if not inquiry.ask(joined(line)).is_ok and len(line) > 1:
            for part in line:
                inquiry.ask(joined([part]))


def read_all(inquiry: Inquiry, names: Iterable[str]) -> Mapping[str, tuple[Values, Exchange]]:
    """Read settings: the values in the first line of each; those of a line that is refused are read one by one."""
    found: dict[str, tuple[Values, Exchange]] = {}
    every = list(names)
    for group in ([name for name in every if name[0] in EXTENDED], [name for name in every if name[0] not in EXTENDED]):
        for line in lines_of(f"{name}?" for name in group):
            found.update(_read(inquiry, [part[:-1] for part in line]))
    return found


def _read(inquiry: Inquiry, names: Sequence[str]) -> Iterator[tuple[str, tuple[Values, Exchange]]]:
    exchange = inquiry.ask(joined([f"{name}?" for name in names]))
    shown = dict(_shown(exchange, names)) if exchange.is_ok else {}
    if len(shown) < len(names) and len(names) > 1:
        for name in names:
            yield from _read(inquiry, [name])
    else:
        yield from ((name, (values, exchange)) for name, values in shown.items())


def _shown(exchange: Exchange, names: Sequence[str]) -> Iterator[tuple[str, Values]]:
    """Return the values by command; basic commands and S-registers show three digits each, in order."""
    bare = [line.strip() for line in exchange.lines if line.strip().isdigit()]
    if len(bare) == len(names):
        yield from ((name, [str(int(digits))]) for name, digits in zip(names, bare, strict=True))
        return
    for name in names:
        value = exchange.value(name)
        if value is not None:
            yield name, fields_of(value)


def joined(parts: Sequence[str]) -> str:
    """Write commands as one line: an extended one ends with a semicolon where another follows."""
    return f"AT{''.join(f'{part};' if part[0] in EXTENDED else part for part in parts)}".rstrip(";")
