"""Parse replies of an FTP or SMTP server, of one line or several. RFC 959 4.2, RFC 5321 4.2."""

import re
from collections.abc import Iterable

import msgspec

_LONGEST_LINE = 1024
_MOST_LINES = 64
"""Limits that keep a server from filling memory; the rest is dropped."""

_FIRST = re.compile(r"([1-5]\d\d)([ -]|$)")

STARRED = "***"


def starred(text: str, secrets: Iterable[str]) -> str:
    """Return what a server says without the secrets that it may repeat."""
    for secret in filter(None, secrets):
        text = text.replace(secret, STARRED)
    return text


class Reply(msgspec.Struct, frozen=True):
    """One reply, as the server wrote it."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all lines, separated by CR LF."""
        return "\r\n".join(self.lines)

    @property
    def last_line(self) -> str:
        """Return the last line."""
        return self.lines[-1]

    @property
    def is_preliminary(self) -> bool:
        """Whether it is 1yz: another reply follows."""
        return self.code < 200

    @property
    def is_success(self) -> bool:
        """Whether it is 2yz: the command is done."""
        return 200 <= self.code < 300

    @property
    def wants_more(self) -> bool:
        """Whether it is 3yz: the server waits for another command."""
        return 300 <= self.code < 400


class ReplyParser:
    """Cuts what the server sends into replies, in pieces of any size."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._lines: list[str] = []
        self._code = ""

    def __repr__(self) -> str:
        return f"<ReplyParser {len(self._lines)} lines of a reply, {len(self._waiting)} bytes of the next>"

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a further reply has come."""
        return not self._waiting and not self._lines

    def feed(self, data: bytes) -> list[Reply]:
        """Take bytes; return the replies that they complete. Drop lines outside a reply."""
        self._waiting += data
        *lines, rest = self._waiting.split(b"\n")
        self._waiting = rest[:_LONGEST_LINE]
        replies = []
        for line in lines:
            reply = self._line(line[:_LONGEST_LINE].rstrip(b"\r").decode("latin-1"))
            if reply is not None:
                replies.append(reply)
        return replies

    def _line(self, line: str) -> Reply | None:
        match = _FIRST.match(line)
        if not self._lines:
            if match is None:
                return None
            self._code = match[1]
        if len(self._lines) < _MOST_LINES:
            self._lines.append(line)
        else:
            self._lines[-1] = line
        if match is None or match[1] != self._code or match[2] == "-":
            return None
        reply = Reply(int(self._code), tuple(self._lines))
        self._lines = []
        return reply
