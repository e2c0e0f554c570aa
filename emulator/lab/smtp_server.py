"""Runs a mail server on a free port of loopback: aiosmtpd with AUTH LOGIN; in clear text, or within TLS."""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.errors import UserError
from emulator.lab.loopback import MISSING_EXTRA, LoopbackServer
from emulator.lab.quiet import without_warnings

ACCOUNTS = {"telit": "public-demo"}
"""Passwords by user."""
REFUSED = ("nobody@example.com",)
"""Recipients that the server does not know."""
NAME = "smtp.lab"
"""The name in its greeting."""


@dataclass(frozen=True)
class ReceivedMail:
    """A mail that the server has taken."""

    client: str
    """What the client calls itself."""
    user: str | None
    """Who has logged in."""
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    """Header and text, without the dots that the transfer adds."""


class SmtpServer(LoopbackServer):
    """Serve all clients in one thread, from construction until `close`; `mails` has what has come.

    Raises:
        UserError: the extra `lab` is not installed.
    """

    def __init__(
        self,
        *,
        accounts: Mapping[str, str] = ACCOUNTS,
        requires_login: bool = False,
        refused: Collection[str] = REFUSED,
        failing: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        starts_tls: bool = False,
    ) -> None:
        """Listen.

        Args:
            accounts: passwords by user.
            requires_login: take no mail before a login.
            refused: recipients that get 550.
            failing: the reply, as in `421 Later`, that each of these commands gets, as in `MAIL`; with an empty reply
                the server hangs up. `CONTENT` is the end of the mail.
            tls: lets it speak TLS from the start.
            starts_tls: let it speak TLS after STARTTLS instead, and take no mail before.
        """
        self.mails: list[ReceivedMail] = []
        self._clients: set[asyncio.BaseTransport] = set()
        handler = _Handler(self.mails, requires_login, refused, failing or {})
        self._tls = None if starts_tls else tls
        self._make = _protocol_maker(self._clients, handler, accounts, tls if starts_tls else None)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lab mail server {self.port}", daemon=True)
        self._thread.start()
        self._started.wait()

    def __repr__(self) -> str:
        return f"<SmtpServer on 127.0.0.1:{self.port}, {len(self.mails)} mails>"

    def close(self) -> None:
        """Close all connections and stop listening; do nothing a second time."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        async with await self._loop.create_server(self._make, sock=self._listener, ssl=self._tls):
            self._started.set()
            await self._end.wait()
            for client in self._clients:
                client.close()


class _Handler:
    """Decides on what clients ask for, by the hooks of aiosmtpd."""

    def __init__(
        self, mails: list[ReceivedMail], requires_login: bool, refused: Collection[str], failing: Mapping[str, str]
    ) -> None:
        self.failing = failing
        self._mails = mails
        self._requires_login = requires_login
        self._refused = refused

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a sender, or not."""
        if self._requires_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if address in self._refused:
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        """Take a mail, or not."""
        if (reply := self.failing.get("CONTENT")) is not None:
            if not reply:
                server.transport.close()
            return reply
        user = session.auth_data.login.decode("latin-1") if session.authenticated else None
        self._mails.append(
            ReceivedMail(session.host_name, user, envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content)
        )
        return "250 2.0.0 Ok"


def _protocol_maker(
    clients: set[asyncio.BaseTransport],
    handler: _Handler,
    accounts: Mapping[str, str],
    tls: ssl.SSLContext | None,
) -> Callable[[], Any]:
    try:
        with without_warnings():
            from aiosmtpd.smtp import SMTP, AuthResult
    except ImportError as error:
        raise UserError(MISSING_EXTRA) from error

    logger = logging.getLogger("mail.log")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False

    class Protocol(SMTP):
        """One connection, which the server closes with itself."""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            clients.add(transport)
            super().connection_made(transport)

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        is_right = accounts.get(data.login.decode("latin-1")) == data.password.decode("latin-1")
        return AuthResult(success=is_right, handled=is_right, auth_data=data)

    failing = {f"smtp_{verb}": _refusal(reply) for verb, reply in handler.failing.items() if verb != "CONTENT"}
    kind = type("FailingProtocol", (Protocol,), failing)
    return lambda: kind(
        handler,
        hostname=NAME,
        ident="ready",
        authenticator=authenticate,
        auth_require_tls=False,
        tls_context=tls,
        require_starttls=tls is not None,
    )


def _refusal(reply: str) -> Callable[[Any, str], Coroutine[Any, Any, None]]:
    async def refuse(server: Any, argument: str) -> None:
        if reply:
            await server.push(reply)
        else:
            server.transport.close()

    return refuse
