"""The URC of the HTTP client: #HTTPRING. It goes to the AT instance that the request came from."""

from typing import TYPE_CHECKING

from emulator.commands.context import AtInstance

if TYPE_CHECKING:
    from emulator.device.http.exchange import ResponseHead


class HttpRing:
    """Writes the URC of one request: a `device.http.exchange.ExchangeListener`."""

    def __init__(self, number: int, instance: AtInstance) -> None:
        self._number = number
        self._instance = instance

    def answered(self, head: "ResponseHead") -> None:
        """Report the answer, or with status 0 that there is none."""
        self._instance.notify(f'#HTTPRING: {self._number},{head.status},"{head.content_type}",{head.size}')
