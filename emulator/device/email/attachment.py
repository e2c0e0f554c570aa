"""Write a mail of two parts: its text, and a file that comes piece by piece. RFC 2046 5.1, RFC 2183."""

from abc import ABC, abstractmethod
from base64 import b64encode

from emulator.device.email.content import header

_BOUNDARY = "=_attachment"
"""No line of base64 can be this (RFC 2045 6.7)."""
_LINE = 57
"""Bytes of a line of 76 characters in base64 (RFC 2045 6.8)."""


class Attachment(ABC):
    """A file for one mail: encodes its pieces."""

    content_type: str
    encoding: str

    def __init__(self, name: str) -> None:
        self._name = name.replace('"', "'")

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return the fields that the mail's header has besides those of any mail."""
        return ("MIME-Version", "1.0"), ("Content-Type", f'multipart/mixed; boundary="{_BOUNDARY}"')

    def before(self, text: bytes) -> bytes:
        """Return what comes before the file: the text as a part of its own, and the header of the second part."""
        parts = (
            header(("Content-Type", "text/plain")),
            header(
                ("Content-Type", f'{self.content_type}; name="{self._name}"'),
                ("Content-Transfer-Encoding", self.encoding),
                ("Content-Disposition", f'attachment; filename="{self._name}"'),
            ),
        )
        first, second = (b"--" + _BOUNDARY.encode() + b"\r\n" + part for part in parts)
        return first + text + b"\r\n" + second

    def end(self) -> bytes:
        """Return the rest of the file, and the end of the second part."""
        return self.rest() + f"\r\n--{_BOUNDARY}--\r\n".encode()

    @abstractmethod
    def feed(self, data: bytes) -> bytes:
        """Return a piece of the file, encoded."""

    @abstractmethod
    def rest(self) -> bytes:
        """Return what `feed` has kept."""


class TextAttachment(Attachment):
    """A text, as it is."""

    content_type = "text/plain"
    encoding = "7bit"

    def feed(self, data: bytes) -> bytes:
        return data

    def rest(self) -> bytes:
        return b""


class BinaryAttachment(Attachment):
    """Any bytes, in base64."""

    content_type = "application/octet-stream"
    encoding = "base64"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._kept = b""

    def feed(self, data: bytes) -> bytes:
        data = self._kept + data
        full = len(data) - len(data) % _LINE
        self._kept = data[full:]
        lines = (b64encode(data[start : start + _LINE]) + b"\r\n" for start in range(0, full, _LINE))
        return b"".join(lines)

    def rest(self) -> bytes:
        kept, self._kept = self._kept, b""
        return b64encode(kept)
