"""Download in command mode: data waits until the host reads it."""

from emulator.device.ftp.transfer import Download, TransferFailed
from emulator.firmware.schema.ftp import EndOfFile


class Fetch:
    """A download whose data port stays open until the host has read the end."""

    def __init__(self, name: str, view: int, download: Download) -> None:
        self.name = name
        self.view = view
        """<viewMode>."""
        self._download = download
        self.is_open = True
        """Whether the data port is open, and the host can read."""

    def __repr__(self) -> str:
        return f"<Fetch {self.name!r}, {self.available} bytes to read>"

    @property
    def available(self) -> int:
        """Return how many bytes can be read."""
        return self._download.stream.pending

    async def read(self, limit: int) -> bytes:
        """Read at most `limit` bytes; none when none have come yet, or at the end, which closes the data port.

        Raises:
            TransferFailed: the file has ended before its time; the data port is closed.
        """
        if not self._download.is_exhausted:
            return self._download.stream.read(limit)
        self.is_open = False
        await self._download.conclude()
        return b""

    async def has_ended(self, when: EndOfFile) -> bool:
        """Return <eof>; it is never set when the transfer has failed."""
        download = self._download
        if not download.stream.peer_closed or (when is EndOfFile.READ and self.available):
            return False
        try:
            await download.conclude()
        except TransferFailed:
            return False
        return True
