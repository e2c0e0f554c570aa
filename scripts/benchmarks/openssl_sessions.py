"""Server sessions of TLS 1.0 to 1.2 by OpenSSL, with the suites that any build of it has."""

import socket
import ssl
import warnings
from typing import cast

_ROOM = 65536


class OpensslSession:
    """A session that takes all that has come from the socket at once: an `SSLSocket` reads twice for each record.

    So a client whose records are short is not measured by how fast its server reads.
    """

    def __init__(self, accepted: socket.socket, context: ssl.SSLContext) -> None:
        """Shake hands with a client that has connected."""
        self._socket = accepted
        self._room = memoryview(bytearray(_ROOM))
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        shaken = False
        while not shaken:
            try:
                self._tls.do_handshake()
                shaken = True
            except ssl.SSLWantReadError:
                self._take()
        self._send()

    def recv_into(self, room: memoryview) -> int:
        """Receive some bytes; 0 at the end."""
        filled = 0
        while filled < len(room):
            try:
                size = cast(int, self._tls.read(len(room) - filled, room[filled:]))  # with a buffer, a number
            except ssl.SSLWantReadError:
                if filled:
                    break
                self._take()
            else:
                if not size:
                    break
                filled += size
        return filled

    def sendall(self, data: bytes) -> None:
        """Send everything."""
        view = memoryview(data)
        for start in range(0, len(view), _ROOM):
            self._tls.write(view[start : start + _ROOM])
            self._send()

    def close(self) -> None:
        """Close the connection without close_notify."""
        self._socket.close()

    def _take(self) -> None:
        self._send()
        size = self._socket.recv_into(self._room)
        if size:
            self._incoming.write(self._room[:size])
        else:
            self._incoming.write_eof()

    def _send(self) -> None:
        if self._outgoing.pending:
            self._socket.sendall(self._outgoing.read())


_SUITES = "AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256"


class OpensslServer:
    """A certificate, and what clients may choose: AES, and from TLS 1.2 on GCM with ECDHE."""

    def __init__(self, certificate: str, key: str, suites: str = _SUITES) -> None:
        """`suites` are in OpenSSL's words: a client that offers more gets one of these."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_ciphers(f"{suites}:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # TLS 1.0 is what is measured
            self.context.minimum_version = ssl.TLSVersion.TLSv1
        self.context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.context.load_cert_chain(certificate, key)

    def session(self, accepted: socket.socket) -> OpensslSession:
        """Shake hands with a client that has connected."""
        return OpensslSession(accepted, self.context)
