"""Write a mail as SMTP transfers it: its header, its lines, and the dots before them. RFC 5321 4.5.2, RFC 5322."""

import re

_END = b".\r\n"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_FORBIDDEN = re.compile(r"[\r\n\0]")
"""What could begin another field."""


class ContentEncoder:
    """Encodes the lines of a mail, in pieces of any size."""

    def __init__(self) -> None:
        self._held = b""
        """A CR whose LF may come with the next piece."""
        self._begins_line = True

    def __repr__(self) -> str:
        return f"<ContentEncoder {'at' if self._begins_line else 'within'} a line>"

    def feed(self, data: bytes) -> bytes:
        """Return a piece with CR LF at the end of each line, and a second dot before a line that begins with one."""
        data = self._held + data
        self._held = b"\r" if data.endswith(b"\r") else b""
        return self._encoded(data.removesuffix(self._held))

    def end(self) -> bytes:
        """Return the end of the content."""
        rest = self._encoded(self._held)
        self._held = b""
        return rest + (_END if self._begins_line else b"\r\n" + _END)

    def _encoded(self, data: bytes) -> bytes:
        if not data:
            return b""
        text = _LINE_END.sub(b"\r\n", data).replace(b"\r\n.", b"\r\n..")
        if self._begins_line and text.startswith(b"."):
            text = b"." + text
        self._begins_line = text.endswith(b"\r\n")
        return text


def header(*fields: tuple[str, str]) -> bytes:
    """Return the header of a mail, with the empty line behind it."""
    lines = (f"{name}: {_FORBIDDEN.sub('', value)}\r\n" for name, value in fields)
    return "".join((*lines, "\r\n")).encode("latin-1", "replace")
