"""A buffer of received plaintext."""


class Plaintext:
    """First in, first out."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, data: bytes) -> None:
        """Take received plaintext."""
        self._waiting += data

    def take(self, limit: int = -1) -> bytes:
        """Return at most `limit` bytes, all of it when negative."""
        waiting = self._waiting
        if limit < 0 or limit >= len(waiting):
            data = bytes(waiting)
            waiting.clear()
        else:
            data = bytes(waiting[:limit])
            del waiting[:limit]
        return data
