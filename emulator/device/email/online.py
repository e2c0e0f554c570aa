"""Send the attachment of a mail in data mode. MultiTech HSPA+ AT Commands Reference Guide."""

from collections.abc import Callable
from contextlib import suppress

from emulator.clock import Clock
from emulator.device.connection.data_mode import OnlineHost
from emulator.device.connection.states import ClosedBy
from emulator.device.email.attachment import Attachment
from emulator.device.email.delivery import Delivery, DeliveryFailed


class OnlineMail:
    """Lasts from CONNECT until the server has taken the mail, or has ended the connection."""

    def __init__(
        self, delivery: Delivery, attachment: Attachment, timeout: float, clock: Clock, over: Callable[[], None]
    ) -> None:
        """`timeout`, in seconds, is that of the server's verdict; `over` is called at the end."""
        self._delivery = delivery
        self._attachment = attachment
        self._timeout = timeout
        self._clock = clock
        self._over = over
        self._host: OnlineHost | None = None

    def __repr__(self) -> str:
        return f"<OnlineMail {self._delivery!r}>"

    @property
    def congested(self) -> bool:
        """Whether the server takes less than the host sends."""
        return self._delivery.stream.congested

    def start(self, host: OnlineHost) -> None:
        """Begin: the host has got CONNECT."""
        self._host = host
        self._delivery.on_end = self._ended
        self._delivery.on_writable = host.writable
        if self._delivery.has_ended:
            self._ended()

    def send(self, data: bytes) -> None:
        """Send a piece of the attachment."""
        self._delivery.write(self._attachment.feed(data))

    async def leave(self) -> None:
        """End the attachment, and wait for the server's verdict, whatever it is."""
        self._detach()
        self._delivery.write(self._attachment.end())
        try:
            with suppress(DeliveryFailed):
                await self._delivery.finish(self._clock.now() + self._timeout)
        finally:
            self._over()

    def hang_up(self) -> None:
        """Break the mail off: the host is gone."""
        self._detach()
        self._delivery.abort()
        self._over()

    def break_off(self) -> None:
        """Break the mail off: the network or the power is gone."""
        host = self._host
        self.hang_up()
        if host is not None:
            host.connection_lost(ClosedBy.NETWORK)

    def _ended(self) -> None:
        host = self._host
        self._detach()
        self._delivery.stream.close()
        self._over()
        if host is not None:
            host.connection_lost(ClosedBy.PEER)

    def _detach(self) -> None:
        self._host = self._delivery.on_end = self._delivery.on_writable = None
