"""Reads captures: each exchange in them becomes a dialogue of its own; `README.md` describes the files."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from emulator.dialogue.likeness import likeness
from emulator.dialogue.reading import Body
from emulator.dialogue.shapes import Run
from emulator.dialogue.steps import Dialogue, Said, Send, Step
from emulator.dialogue.texts import Text
from emulator.dialogue.words import parse_line

FOLDER = Path(__file__).parent
KEYS = ("source", "module", "firmware", "layout", "echo", "ending", "set", "fault", "before")

_LINE_END = frozenset(b"\r\n")


@dataclass(frozen=True)
class Capture:
    """One file."""

    name: str
    """Folder and stem."""
    head: Mapping[str, Sequence[str]]
    """The values of its keys, of those that are there."""
    exchanges: Sequence[Dialogue]
    """A command each, with its answer."""

    @property
    def firmware(self) -> str:
        return self.head["firmware"][0]

    @property
    def text(self) -> str:
        """The whole file."""
        return "\n".join(self.exchanges[-1].written)


@dataclass(frozen=True)
class Unfollowed:
    """Exchanges of a capture in which the emulator says something else on purpose."""

    capture: str
    commands: Sequence[str]
    reason: str


def load_captures() -> list[Capture]:
    """Read all captures."""
    return [_load(path) for path in sorted(FOLDER.rglob("*.txt"))]


def load_unfollowed() -> list[Unfollowed]:
    """Read `unfollowed.toml`."""
    table = tomllib.loads((FOLDER / "unfollowed.toml").read_text(encoding="utf-8"))
    return [Unfollowed(**entry) for entry in table.get("unfollowed", [])]


def command_of(exchange: Dialogue) -> str:
    """Return the command as the capture writes it."""
    number = next(step.at.first for step in exchange.steps if isinstance(step, Send))
    return exchange.written[number - 1].removeprefix("> ")


def _load(path: Path) -> Capture:
    written = tuple(path.read_text(encoding="utf-8").splitlines())
    end = written.index("")
    head: dict[str, list[str]] = {}
    for line in written[:end]:
        key, _, value = line.partition(": ")
        if not line.startswith("#"):
            assert key in KEYS, f"{path}: {line}"
            head.setdefault(key, []).append(value)
    name = str(path.relative_to(FOLDER).with_suffix(""))
    return Capture(name, head, [_exchange(path, written[:stop], start, head) for start, stop in _spans(written)])


def _spans(written: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find the exchanges: each ends where the next command begins; what stands before the first belongs to it."""
    _, *later = (number for number, line in enumerate(written) if line.startswith("> "))
    yield from zip([written.index(""), *later], [*later, len(written)], strict=True)


def _exchange(path: Path, written: Sequence[str], start: int, head: Mapping[str, Sequence[str]]) -> Dialogue:
    body = Body()
    for number, line in enumerate(written[start:], start + 1):
        if line and not line.startswith("#"):
            step = _step(line, number, path.parent)
            if isinstance(step, Said) and "layout" not in head:
                step = replace(step, forms=tuple(_without_layout(form) for form in step.forms))
            if isinstance(step, Send) and line.startswith("> ") and "ending" in head:
                step = replace(step, text=(*step.text, b"\n"))
            body.take(step)
    return Dialogue(path, tuple(written), body.finish(), lines=frozenset(), peers=())


def _step(line: str, number: int, folder: Path) -> Step:
    word, _, text = line.partition(" ")
    if word == "<=":
        return parse_line(f"< {text}", number, folder)
    if word in ("<", "<+", "<|", "<?", "<*"):
        return parse_line(f"{word} {likeness(text)}", number, folder)
    return parse_line(line, number, folder)


def _without_layout(form: Text) -> Text:
    """Let any number of line ends stand around a line; a prompt stays as it is."""
    if form[-1] != b"\r\n":
        return form
    return (Run(_LINE_END, 0), *form[form[0] == b"\r\n" : -1], Run(_LINE_END))
