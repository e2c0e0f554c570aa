"""What opens the protected messages of one TLS 1.3 session: the module tells the secrets as it does for a key log."""

from emulator.tls.wire.alerts import FatalError
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.messages import RANDOM_LENGTH, ServerHello
from emulator.tls.wire.protection import ProtectedRecords
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.vectors import Reader
from emulator.tls.wire.versions import TLS_1_3

_RANDOM = slice(2, 2 + RANDOM_LENGTH)
"""Behind the version, in both hellos."""


class SessionKeys:
    """Both directions of one connection share it."""

    def __init__(self) -> None:
        self.hides_handshake = False
        """Whether both sides have agreed on TLS 1.3."""
        self.client_protects = False
        """Whether the client has sent something protected, which it does once the server's handshake is over."""
        self._suite: CipherSuite | None = None
        self._random = ""
        self._secrets: dict[str, bytes] = {}

    def take_secret(self, line: str) -> None:
        """Take a line of a key log: name, client's random and secret; those of other sessions are left alone."""
        name, random, secret = line.split(" ")
        if random == self._random:
            self._secrets[name] = bytes.fromhex(secret)

    def take_client_hello(self, body: bytes) -> None:
        """Take a hello, of which at least the begin has come."""
        self._random = body[_RANDOM].hex()

    def take_server_hello(self, body: bytes) -> None:
        """Take a whole server_hello."""
        try:
            hello = ServerHello.decode(Reader(body, "server_hello"), TLS_1_3)
        except FatalError:  # the module refuses it
            return
        selected = dict(hello.extensions or ()).get(Extension.SUPPORTED_VERSIONS.value)
        self.hides_handshake = selected == TLS_1_3.number.to_bytes(2, "big")
        self._suite = next((suite for suite in CipherSuite if suite.number == hello.suite), None)

    def records(self, secret: str) -> ProtectedRecords | None:
        """Return what opens the records under a secret, by its name; None while it is not known."""
        if self._suite is None or secret not in self._secrets:
            return None
        return ProtectedRecords(self._suite, self._secrets[secret])
