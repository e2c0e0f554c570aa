"""The data link of a file transfer in online mode. Guide chapter 5."""

from emulator.at.answers import FailedResult, Final
from emulator.at.online import OnlineTerminal
from emulator.clock import Clock
from emulator.commands.link import OnlineHost
from emulator.device.ftp.online import OnlineTransfer
from emulator.device.ftp.transfer import Transfer
from emulator.firmware.schema.ftp import Ftp


class TransferLink:
    """Joins a transfer and the terminal."""

    rate = 0

    def __init__(self, transfer: Transfer, profile: Ftp, clock: Clock) -> None:
        self._transfer = transfer
        self._profile = profile
        self._clock = clock
        self._online: OnlineTransfer | None = None

    @property
    def takes_escape(self) -> bool:
        """Whether `+++` becomes part of the file."""
        return self._profile.escape_is_data

    @property
    def congested(self) -> bool:
        """Whether the server takes less than the host sends."""
        return self._transfer.stream.congested

    def begin(self, terminal: OnlineTerminal) -> None:
        """Start the transfer; CONNECT stands before what it delivers."""
        host = OnlineHost(terminal, lambda reason: Final.NO_CARRIER.text)
        self._online = OnlineTransfer(self._transfer, host, self._profile, self._clock)
        self._online.start()

    def send(self, data: bytes) -> None:
        """Send what has come from the host."""
        self._started.send(data)

    def host_writable(self) -> None:
        """Deliver again what has come from the server: the host takes more."""
        self._started.host_writable()

    async def escape(self) -> FailedResult:
        """End the transfer; there is no way back into it (IP Easy User Guide)."""
        await self._started.leave()
        return FailedResult.no_carrier("+++ ends the transfer")

    async def hang_up(self) -> FailedResult:
        """Break the transfer; the session stays."""
        await self._started.hang_up()
        return FailedResult.no_carrier("DTR has fallen, which breaks the transfer; the session stays")

    @property
    def _started(self) -> OnlineTransfer:
        assert self._online is not None, "data mode has begun"
        return self._online
