"""The place of a server: where it listens, and the host by which its clients reach it."""

import errno
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from emulator.errors import UserError

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"
"""Every address of this machine."""


@dataclass(frozen=True)
class Place:
    """Loopback and any free port, unless a server is asked for from outside this machine."""

    listening: str = LOOPBACK
    """The address that the server listens on."""
    reached: str = LOOPBACK
    """What its clients dial: an address or a name."""
    ports: Sequence[int] = (0,)
    """The first free one is taken; 0 is any."""

    def listen(self) -> socket.socket:
        """Listen on the first free port.

        Raises:
            UserError: none is free, or the address is not one of this machine.
        """
        for port in self.ports:
            try:
                return socket.create_server((self.listening, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise UserError(f"{self.reached}:{port}: {error.strerror}; name a port that can be used") from error
        raise UserError(f"{self.reached}:{self.ports_in_words}: in use; give as many ports as a test has servers")

    @property
    def ports_in_words(self) -> str:
        """Return the ports as they are typed."""
        first, last = self.ports[0], self.ports[-1]
        return str(first) if first == last else f"{first}-{last}"

    @property
    def from_here(self) -> str:
        """Return the address by which this machine reaches the server."""
        return LOOPBACK if self.listening == EVERYWHERE else self.listening
