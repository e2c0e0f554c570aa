"""Transfer in data mode. Guide chapter 5."""

import asyncio
from contextlib import suppress

from emulator.clock import Clock
from emulator.device.connection.data_mode import DataMode, OnlineHost
from emulator.device.connection.packetizer import Packetizer
from emulator.device.connection.states import ClosedBy
from emulator.device.ftp.transfer import Transfer, TransferFailed
from emulator.firmware.schema.ftp import Ftp
from emulator.guard import guarded


class OnlineTransfer:
    """Lasts from CONNECT until the final reply of the server, when the host gets `NO CARRIER`."""

    def __init__(self, transfer: Transfer, host: OnlineHost, profile: Ftp, clock: Clock) -> None:
        self._transfer = transfer
        self._host = host
        packets = Packetizer(profile.upload_packet, profile.upload_delay / 10)
        self._data_mode = DataMode(transfer.stream, host, packets, profile.idle_limit, clock, self._ended)
        self._has_left = False
        self._ending: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<OnlineTransfer {self._transfer!r}>"

    def start(self) -> None:
        """Begin: the host has got CONNECT."""
        self._transfer.on_broken = self._broken
        self._transfer.stream.set_reader(self)
        self._data_mode.start()

    def send(self, data: bytes) -> None:
        """Send data of the host; in a download it is ignored."""
        if self._transfer.takes_data:
            self._data_mode.send(data)

    def host_writable(self) -> None:
        """Deliver more: the host is no longer congested."""
        self._data_mode.deliver()

    async def leave(self) -> None:
        """Leave data mode: an upload is complete, a download is cut short."""
        self._has_left = True
        self._transfer.on_broken = None
        self._data_mode.finish()
        with suppress(TransferFailed):
            await self._transfer.complete()

    async def hang_up(self) -> None:
        """Abort the transfer: the host is gone."""
        self._has_left = True
        self._transfer.on_broken = None
        self._data_mode.stop()
        self._transfer.abort()
        await self._last_word()

    def readable(self) -> None:
        """Take data or the end from the stream."""
        self._data_mode.deliver()

    def writable(self) -> None:
        """Let the sender go on: the stream is no longer congested."""
        self._host.writable()

    def _ended(self, reason: ClosedBy) -> None:
        self._data_mode.stop()
        if self._has_left:
            return  # what was flushed on leaving has found it broken; the server's last word tells
        if reason is ClosedBy.INACTIVITY:
            self._transfer.abort()
        self._transfer.on_broken = None
        self._ending = asyncio.create_task(self._conclude(reason))

    async def _conclude(self, reason: ClosedBy) -> None:
        try:
            await self._last_word()
        except Exception as error:  # the event loop would only log it
            reason = ClosedBy.FAILURE
            self.fail(error)
        self._conclude_for_host(reason)

    @guarded
    def _conclude_for_host(self, reason: ClosedBy) -> None:
        if not self._has_left:
            self._has_left = True
            self._host.connection_lost(reason)

    def fail(self, error: Exception) -> None:
        """Break the data connection because of a defect of the emulator."""
        self._transfer.stream.fail(error)

    async def _last_word(self) -> None:
        with suppress(TransferFailed):
            await self._transfer.conclude()

    def _broken(self, reason: ClosedBy) -> None:
        self._data_mode.stop()
        self._has_left = True
        self._host.connection_lost(reason)
