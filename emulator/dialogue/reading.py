"""Reads a dialogue from its file."""

from dataclasses import replace
from pathlib import Path

from emulator.dialogue.head import Head, is_key
from emulator.dialogue.steps import (
    Answer,
    Connect,
    Dialogue,
    Lines,
    PeerCloses,
    PeerHears,
    PeerSends,
    Poll,
    Said,
    Send,
    Step,
)
from emulator.dialogue.words import Ask, Echoed, OtherForm, Within, parse_line
from emulator.errors import UserError


def load(path: str | Path) -> Dialogue:
    """Read the dialogue at `path`; the files that it names lie beside it.

    Raises:
        UserError: there is no such file, or a line of it is wrong; then the message begins with `FILE:LINE`.
    """
    path = Path(path)
    written = _lines_of(path)
    head, body = Head(), Body()
    for number, line in enumerate(written, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if body.is_empty and is_key(line):
                head.take(line, path.parent)
            else:
                body.take(parse_line(line, number, path.parent))
        except ValueError as error:
            raise UserError(f"{path}:{number}: {error}") from None
    try:
        steps = body.finish()
    except ValueError as error:
        raise UserError(f"{path}:{len(written)}: {error}") from None
    return Dialogue(
        path,
        written,
        steps,
        head.lines,
        head.peers,
        head.unsolicited,
        head.mutual,
        head.server,
        head.versions,
        head.echo,
    )


def _lines_of(path: Path) -> tuple[str, ...]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError(f"{path}: it is not UTF-8 text; name the file of a dialogue") from None
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; name the file of a dialogue") from None
    return tuple(text.removesuffix("\n").split("\n"))


class Body:
    """Collect the steps; consecutive lines of the module are one answer."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._said: list[Said] = []
        self._ask: Ask | None = None
        self._within: Within | None = None
        self._is_connected = False

    @property
    def is_empty(self) -> bool:
        """Return whether there is no step yet."""
        return not (self._steps or self._said or self._ask or self._within)

    def take(self, step: Step) -> None:
        """Add the step of a line.

        Raises:
            ValueError: it cannot stand here.
        """
        match step:
            case Said():
                self._said.append(step)
                return
            case OtherForm():
                self._add_form(step)
                return
            case Connect():
                self._is_connected = True
            case PeerSends() | PeerHears() | PeerCloses() if not self._is_connected:
                raise ValueError("the peer has no session yet; write `connect` before")
        self._end_answer()
        match step:
            case Within():
                self._within = step
            case Ask():
                self._refuse_ask()
                self._ask = step
            case Echoed():
                self._refuse_ask()
                self._steps.append(Send(text=step.text, at=step.at))
                self._said.append(Said(forms=(step.text,), at=step.at))
            case _:
                self._refuse_ask()
                self._steps.append(step)

    def finish(self) -> tuple[Step, ...]:
        """Return all steps.

        Raises:
            ValueError: there is none, or an answer is missing.
        """
        self._end_answer()
        self._refuse_ask()
        if not self._steps:
            raise ValueError("there is no step; write one a line, as in > AT")
        return tuple(self._steps)

    def _add_form(self, other: OtherForm) -> None:
        if not self._said:
            raise ValueError("<| is another form of the line before, which is none of the module's")
        before = self._said.pop()
        self._said.append(replace(before, forms=(*before.forms, other.text), at=Lines(before.at.first, other.at.last)))

    def _end_answer(self) -> None:
        if not self._said:
            return
        within = self._within.seconds if self._within else None
        at = Lines(self._said[0].at.first, self._said[-1].at.last)
        answer = Answer(said=tuple(self._said), within=within, at=at)
        if self._ask is None:
            self._steps.append(answer)
        else:
            self._steps.append(Poll(text=self._ask.text, answer=answer, at=Lines(self._ask.at.first, at.last)))
        self._said, self._ask, self._within = [], None, None

    def _refuse_ask(self) -> None:
        if self._ask is not None:
            raise ValueError(f"no answer follows the >* of line {self._ask.at.first}; write what it waits for")
