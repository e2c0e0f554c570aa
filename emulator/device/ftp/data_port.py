"""Agree on a passive or active data port. RFC 959 3.3."""

import re

from emulator.device.connection.replies import Reply
from emulator.device.ftp.control import ControlConnection, Unexpected
from emulator.net.bearer import Bearer, DialFailed, NameUnknown
from emulator.net.listener import PortListener
from emulator.net.stream import Stream

_ADDRESS = re.compile(r"\D(\d{1,3},\d{1,3},\d{1,3},\d{1,3}),(\d{1,3}),(\d{1,3})(?!\d)")


class PassivePort:
    """A port of the server, which the module has connected to. See `PortListener`."""

    def __init__(self, stream: Stream) -> None:
        self._stream: Stream | None = stream

    async def accept(self) -> Stream:
        stream, self._stream = self._stream, None
        assert stream is not None, "it is accepted once"
        return stream

    def close(self) -> None:
        if self._stream is not None:
            self._stream.abort()
            self._stream = None


DataPort = PassivePort | PortListener
"""A port that is agreed on before the transfer is requested."""


async def passive_port(control: ControlConnection, bearer: Bearer, *, ignores_address: bool) -> DataPort:
    """Ask the server for an address, and connect to it.

    With `ignores_address`, take only the port from the reply, and the host of the control connection.

    Raises:
        Unexpected: the server names none.
        DialFailed: nobody answers there, or it is no address.
    """
    reply = await control.request("PASV")
    host, port = _named_address(reply)
    if ignores_address:
        host = control.tcp.remote_address
    try:
        return PassivePort(await bearer.dial(host, port))
    except NameUnknown as error:  # the numbers are no address
        raise DialFailed(str(error)) from error


async def active_port(control: ControlConnection, bearer: Bearer) -> DataPort:
    """Listen, and send the address to the server.

    Raises:
        DialFailed: nothing can be listened on.
        Unexpected: the server does not take the address.
    """
    listener = await bearer.listen(control.tcp)
    try:
        host, number = listener.address
        await control.expect("PORT", ",".join([*host.split("."), str(number >> 8), str(number & 255)]))
    except BaseException:
        listener.close()
        raise
    return listener


def _named_address(reply: Reply) -> tuple[str, int]:
    match = _ADDRESS.search(reply.last_line) if reply.code == 227 else None
    if match is None:
        raise Unexpected(reply, "PASV")
    host, port = match[1].replace(",", "."), int(match[2]) * 256 + int(match[3])
    if not 0 < port < 65536:
        raise Unexpected(reply, "PASV")
    return host, port
