"""A TCP port, which `socket://HOST:PORT` of pyserial opens, or `nc`."""

import ipaddress
import logging
import re
import socket
from typing import Final

from emulator.errors import UserError
from emulator.line.serial.serial_line import SerialLine
from emulator.line.serial.stream_socket import BACKLOG, StreamSocketPort
from emulator.line.transports import Transport

_FORM: Final = re.compile(r"(?:\[(?P<six>[^]]*)\]|(?P<four>[^:]*)):(?P<number>[^:]*)")


class TcpPort(StreamSocketPort):
    """Listen at an address as a `Port`; raises UserError when it cannot."""

    def __init__(self, address: str, number: int) -> None:
        """Listen at a name or IP address, on TCP port `number`; 0 takes a free one."""
        listener = _listen(address, number)
        self.number: int = listener.getsockname()[1]
        """Number of the TCP port."""
        super().__init__(listener, f"socket://{_written(address)}:{self.number}")

    def _prepare(self, host: socket.socket) -> None:
        host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


class TcpAddress:
    """Keep where TCP ports listen, one after another: a free number that was found once is taken again.

    Raises UserError when it is not of the form `ADDRESS:PORT`.
    """

    def __init__(self, text: str, scheme: str = "tcp") -> None:
        parts = _FORM.fullmatch(text)
        if parts is None:
            raise UserError(f"not of the form {scheme}:ADDRESS:PORT, as in {scheme}:127.0.0.1:4000")
        number = parts["number"]
        if not (number.isascii() and number.isdecimal() and int(number) < 65536):
            raise UserError(f"{number!r} is no TCP port; give one from 0 to 65535, 0 takes a free one")
        self._address: str = parts["six"] or parts["four"] or ""
        if not self._address:
            raise UserError("no address; 127.0.0.1 is reached from this machine only")
        self._number = int(number)
        self._text = f"{scheme}:{text}"

    def __repr__(self) -> str:
        return f"<TcpAddress {self._text}>"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        try:
            return ipaddress.ip_address(self._address).is_loopback
        except ValueError:
            return self._address == "localhost"

    def listen(self, _line: SerialLine | None = None) -> TcpPort:
        """Make a port here; warns of an address that others can reach.

        Raises:
            UserError: it cannot be listened there.
        """
        port = TcpPort(self._address, self._number)
        self._number = port.number
        if not self.is_loopback:
            logging.getLogger("emulator").warning(
                "--listen %s: anybody who reaches this address can drive the modem", self._text
            )
        return port


def _written(address: str) -> str:
    """Write an address as it stands before a colon."""
    return f"[{address}]" if ":" in address else address


def _listen(address: str, number: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, number), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            f"{_written(address)}:{number}: cannot listen there ({reason}); name another address or port"
        ) from error


TRANSPORT = Transport("tcp:ADDRESS:PORT", "a TCP port, PORT 0 for a free one", lambda text: TcpAddress(text).listen)
