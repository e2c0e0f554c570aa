"""Writes what the module says, with shapes in the place of its volatile values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.dialogue.pieces import Piece, pieces
from emulator.dialogue.volatile import is_of_the_moment, kinds, name_of, varies_in_number, volatile_in
from emulator.recording.writing.bounds import FINAL
from emulator.recording.writing.drafts import Draft, as_text, joined, plain
from emulator.recording.writing.host_lines import HostLines
from emulator.recording.writing.moves import Heard, Mode
from emulator.recording.writing.personal import Personal
from emulator.recording.writing.side_files import SideFiles

_SEGMENTS = re.compile(rb"[^\r\n]+|[\r\n]+")
_SERIAL_NUMBER = re.compile(r"(?<!\d)(?:\d{15}|89\d{17,18})(?!\d)")
"""As long as an IMEI or an IMSI, or of the form of an ICCID."""
_BEFORE_TEXT = ("+CMGR", "+CMGL", "+CMT")
"""Names of lines behind which the text of a message stands."""
_PDU = re.compile(r"(?!(?:00[0-9A-F]{2})+$)[0-9A-F]{20,}")
_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----\n?|\Z)", re.DOTALL)
_INVISIBLE = re.compile(rb"[^\t\r\n\x1a\x1b\x20-\x7e]")
_ANY_LINES = "<* {any}"


@dataclass(frozen=True)
class Written:
    """A step of the dialogue."""

    line: str
    is_of_the_moment: bool = False
    """Whether the module may say it at any time, or not at all."""


class HeardLines:
    """Write what is heard behind a command line."""

    def __init__(self, personal: Personal, host_lines: HostLines, files: SideFiles, *, keep_secrets: bool) -> None:
        self._personal = personal
        self._host_lines = host_lines
        self._files = files
        self._keeps = keep_secrets

    def __repr__(self) -> str:
        return f"<HeardLines, {self._personal!r}>"

    def learn(self, heard: Heard, command: str) -> None:
        """Learn what is replaced wherever it appears."""
        if heard.mode is Mode.DATA:
            return
        is_text = False
        for segment in _SEGMENTS.findall(heard.data):
            line = segment.decode("latin-1")
            is_text = name_of(line) in _BEFORE_TEXT or (is_text and not name_of(line))
            if is_text and not _PDU.fullmatch(line):
                self._personal.learn("phone", line)
            for found in volatile_in(line, command):
                if kinds()[found.kind].personal:
                    self._personal.learn(found.kind, line[found.start : found.end])
            for number in _SERIAL_NUMBER.findall(line):
                self._personal.learn("imei", number)

    def steps(self, heard: Heard, command: str, *, after_line: bool) -> Iterator[Written]:
        """Return the steps; `command` is what the host has sent last, `after_line` whether a line came before."""
        if heard.mode is Mode.DATA:
            data = self._without_stray_secrets(heard.data)
            yield self._raw(data, (data,))
            return
        end = 0
        for key in _KEY.finditer(heard.data) if not self._keeps else ():
            yield from self._lines(heard.data[end : key.start()], command, after_line=after_line)
            yield Written("<< {key}")
            end, after_line = key.end(), False
        yield from self._lines(heard.data[end:], command, after_line=after_line)

    def _lines(self, data: bytes, command: str, *, after_line: bool) -> Iterator[Written]:
        varies = varies_in_number(command)
        for piece in pieces(data, after_line=after_line):
            word, _, _ = piece.line.partition(" ")
            if word == "<prompt":
                yield Written(piece.line)
            elif word not in ("<", "<+"):
                yield self._raw(piece.data, self._segments(piece.data, command))
            elif varies and FINAL.fullmatch(piece.data) is None:
                yield Written(_ANY_LINES)
            else:
                yield self._line(piece, word, command)

    def _line(self, piece: Piece, word: str, command: str) -> Written:
        line = piece.data.strip(b"\r\n").decode("latin-1")
        is_of_the_moment_ = word == "<" and is_of_the_moment(line, command)
        text = as_text(self._personal.said(_shaped(line, command)))
        return Written(f"{'<?' if is_of_the_moment_ else word} {text}", is_of_the_moment_)

    def _segments(self, data: bytes, command: str) -> Draft:
        """Return bytes that are no line of the usual form: an echo, lines without CR or LF, or data."""
        typed = command.encode("latin-1")
        return joined(
            part
            for segment in _SEGMENTS.findall(data)
            for part in (
                self._host_lines.draft(segment)
                if segment.strip(b"\r\n") and segment in typed
                else _shaped(self._without_stray_secrets(segment).decode("latin-1"), command)
            )
        )

    def _without_stray_secrets(self, data: bytes) -> bytes:
        return data if self._keeps else self._host_lines.without_stray_secrets(data)

    def _raw(self, data: bytes, draft: Draft) -> Written:
        draft = self._personal.said(draft)
        bare = plain(draft)
        is_binary = _INVISIBLE.search(data) is not None
        if bare is not None and (name := self._files.keep(bare, is_binary=is_binary)):
            return Written(f"<file {name}")
        if bare is not None and is_binary:
            return Written(f"<x {bare.hex(' ').upper()}")
        return Written(f"<< {as_text(draft)}")


def _shaped(line: str, command: str) -> Draft:
    parts, end = list[bytes | str](), 0
    for value in volatile_in(line, command):
        parts += [line[end : value.start].encode("latin-1"), f"{{{value.shape}}}"]
        end = value.end
    return joined(iter((*parts, line[end:].encode("latin-1"))))
