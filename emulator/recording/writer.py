"""Writes a recording as a dialogue file that `telit-emulator play` runs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from emulator.at.table import CommandTable
from emulator.errors import UserError
from emulator.recording.chunk import Chunk
from emulator.recording.writing.conversation import Conversation
from emulator.recording.writing.moves import Escaped, Heard, Mode, Move, Sent
from emulator.recording.writing.personal import Personal
from emulator.recording.writing.steps import Steps


class DialogueWriter:
    """Write a dialogue as it goes on: a command and its answer are in the file as soon as the answer is complete.

    What turns out later to lead to a person is then taken out of the whole file. `finish` writes it once more.
    """

    def __init__(
        self, path: Path, recorded_from: str, day: str, *, commands: CommandTable[Any], keep_secrets: bool = False
    ) -> None:
        """Begin the file.

        Args:
            path: the dialogue's file; long entries lie beside it.
            recorded_from: model and firmware version of the module, for the head.
            day: the date of the recording, for the head.
            commands: those of the firmware that is nearest to the module; they say which values are secret.
            keep_secrets: whether passwords, PINs and private keys stay as they are.

        Raises:
            UserError: the file cannot be written.
        """
        self._path = path
        self._day = day
        self._module = recorded_from
        self._conversation = Conversation()
        self._personal = Personal()
        self._steps = Steps(commands, self._personal, path, keep_secrets=keep_secrets)
        self._moves: list[Move] = []
        self._is_echoed: bool | None = None
        """Whether the module's echo was on at the beginning; None while nobody knows."""
        self._done = 0
        """Number of moves in the file."""
        self._write("w", self._head)

    def __repr__(self) -> str:
        return f"<DialogueWriter of {self._path}, {len(self._moves)} moves>"

    def name_module(self, module: str) -> None:
        """Name another module in the head, from the next time on that the whole file is written."""
        self._module = module

    def take(self, chunk: Chunk) -> None:
        """Take the next bytes.

        Raises:
            UserError: the file cannot be written.
        """
        self._add(self._conversation.take(chunk))

    def finish(self) -> str:
        """Write the whole file, and return its text.

        Raises:
            UserError: the file cannot be written.
        """
        new = list(self._conversation.finish())
        self._learn(new)
        self._moves += new
        return self._write_whole(len(self._moves))

    @property
    def _head(self) -> list[str]:
        echo = ["echo: on"] if self._is_echoed else []
        return [
            f"source: recorded from {self._module} on {self._day}",
            "peer: none",
            *echo,
            *(f"unsolicited: {line}" for line in self._steps.unsolicited),
            "",
        ]

    def _add(self, moves: Iterable[Move]) -> None:
        new = list(moves)
        if not new:
            return
        head, known = self._head, repr(self._personal)
        self._learn(new)
        appears_before = known != repr(self._personal) and any(map(self._appears, self._moves[: self._done]))
        self._moves += new
        settled = _settled(self._moves)
        if settled <= self._done:
            return
        lines = list(self._steps.lines(self._moves[self._done : settled]))
        self._done = settled
        if appears_before or head != self._head:
            self._write_whole(settled)
        else:
            self._write("a", lines)

    def _learn(self, moves: list[Move]) -> None:
        if self._is_echoed is None:
            sent = (move for move in moves if isinstance(move, Sent) and move.mode is Mode.COMMAND)
            self._is_echoed = next((move.shows_echo for move in sent if move.shows_echo is not None), None)
        self._steps.learn(moves)

    def _appears(self, move: Move) -> bool:
        return not isinstance(move, Escaped) and self._personal.holds(move.data)

    def _write_whole(self, count: int) -> str:
        self._steps.restart()
        lines = list(self._steps.lines(self._moves[:count]))
        lines = [*self._head, *lines]
        self._write("w", lines)
        return "".join(f"{line}\n" for line in lines)

    def _write(self, mode: str, lines: list[str]) -> None:
        try:
            with self._path.open(mode, encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            raise UserError(f"{self._path}: {error.strerror}; name a file that can be written") from error


def _settled(moves: list[Move]) -> int:
    """Return how many moves can be written: a command whose prompt is open waits for its entry."""
    for index in range(len(moves) - 1, -1, -1):
        move = moves[index]
        if isinstance(move, Sent) and move.mode is Mode.ENTRY:
            return len(moves)
        if isinstance(move, Sent):
            answer = moves[-1]
            asks = isinstance(answer, Heard) and answer.data.endswith((b"\r\n> ", b"\r\n>>>"))
            return index if asks else len(moves)
    return len(moves)
