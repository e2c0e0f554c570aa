"""Where a port on the network listens, as `--listen` says it: `tcp:127.0.0.1:4000`, `rfc2217:[::1]:0`."""

import ipaddress
import logging
import re
from collections.abc import Callable, Mapping
from typing import Final

from emulator.errors import UserError
from emulator.line.port import Port
from emulator.line.serial_line import SerialLine
from emulator.line.transports.rfc2217 import Rfc2217Port
from emulator.line.transports.tcp import TcpPort

_KINDS: Final[Mapping[str, Callable[[TcpPort, SerialLine], Port]]] = {
    "tcp": lambda port, line: port,
    "rfc2217": Rfc2217Port,
}
_FORM: Final = re.compile(r"(?P<kind>[^:]*):(?:\[(?P<six>[^]]*)\]|(?P<four>[^:]*)):(?P<number>[^:]*)")


class ListenAddress:
    """An address, and the kind of port that is to be there.

    Raises UserError when it is not of the form `KIND:ADDRESS:PORT`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        parts = _FORM.fullmatch(text)
        if parts is None:
            raise self._mistaken("not of the form KIND:ADDRESS:PORT, as in tcp:127.0.0.1:4000")
        kind, number = parts["kind"], parts["number"]
        if kind not in _KINDS:
            raise self._mistaken(f"{kind!r} is no kind of port; there are {' and '.join(_KINDS)}")
        if not (number.isascii() and number.isdecimal() and int(number) < 65536):
            raise self._mistaken(f"{number!r} is no TCP port; give one from 0 to 65535, 0 takes a free one")
        self._kind = _KINDS[kind]
        self._address: str = parts["six"] or parts["four"] or ""
        if not self._address:
            raise self._mistaken("no address; 127.0.0.1 is reached from this machine only")
        self._number = int(number)

    def __repr__(self) -> str:
        return f"<ListenAddress {self.text}>"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        try:
            return ipaddress.ip_address(self._address).is_loopback
        except ValueError:
            return self._address == "localhost"

    def make(self, line: SerialLine) -> Port:
        """Listen there; a free TCP port that was found once is taken again. Warns of an address that others can reach.

        Raises:
            UserError: it cannot be listened there.
        """
        try:
            port = TcpPort(self._address, self._number)
        except UserError as error:
            raise UserError(f"--listen {error}") from error
        self._number = port.number
        if not self.is_loopback:
            logging.getLogger("emulator").warning(
                "--listen %s: anybody who reaches this address can drive the modem", self.text
            )
        return self._kind(port, line)

    def _mistaken(self, what: str) -> UserError:
        return UserError(f"--listen {self.text}: {what}")
