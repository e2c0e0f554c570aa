"""Runs a mail server on a free port of loopback: aiosmtpd with AUTH LOGIN; in clear text, or within TLS."""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from emulator.errors import UserError
from emulator.lab.loopback import MISSING_EXTRA, SETTLING, LoopbackServer
from emulator.lab.marks import Address, Marks
from emulator.lab.place import Place
from emulator.lab.quiet import without_warnings
from emulator.lab.record import Kind, Recorder

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
        place: Place = LoopbackServer.place,
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
            place: where it listens; loopback.
        """
        self.place = place
        self._clients = _Clients()
        self._recorder = Recorder()
        self._marks = Marks(place.from_here)
        handler = _Handler(requires_login, refused, failing or {})
        self._tls = None if starts_tls else tls
        self._make = _protocol_maker(self._clients, handler, accounts, tls if starts_tls else None)
        self._mailbox = _Mailbox(self._recorder)
        self._listener = place.listen()
        self.port: int = self._listener.getsockname()[1]
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lab mail server {self.port}", daemon=True)
        self._thread.start()
        self._started.wait()

    def __repr__(self) -> str:
        return f"<SmtpServer on {self.address}, {len(self.mails)} mails>"

    @property
    def mails(self) -> list[ReceivedMail]:
        """Return the mails that the server has taken."""
        return self._mailbox.mails

    def forget(self) -> None:
        if (passed := self._marks.put(self.port, self._renew)) is not None:
            passed.wait()

    def settle(self, limit: float = SETTLING) -> bool:
        passed = self._marks.put(self.port)
        return passed is None or (passed.wait(limit) and self._clients.gone.wait(limit))

    def close(self) -> None:
        """Close all connections and stop listening; do nothing a second time."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._listener.setblocking(False)
        self._serving: set[asyncio.Task[None]] = set()
        accepting = asyncio.create_task(self._accept())
        self._started.set()
        await self._end.wait()
        accepting.cancel()
        self._listener.close()
        self._clients.hang_up()

    async def _accept(self) -> None:
        while True:
            client, address = await self._loop.sock_accept(self._listener)
            if self._marks.take(address):
                client.close()
                continue
            self._clients.came(address, client.close)
            serving = self._serve_client(partial(self._make, self._mailbox), client, address)
            self._serving.add(task := asyncio.create_task(serving))
            task.add_done_callback(self._serving.discard)

    async def _serve_client(self, protocol: Callable[[], Any], client: socket.socket, address: Address) -> None:
        try:
            await self._loop.connect_accepted_socket(protocol, client, ssl=self._tls)
        except Exception:  # it does not speak TLS
            self._clients.left(address)
            client.close()

    def _renew(self) -> None:
        """Become as at the start, in the thread of the server."""
        self._clients.hang_up()
        self._recorder = Recorder()
        self._mailbox = _Mailbox(self._recorder)


class _Mailbox:
    """Mails from one `forget` to the next."""

    def __init__(self, recorder: Recorder) -> None:
        self.mails: list[ReceivedMail] = []
        self.recorder = recorder

    def take(self, mail: ReceivedMail) -> None:
        """Keep a mail."""
        self.mails.append(mail)
        self.recorder.add(Kind.MAIL, ", ".join(mail.recipients), mail.content)


class _Clients:
    """Clients that are there, by their addresses, each with what hangs up on it; used in the server's thread."""

    def __init__(self) -> None:
        self._open: dict[Address, Callable[[], None]] = {}
        self.gone = threading.Event()
        """Set while nobody is there."""
        self.gone.set()

    def __repr__(self) -> str:
        return f"<Clients {list(self._open)}>"

    def came(self, client: Address, hang_up: Callable[[], None]) -> None:
        """Note that a client is there, or how to hang up on it from now on."""
        self._open[client] = hang_up
        self.gone.clear()

    def left(self, client: Address) -> None:
        """Note that a client has gone."""
        self._open.pop(client, None)
        if not self._open:
            self.gone.set()

    def hang_up(self) -> None:
        """Close all connections."""
        for hang_up in list(self._open.values()):
            hang_up()


class _Handler:
    """Decides on what clients ask for, by the hooks of aiosmtpd."""

    def __init__(self, requires_login: bool, refused: Collection[str], failing: Mapping[str, str]) -> None:
        self.failing = failing
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
        server.mailbox.take(
            ReceivedMail(session.host_name, user, envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content)
        )
        return "250 2.0.0 Ok"


def _protocol_maker(
    clients: _Clients,
    handler: _Handler,
    accounts: Mapping[str, str],
    tls: ssl.SSLContext | None,
) -> Callable[[_Mailbox], Any]:
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

        def __init__(self, mailbox: _Mailbox, *arguments: Any, **options: Any) -> None:
            self.mailbox = mailbox
            self._said = mailbox.recorder.begin(Kind.CONNECTION, counts=False)
            super().__init__(*arguments, **options)

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self._client = transport.get_extra_info("peername")
            clients.came(self._client, transport.close)
            super().connection_made(transport)

        def connection_lost(self, error: Exception | None) -> None:
            clients.left(self._client)
            super().connection_lost(error)

        def data_received(self, data: bytes) -> None:
            self._said.add(data)
            super().data_received(data)

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        is_right = accounts.get(data.login.decode("latin-1")) == data.password.decode("latin-1")
        return AuthResult(success=is_right, handled=is_right, auth_data=data)

    failing = {f"smtp_{verb}": _refusal(reply) for verb, reply in handler.failing.items() if verb != "CONTENT"}
    kind = type("FailingProtocol", (Protocol,), failing)
    return lambda mailbox: kind(
        mailbox,
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
