"""Seal packets by OpenSSL's own call: pyOpenSSL's `send` takes longer about a short packet than OpenSSL does."""

from collections.abc import Iterable
from typing import Any, Final

from cryptography.hazmat.bindings.openssl.binding import Binding

_WRITE: Final = Binding().lib.SSL_write


def seal(connection: Any, packets: Iterable[bytes]) -> None:
    """Seal each packet as a record of its own, an empty one as none.

    Raises:
        SSL.Error: OpenSSL refuses one; those before it are sealed.
    """
    session = connection._ssl
    for packet in packets:
        if packet and (written := _WRITE(session, packet, len(packet))) <= 0:
            connection._raise_ssl_error(session, written)
