"""Server sessions of TLS 1.0 by GnuTLS, which still has RC4; its library is called as it is."""

import ctypes
import ctypes.util
import socket
from functools import cache

from benchmarks.programs import Unavailable

_PRIORITY = (
    "NONE:+VERS-TLS1.0:+RSA:+ARCFOUR-128:+AES-128-CBC:+MD5:+SHA1:+COMP-NULL:+CTYPE-X509:+SIGN-ALL:+GROUP-ALL:%COMPAT"
)
_SERVER = 1
_PEM = 1
_CREDENTIALS_CERTIFICATE = 1


@cache
def library() -> ctypes.CDLL:
    """Load the library, with the types of its functions.

    Raises:
        Unavailable: it is not installed.
    """
    name = ctypes.util.find_library("gnutls")
    if name is None:
        raise Unavailable("libgnutls is not installed (Debian package libgnutls30)")
    gnutls = ctypes.CDLL(name)
    gnutls.gnutls_record_recv.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
    gnutls.gnutls_record_send.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
    gnutls.gnutls_record_recv.restype = gnutls.gnutls_record_send.restype = ctypes.c_ssize_t
    return gnutls


class GnutlsServer:
    """A certificate, and what clients may choose: RC4 and AES-128, MD5 and SHA-1."""

    def __init__(self, certificate: str, key: str) -> None:
        gnutls = library()
        self.credentials = ctypes.c_void_p()
        _check(gnutls.gnutls_certificate_allocate_credentials(ctypes.byref(self.credentials)))
        files = (certificate.encode(), key.encode())
        _check(gnutls.gnutls_certificate_set_x509_key_file(self.credentials, *files, _PEM))

    def session(self, accepted: socket.socket) -> "GnutlsSession":
        """Shake hands with a client that has connected."""
        return GnutlsSession(accepted, self.credentials)


class GnutlsSession:
    """An open session over a socket."""

    def __init__(self, accepted: socket.socket, credentials: ctypes.c_void_p) -> None:
        self._socket = accepted
        self._gnutls = library()
        self._session = ctypes.c_void_p()
        _check(self._gnutls.gnutls_init(ctypes.byref(self._session), _SERVER))
        _check(self._gnutls.gnutls_priority_set_direct(self._session, _PRIORITY.encode(), None))
        _check(self._gnutls.gnutls_credentials_set(self._session, _CREDENTIALS_CERTIFICATE, credentials))
        self._gnutls.gnutls_transport_set_int2(self._session, accepted.fileno(), accepted.fileno())
        _check(self._gnutls.gnutls_handshake(self._session))

    def recv_into(self, room: memoryview) -> int:
        """Receive some bytes; 0 at the end."""
        target = (ctypes.c_char * len(room)).from_buffer(room)
        return max(0, int(self._gnutls.gnutls_record_recv(self._session, target, len(room))))

    def sendall(self, data: bytes) -> None:
        """Send everything, in the largest records there are."""
        address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0
        sent = 0
        while sent < len(data):
            sent += _check(self._gnutls.gnutls_record_send(self._session, address + sent, len(data) - sent))

    def close(self) -> None:
        """Close the connection without close_notify."""
        self._gnutls.gnutls_deinit(self._session)
        self._socket.close()


def _check(result: int) -> int:
    if result < 0:
        raise OSError(f"GnuTLS reports error {result}")
    return int(result)
