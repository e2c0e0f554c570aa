"""Runs a gateway: the TLS of a host ends here, and what it says goes on to a back end, and back."""

import socket
from collections.abc import Callable
from typing import Any, Unpack

from emulator.lab.back_end import BackEnd, BackEndFailure
from emulator.lab.connections import LabConnection, TlsConnection
from emulator.lab.record import Recorder
from emulator.lab.relay import Relay
from emulator.lab.tls_server import HANDSHAKE, Talker, TlsOptions, TlsServer

_DRAIN = 2.0
"""Seconds for which what a host still sends is dropped, so that it sees an end and no reset."""


class HostSide(TlsConnection):
    """The session of a host, and the back end that was dialled for it."""

    def __init__(self, session: Any, client: socket.socket, back_end: BackEnd) -> None:
        session.closeSocket = False  # two threads use it: whoever runs the relay closes it
        super().__init__(session)
        self.socket = client
        self.back_end = back_end

    def read(self) -> bytes:
        """Return the next data; empty after close_notify, and when the connection ends without one."""
        from tlslite.errors import TLSAbruptCloseError

        try:
            return super().read()
        except TLSAbruptCloseError:
            return b""

    def write(self, data: bytes) -> None:
        """Send data; drop it after the host's close_notify, which ends both directions (RFC 2246 7.2.1)."""
        if not self._session.closed:
            super().write(data)

    def finish(self) -> None:
        """Send close_notify and FIN; go on reading, as tlslite-ng's own `close` would not."""
        from tlslite.constants import AlertDescription, AlertLevel
        from tlslite.messages import Alert

        for _ in self._session._sendMsg(Alert().create(AlertDescription.close_notify, AlertLevel.warning)):
            pass
        self.socket.shutdown(socket.SHUT_WR)


class Gateway(TlsServer):
    """Dial the back end for each host that says hello; then do the handshake and carry on what both say."""

    def __init__(self, dial: Callable[[], BackEnd], tell: Callable[[str], None], **options: Unpack[TlsOptions]) -> None:
        """Listen at once.

        Args:
            dial: connects to the back end.
            tell: hears, in a thread of the gateway, of each connection and of what goes wrong.
            options: those of `TlsServer`.

        Raises:
            UserError: as `TlsServer`.
        """
        self._dial = dial
        self._tell = tell
        super().__init__(**options)

    def _connect(self, client: socket.socket) -> LabConnection:
        if client.recv(1, socket.MSG_PEEK) != HANDSHAKE:
            self._tell("not dialled: the host speaks no TLS, which a gateway expects; route to the back end itself")
            return super()._connect(client)  # it refuses as any server for TLS does
        try:
            back_end = self._dial()
        except BackEndFailure as failure:
            self._tell(str(failure))
            _hang_up(client)
            raise
        try:
            session = self._open_session(client)
        except Exception as error:
            back_end.socket.close()
            self._tell(f"connected, but the handshake with the host fails: {str(error) or type(error).__name__}")
            raise
        self._tell("connected")
        return HostSide(session, client, back_end)

    def _recorded(self, connection: LabConnection, recorder: Recorder) -> LabConnection:
        """Record nothing: it is the back end that has it, and a gateway may run for long."""
        return connection

    def _talker(self) -> Talker:
        return self._relay

    def _relay(self, connection: LabConnection) -> None:
        assert isinstance(connection, HostSide)
        below = connection.back_end.socket
        with below:
            self._open.add(below)
            try:
                if not self._closed:
                    Relay(connection, connection.back_end, self._tell).run()
            finally:
                self._open.discard(below)


def _hang_up(client: socket.socket) -> None:
    client.shutdown(socket.SHUT_WR)
    client.settimeout(_DRAIN)
    while client.recv(4096):
        pass
