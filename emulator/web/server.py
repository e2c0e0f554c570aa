"""Serves the page inside the emulator's own event loop, without a signal handler or a thread."""

import asyncio
import logging
import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from emulator.acceptor import Acceptor
from emulator.modem import Modem
from emulator.trace.defect import report_defect, reporting_task
from emulator.trace.trace import Trace
from emulator.web.address import listen_at, parse_address
from emulator.web.admission import Admission
from emulator.web.application import PageApplication

_MOST_CONNECTIONS = 256


class WebServer:
    """Serve the page, from `serve` until the end of the block.

    Of uvicorn it has what speaks HTTP: its server would set signal handlers, and wait for browsers at the end.

    Raises:
        UserError: the address is wrong, or in use.
    """

    def __init__(self, address: str) -> None:
        """Take the address at once; browsers wait until there are modems."""
        self._address = parse_address(address)
        self._listener = listen_at(self._address)
        self._state = ServerState()
        self._acceptor: Acceptor | None = None
        self._application: PageApplication | None = None
        self._admission = Admission(self._answer, self._address)
        self._clients: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"<WebServer at {self._address.host}, {len(self._state.connections)} connections>"

    @property
    def url(self) -> str:
        """Address of the page, with the token where it has one."""
        host = f"[{self._address.host}]" if ":" in self._address.host else self._address.host
        token = f"{self._admission.token}/" if self._admission.token else ""
        return f"http://{host}:{self._listener.getsockname()[1]}/{token}"

    def serve(self, modems: Mapping[str, Modem]) -> None:
        """Show these modems by their names, in the running event loop."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # it would print what browsers do wrong
        trace = next(iter(modems.values())).trace
        self._application = PageApplication(modems)
        self._application.begin()
        config = Config(
            _reporting(trace, self._admission),
            http=H11Protocol,
            ws="none",
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_CONNECTIONS,
        )
        config.load()
        loop = asyncio.get_running_loop()

        async def connect(connection: socket.socket) -> None:
            await loop.connect_accepted_socket(lambda: H11Protocol(config, self._state, {}), connection)

        def come(connection: socket.socket) -> None:
            client = reporting_task(trace, "the page's server", connect(connection))
            self._clients.add(client)
            client.add_done_callback(self._clients.discard)

        self._acceptor = Acceptor(self._listener, come, lambda error: report_defect(trace, "the page's server", error))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._application is not None, "it is there before the first connection is"
        await self._application.asgi(scope, receive, send)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End at once, whatever browsers are still sent. Harmless when closed already."""
        if self._acceptor is not None:
            self._acceptor.close()
        self._listener.close()
        for task in (*self._clients, *self._state.tasks):
            task.cancel()
        for connection in tuple(self._state.connections):
            connection.transport.abort()
        if self._application is not None:
            self._application.close()
            self._application = None


def _reporting(trace: Trace, app: ASGIApp) -> ASGIApp:
    """Report an exception that nobody expected as a defect; the browser gets an error then."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            report_defect(trace, "the page's server", error)
            raise

    return run
