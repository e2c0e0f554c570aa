"""Fields of a message: vectors with their length in front, and a reader of them.

Source: RFC 2246 4.3.
"""

from emulator.tls.wire.alerts import Alert, FatalError


def vector(content: bytes, length_size: int) -> bytes:
    """Return `content` behind its length in `length_size` bytes (RFC 2246 4.3)."""
    return len(content).to_bytes(length_size, "big") + content


class Reader:
    """Reads fields off the front of a message's body; a field that is cut short is a decode_error."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._position = 0
        self._name = name

    def __bool__(self) -> bool:
        return self._position < len(self._data)

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes."""
        start = self._position
        self._position = start + length
        if self._position > len(self._data):
            raise FatalError(Alert.DECODE_ERROR, f"{self._name} is cut short")
        return self._data[start : self._position]

    def rest(self) -> bytes:
        """Return all bytes that are left."""
        return self.take(len(self._data) - self._position)

    def integer(self, size: int) -> int:
        """Return the next number, of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self, length_size: int, at_least: int = 0) -> bytes:
        """Return the next vector; its length stands before it in `length_size` bytes."""
        content = self.take(self.integer(length_size))
        if len(content) < at_least:
            raise FatalError(Alert.DECODE_ERROR, f"{self._name} has a field of {len(content)} bytes")
        return content

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self:
            raise FatalError(Alert.DECODE_ERROR, f"{len(self.rest())} bytes too many in {self._name}")
