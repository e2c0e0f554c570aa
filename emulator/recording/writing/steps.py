"""Writes moves as the lines of a dialogue."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from emulator.at.table import CommandTable
from emulator.dte.escaping import GUARD_TIME
from emulator.recording.writing.bounds import FINAL
from emulator.recording.writing.data_calls import DataCall
from emulator.recording.writing.declarations import Declarations
from emulator.recording.writing.drafts import Draft, as_text, plain
from emulator.recording.writing.heard_lines import HeardLines, Written
from emulator.recording.writing.host_lines import HostLines
from emulator.recording.writing.keys import without_keys
from emulator.recording.writing.moves import Escaped, Heard, Mode, Move, Sent
from emulator.recording.writing.pdu import numbers_in_pdu
from emulator.recording.writing.personal import Personal
from emulator.recording.writing.side_files import SideFiles

_WAIT = 0.25
"""Seconds of silence that may matter."""
_SLOW = 0.5
"""Seconds of silence that must be allowed for."""
_OK = b"\r\nOK\r\n"
_MAY_HAVE_ENDED = "<? NO CARRIER"
"""The peer may be quicker the next time, so that the end is told before the command that it ran into."""
_CONNECTION_ENDED = b"\r\nNO CARRIER\r\n"
_TOKEN = re.compile(
    rb"((?:Authorization: *(?:Basic|Bearer|Digest)|Cookie:"
    rb"|(?:password|passwd|pwd|token|api[_-]?key|secret)[\"']? *[=:]) *[\"']?)([^\s\"'&;,<>]+)",
    re.IGNORECASE,
)
"""What proves who the host is, in data or in an entry."""
_LINES_BEHIND = re.compile(rb"[\x1a\x1b](AT[^\r]*\r.*)\Z", re.IGNORECASE | re.DOTALL)
_MESSAGE = re.compile(r"\+CMG[SW]", re.IGNORECASE)
"""A command at whose prompt a message is entered."""
_MARGIN = 10.0
_LIMITS = (10, 20, 30, 60, 120, 180, 300, 600, 1800, 3600)
_INVISIBLE = re.compile(rb"[^\t\r\n\x1a\x1b\x20-\x7e]")


class Steps:
    """Write moves in their order; what is said at any time is collected for the head."""

    def __init__(self, commands: CommandTable[Any], personal: Personal, path: Path, *, keep_secrets: bool) -> None:
        self._personal = personal
        self._keeps = keep_secrets
        self._files = SideFiles(path)
        self._host_lines = HostLines(Declarations(commands), personal, keep_secrets=keep_secrets)
        self._heard_lines = HeardLines(personal, self._host_lines, self._files, keep_secrets=keep_secrets)
        self.unsolicited: dict[str, None] = {}
        """Lines that come when they like, in the order of their first coming."""
        self._call = DataCall()
        self._command = ""
        self._after_line = False
        self._quiet_since: float | None = None

    def __repr__(self) -> str:
        return f"<Steps, {len(self.unsolicited)} URCs>"

    def restart(self) -> None:
        """Begin the dialogue once more."""
        self._files.restart()
        self._call = DataCall()
        self._command, self._after_line, self._quiet_since = "", False, None

    def learn(self, moves: Sequence[Move]) -> None:
        """Learn from moves what must not appear, before and behind them."""
        command = ""
        for move in moves:
            if isinstance(move, Sent) and move.mode is Mode.COMMAND:
                command = _command_of(move.data)
                self._host_lines.learn(move.data)
            elif isinstance(move, Sent) and move.mode is Mode.ENTRY:
                numbers = list(numbers_in_pdu(move.data))
                texts = [move.data.decode("latin-1").rstrip("\x1a")] if _MESSAGE.search(command) else []
                for text in numbers or texts:
                    self._personal.learn("phone", text)
                if lines := _lines_behind(move.data):
                    command = _command_of(lines)
                    self._host_lines.learn(lines)
                else:
                    self._host_lines.learn_stray(move.data)
            elif isinstance(move, Sent):
                self._host_lines.learn_stray(move.data)
            elif isinstance(move, Heard):
                self._heard_lines.learn(move, command)
                if move.is_answer and move.data.endswith(_OK):
                    self._host_lines.accept(command.encode("latin-1"), move.data)

    def lines(self, moves: Sequence[Move]) -> Iterator[str]:
        """Return the lines of moves that follow those before."""
        behind: Sequence[Move | None] = (*moves[1:], None, None)
        for move, (after, next_but_one) in zip(
            moves if self._keeps else without_keys(moves), pairwise(behind), strict=True
        ):
            instead = self._call.lines(move)
            if instead is not None:
                yield from instead
                continue
            match move:
                case Sent():
                    if isinstance(after, Heard) and _comes_first(after, next_but_one):
                        yield _MAY_HAVE_ENDED
                    yield from self._wait_until(move.began, _WAIT)
                    yield self._sent(move)
                case Escaped():
                    yield from self._wait_until(move.began - GUARD_TIME, _WAIT)
                    yield "escape"
                case Heard():
                    yield from self._heard(move, _comes_first(move, after))
            if not isinstance(move, Heard):
                self._quiet_since, self._after_line = move.ended, False

    def _wait_until(self, time: float, least: float) -> Iterator[str]:
        silence = time - self._quiet_since if self._quiet_since is not None else 0.0
        if silence >= least:
            yield f"wait {round(silence) if silence >= _MARGIN else round(silence, 1):g}"

    def _sent(self, sent: Sent) -> str:
        if sent.mode is Mode.COMMAND:
            self._command = _command_of(sent.data)
            draft = self._host_lines.draft(sent.data)
        else:
            lines = _lines_behind(sent.data) if sent.mode is Mode.ENTRY else b""
            entry = sent.data.removesuffix(lines)
            if lines:
                self._command = _command_of(lines)
            draft = (
                *self._personal.typed((entry if self._keeps else self._without_secrets(entry),)),
                *self._host_lines.draft(lines),
            )
        if sent.instead:
            draft = sent.instead
        if sent.is_echoed:
            return f">= {as_text(_without_end(draft))}"
        if sent.mode is Mode.COMMAND and sent.data.find(b"\r") == len(sent.data) - 1 and b"\n" not in sent.data:
            return f"> {as_text(_without_end(draft))}".rstrip()
        return self._bytes(sent.data, draft)

    def _without_secrets(self, data: bytes) -> bytes:
        return self._host_lines.without_stray_secrets(_TOKEN.sub(_without_token, data))

    def _bytes(self, data: bytes, draft: Draft) -> str:
        bare = plain(draft)
        is_binary = _INVISIBLE.search(data) is not None
        if bare is not None and (name := self._files.keep(bare, is_binary=is_binary)):
            return f">file {name}"
        return f">x {bare.hex(' ').upper()}" if bare is not None and is_binary else f">> {as_text(draft)}"

    def _heard(self, heard: Heard, is_early: bool) -> Iterator[str]:
        command = self._command if heard.is_answer else ""
        steps = list(self._heard_lines.steps(heard, command, after_line=self._after_line))
        self._after_line = heard.mode is not Mode.DATA and heard.data.endswith(b"\n")
        for step in steps:
            if step.is_of_the_moment:
                self.unsolicited[step.line.removeprefix("<? ")] = None
        if is_early:
            steps = [Written(f"<? {step.line.removeprefix('< ')}", is_of_the_moment=True) for step in steps]
        if all(step.is_of_the_moment for step in steps):
            yield from (step.line for step in steps)
            return
        self._quiet_since = heard.ended
        if heard.silence >= _SLOW:
            yield f"within {_limit(heard.silence)}"
        yield from _once(steps)


def _comes_first(heard: Heard, after: Move | None) -> bool:
    """Return whether a connection's end was told while another command was carried out, whose result follows."""
    if heard.data != _CONNECTION_ENDED or not isinstance(after, Heard) or after.silence >= _WAIT:
        return False
    return FINAL.match(after.data) is not None and after.data != _CONNECTION_ENDED


def _once(steps: Sequence[Written]) -> Iterator[str]:
    """Return the steps; one that may come any number of times stands there once."""
    for line, group in groupby(step.line for step in steps):
        yield from (line,) if line.startswith("<*") else group


def _without_token(match: re.Match[bytes]) -> bytes:
    return match[1] + b"x" * len(match[2])


def _without_end(draft: Draft) -> Draft:
    last = draft[-1]
    assert isinstance(last, bytes)
    return (*draft[:-1], last.removesuffix(b"\r")) if last != b"\r" else draft[:-1]


def _limit(silence: float) -> int:
    wanted = max(3 * silence, _MARGIN)
    return next((limit for limit in _LIMITS if limit >= wanted), round(wanted))


def _lines_behind(entry: bytes) -> bytes:
    """Return the command lines behind the end of an entry: a module that is silent (Q1) tells nothing between them."""
    found = _LINES_BEHIND.search(entry)
    return found[1] if found else b""


def _command_of(data: bytes) -> str:
    return data.decode("latin-1").strip("\r\n")
