"""The data link of a mail's attachment. MultiTech HSPA+ AT Commands Reference Guide."""

from emulator.at.answers import FailedResult, Final
from emulator.at.online import OnlineTerminal
from emulator.commands.link import OnlineHost
from emulator.device.email.online import OnlineMail


class MailLink:
    """Joins a mail and the terminal."""

    takes_escape = False
    rate = 0

    def __init__(self, mail: OnlineMail) -> None:
        self._mail = mail

    @property
    def congested(self) -> bool:
        """Whether the server takes less than the host sends."""
        return self._mail.congested

    def begin(self, terminal: OnlineTerminal) -> None:
        """Start the attachment."""
        self._mail.start(OnlineHost(terminal, lambda reason: Final.NO_CARRIER.text))

    def send(self, data: bytes) -> None:
        """Send what has come from the host."""
        self._mail.send(data)

    def host_writable(self) -> None:
        """Do nothing: the server says nothing that the host hears."""

    async def escape(self) -> FailedResult:
        """End the attachment and the mail; there is no way back into it."""
        await self._mail.leave()
        return FailedResult.no_carrier("+++ ends the attachment and the mail")

    def hang_up(self) -> None:
        """Break the mail off."""
        self._mail.hang_up()
