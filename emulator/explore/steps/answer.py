"""Finds the parts of an answer: its lines, its prompt, its final result, and data in which no line begins."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_FINAL = re.compile(
    rb"(OK|ERROR|NO CARRIER(:.*)?|NO ANSWER|NO DIALTONE|BUSY|CONNECT( .*)?|\+CM[ES] ERROR:.*)$", re.DOTALL
)
_INFORMATION = (b"+", b"#", b"$", b"%", b"*")
"""How lines begin that are no text of a user or a file."""
_PROMPTS = (b"> ", b">>>")
_COUNTED = re.compile(rb'#SSLRECV: (\d+)$|#FTPRECV: (\d+)$|#SRECV: (?:"[^"]*",\d+,)?\d+,(\d+)(?:,\d+)?$')
"""Lines behind which so many bytes of data stand."""
_UNCOUNTED = b"<<<"
"""Behind this, data stands up to the final result."""
_ENDED_LINE = re.compile(rb"[^\n]*\n")
_END = b"\r\n"
_OK = b"\r\nOK\r\n"


@dataclass(frozen=True)
class Answer:
    """Positions in an answer, in bytes from its beginning."""

    size: int
    """Bytes up to the end of the final result; all of them where there is none."""
    final: str
    """The final result, as in `OK` or `CONNECT`; empty where there is none."""
    final_at: int
    """Where the final result begins, with the CR LF before it."""
    prompt: int | None
    """Where the prompt ends; None without one."""
    between: tuple[int, ...]
    """Where a line ends and the next one begins."""
    texts: tuple[tuple[int, str], ...]
    """The lines and where each begins, without data."""
    starts: tuple[int, ...]
    """Where each line begins as a fault counts them: those of data too, blank ones not, with the CR LF before it."""

    def place(self, byte: int) -> Mapping[str, int | str]:
        """Return the keys of a fault for a position: by lines, so that it is the same if an answer has another length.

        What comes behind all lines is its end.
        """
        if self.final and byte >= self.size:
            return {"line": "end", **({"byte": byte - self.size} if byte > self.size else {})}
        line: int | str = bisect_right(self.starts, byte)
        begin = self.starts[bisect_right(self.starts, byte) - 1]
        if self.final and byte >= self.final_at:
            line, begin = "result", self.final_at
        if line == 1:
            return {"byte": byte}
        return {"line": line, **({"byte": byte - begin} if byte > begin else {})}

    def position(self, fault: Mapping[str, Any]) -> int:
        """Return the position that the keys of a fault mean; see `place`."""
        line, byte = fault.get("line"), int(fault.get("byte", 0))
        match line:
            case None:
                return byte
            case "result":
                return self.final_at + byte
            case "end":
                return self.size + byte
            case _:
                return (self.starts[line - 1] if line <= len(self.starts) else self.size) + byte

    @property
    def opens_data_mode(self) -> bool:
        """Return whether what follows is data."""
        return self.final.startswith("CONNECT")

    @property
    def failed(self) -> bool:
        """Return whether the final result is an error."""
        return self.final == "ERROR" or " ERROR:" in self.final


def parse(data: bytes) -> Answer:
    """Return the parts of an answer, as with V1 and the usual S3 and S4."""
    starts = tuple(_starts(data))
    texts: list[tuple[int, str]] = []
    between: list[int] = []
    prompt: int | None = None
    before = 0
    """Where the line before ended."""
    for start, text in _lines(data):
        lead = start - len(_END) if data[start - len(_END) : start] == _END and start - len(_END) >= before else start
        is_final = _FINAL.match(text) is not None
        if texts and (is_final or (lead != prompt and text.startswith(_INFORMATION))):
            between.append(lead)
        texts.append((start, text.decode("latin-1")))
        before = start + len(text)
        if text.startswith(_PROMPTS):
            prompt = start + next(len(sign) for sign in _PROMPTS if text.startswith(sign))
        else:
            before += len(_END)
        if is_final:
            return Answer(before, text.decode("latin-1"), lead, prompt, tuple(between), tuple(texts), starts)
    return Answer(len(data), "", len(data), prompt, tuple(between), tuple(texts), starts)


def _starts(data: bytes) -> Iterator[int]:
    yield 0
    for line in _ENDED_LINE.finditer(data):
        if line[0].strip(_END):
            yield line.end()


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its position; data and empty lines are left out."""
    at = 0
    while at < len(data):
        end = data.find(_END, at)
        if end < 0:
            end = len(data)
            if not data[at:].startswith(_PROMPTS):
                return
        text = data[at:end]
        if text.startswith(_UNCOUNTED):
            yield at, _UNCOUNTED
            at = data.rfind(_OK, at)
            if at < 0:
                return
            continue
        if text:
            yield at, text
        at = end + len(_END)
        if (counted := _COUNTED.match(text)) is not None:
            at += int(next(group for group in counted.groups() if group is not None))


def lines_of(data: bytes) -> list[str]:
    """Return all lines that a module has said, the unsolicited ones with them."""
    return [line for line in data.decode("latin-1").split("\r\n") if line]
