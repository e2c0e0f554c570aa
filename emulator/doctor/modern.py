"""Dial as a modern client does, by OpenSSL: whatever the certificates, with or without naming the server."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from emulator.net.routes import Address

if TYPE_CHECKING:
    from OpenSSL import SSL

VERSIONS = {"TLS 1.0": 0x0301, "TLS 1.1": 0x0302, "TLS 1.2": 0x0303, "TLS 1.3": 0x0304}
"""The versions that are tried, by the names that profiles have for them, oldest first."""
UNRECOGNIZED_NAME = 112
"""The alert of a server that does not serve the name in the hello, or misses one (RFC 6066 3)."""
EVERY_SUITE = ("ALL", "COMPLEMENTOFALL")
"""All that OpenSSL has, those without encryption included."""

_NAMES = {"TLSv1": "TLS 1.0", "TLSv1.1": "TLS 1.1", "TLSv1.2": "TLS 1.2", "TLSv1.3": "TLS 1.3"}
_CHUNK = 65536
_LONGEST = 3
"""A whole handshake may take so many times as long as each wait for the server."""
_SHOWN = 1024
_RECORD_TYPES = range(20, 25)
_MAJOR_VERSION = 3
_SERVER_HELLO = b"read server hello"
_CERTIFICATE_REQUEST = b"read server certificate request"
"""What OpenSSL calls the states in which it has read these messages."""


class ModernEnd(Enum):
    """How far a dial gets."""

    UNREACHABLE = "no connection"
    SILENCE = "silence"
    CLOSED = "closed"
    NO_TLS = "no TLS"
    FAILED = "the handshake fails"
    OPEN = "open"


@dataclass(frozen=True)
class ModernHello:
    """What the client offers."""

    server_name: str | None = None
    """The name of the server in the hello (SNI)."""
    oldest: str = "TLS 1.0"
    newest: str = "TLS 1.3"
    suites: tuple[str, ...] = EVERY_SUITE
    """Parts of an OpenSSL cipher list; TLS 1.3 has suites of its own, which are always offered."""


@dataclass(frozen=True)
class ModernOutcome:
    """What has come of one dial."""

    end: ModernEnd
    version: str = ""
    suite: str = ""
    """As OpenSSL calls it."""
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    """The server's certificates, DER."""
    asks_certificate: bool = False
    alert: int | None = None
    """The fatal alert that the server sent."""
    heard: bytes = b""
    """The first bytes that the server sent."""

    @property
    def answers(self) -> bool:
        """Whether the server has agreed on a version and a suite, whatever came of the handshake."""
        return bool(self.version)


async def dial_modern(target: Address, hello: ModernHello, timeout: float) -> ModernOutcome:
    """Make one handshake with the server at `target`, a numeric address; `timeout` limits each wait, in seconds."""
    from OpenSSL import SSL

    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(*target)
    except (OSError, TimeoutError):
        return ModernOutcome(ModernEnd.UNREACHABLE)
    try:
        return await _Handshake(hello, reader, writer, timeout).run()
    except SSL.Error:  # this build of OpenSSL has nothing of what is to be offered
        return ModernOutcome(ModernEnd.FAILED)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


class _Handshake:
    def __init__(
        self, hello: ModernHello, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeout: float
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._timeout = timeout
        self._sent = self._heard = b""
        self._alert: int | None = None
        self._agreed = self._asks_certificate = False
        self._session = _session(hello, self._observe)

    async def run(self) -> ModernOutcome:
        from OpenSSL import SSL

        try:
            async with asyncio.timeout(_LONGEST * self._timeout):
                return await self._exchange()
        except TimeoutError:
            return self._outcome(ModernEnd.SILENCE)
        except OSError:
            return self._outcome(ModernEnd.CLOSED)
        except SSL.Error:
            return self._outcome(ModernEnd.FAILED)

    async def _exchange(self) -> ModernOutcome:
        from OpenSSL import SSL

        while not self._step():
            async with asyncio.timeout(self._timeout):
                data = await self._reader.read(_CHUNK)
            if not data:
                return self._outcome(ModernEnd.CLOSED)
            self._heard = self._heard or data
            if self._is_no_tls():
                return self._outcome(ModernEnd.NO_TLS)
            self._session.bio_write(data)
        with suppress(SSL.Error):
            self._session.shutdown()
        self._flush()
        return self._outcome(ModernEnd.OPEN)

    def _step(self) -> bool:
        """Let OpenSSL go on; return whether the handshake is over."""
        from OpenSSL import SSL

        try:
            self._session.do_handshake()
            return True
        except SSL.WantReadError:
            return False
        finally:
            self._flush()

    def _flush(self) -> None:
        from OpenSSL import SSL

        with suppress(SSL.WantReadError):
            while data := self._session.bio_read(_CHUNK):
                self._sent = self._sent or data
                self._writer.write(data)

    def _is_no_tls(self) -> bool:
        """Whether the first bytes are no record of TLS, or our own ones sent back."""
        first = self._heard
        no_record = first[0] not in _RECORD_TYPES or (len(first) > 1 and first[1] != _MAJOR_VERSION)
        return no_record or (len(first) > 11 and self._sent.startswith(first))

    def _observe(self, connection: "SSL.Connection", where: int, value: int) -> None:
        from OpenSSL import SSL

        if where & SSL.SSL_CB_ALERT and where & SSL.SSL_CB_READ:
            self._alert = value & 0xFF
        else:
            self._agreed = self._agreed or _SERVER_HELLO in connection.get_state_string()
            self._asks_certificate = self._asks_certificate or _CERTIFICATE_REQUEST in connection.get_state_string()

    def _outcome(self, end: ModernEnd) -> ModernOutcome:
        from OpenSSL import crypto

        session, version = self._session, self._session.get_protocol_version_name()
        return ModernOutcome(
            end,
            _NAMES.get(version, version) if self._agreed else "",
            session.get_cipher_name() or "",
            tuple(crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in session.get_peer_cert_chain() or ()),
            self._asks_certificate,
            self._alert,
            self._heard[:_SHOWN],
        )


def _session(hello: ModernHello, observe: Callable[["SSL.Connection", int, int], None]) -> "SSL.Connection":
    from OpenSSL import SSL

    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(VERSIONS[hello.oldest])
    context.set_max_proto_version(VERSIONS[hello.newest])
    context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    context.set_verify(SSL.VERIFY_NONE)
    context.set_cipher_list(":".join([*hello.suites, "@SECLEVEL=0"]).encode())
    context.set_info_callback(observe)
    connection = SSL.Connection(context, None)
    if hello.server_name is not None:
        connection.set_tlsext_host_name(hello.server_name.encode())
    connection.set_connect_state()
    return connection
