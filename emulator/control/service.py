"""Serves the control socket: a Unix socket that only its owner can open, while the modem runs."""

import asyncio
import atexit
import os
import socket
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from emulator.acceptor import Acceptor
from emulator.control.event_stream import EventStream
from emulator.control.requests import answer, refusal
from emulator.errors import UserError
from emulator.modem import Modem
from emulator.trace.defect import report_defect, reporting_task

_LONGEST = 64 * 1024
"""Bytes of a request."""


class ControlSocket:
    """Serve `telit-emulator ctl`, from construction until the end of the block.

    Requests wait until there is a modem.

    Raises:
        UserError: no socket can be made at the path, or another emulator answers there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listener = _listen(path)
        self._identity = _identity(path)
        atexit.register(self._remove)  # a signal may break off what comes before the block begins
        self._acceptor: Acceptor | None = None
        self._clients: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"<ControlSocket {self._path}>"

    async def serve(self, modem: Modem) -> None:
        """Answer requests to this modem, in the running event loop."""

        def come(connection: socket.socket) -> None:
            client = reporting_task(modem.trace, "the control socket", _serve(modem, connection))
            self._clients.add(client)
            client.add_done_callback(self._clients.discard)

        self._acceptor = Acceptor(
            self._listener, come, lambda error: report_defect(modem.trace, "the control socket", error)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._acceptor is not None:
            self._acceptor.close()
        for client in self._clients:
            client.cancel()
        self._listener.close()
        self._remove()

    def _remove(self) -> None:
        atexit.unregister(self._remove)
        if _identity(self._path) == self._identity:  # a newer emulator may have put its own there
            _remove(self._path)


def _identity(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _listen(path: Path) -> socket.socket:
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
        listener.listen()
    except OSError as error:
        listener.close()
        raise UserError(f"--control {path}: {error.strerror or error}; name a path that can be written") from error
    finally:
        os.umask(before)
    return listener


def _remove_stale(path: Path) -> None:
    """Remove the socket of a killed emulator.

    Raises:
        UserError: something else stands there, or the emulator is alive.
    """
    if not path.is_socket():
        if path.exists():
            raise UserError(f"--control {path}: exists and is no socket; move it away, or name another path")
        return
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            _remove(path)
            return
    raise UserError(f"--control {path}: another emulator answers there; stop it, or name another path")


async def _serve(modem: Modem, connection: socket.socket) -> None:
    reader, writer = await asyncio.open_unix_connection(sock=connection, limit=_LONGEST)
    try:
        while line := await reader.readline():
            answered = await answer(modem, line)
            writer.write(answered.line)
            if answered.events is not None:
                return await _send_events(modem, answered.events, reader, writer)
            await writer.drain()
    except ValueError:
        writer.write(refusal(f"no request: it is longer than {_LONGEST} bytes; send a JSON object a line"))
    except OSError:
        pass  # the client has gone
    finally:
        writer.close()


async def _send_events(
    modem: Modem, events: EventStream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Send events until the client goes away, or says something."""
    with events:
        sending = reporting_task(modem.trace, "the event stream", events.send(writer))
        try:
            said = await reader.read(1)
        finally:
            sending.cancel()
    if said:
        writer.write(refusal("this connection carries events; send requests on another one"))
