"""The secure socket with the user's server: every suite, every authentication, both modes, a certificate refused."""

from collections.abc import Iterator, Sequence

from emulator.conformance.items import Item, Need, Server
from emulator.conformance.lines import steps_of
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.ssl import SecureSocket
from emulator.resources import CERTS

_SOURCE = "server"
_NOBODY = Server("server.example", 443, b"")
_BEFORE = ("AT#SGACT=1,1", "AT#SSLEN=1,1")
_AFTER = ("AT#SSLH=1", "AT#SSLSECDATA=1,0,1", "AT#SSLEN=1,0")
"""The snapshot of the module writes again what was stored there before."""
_NONE, _SERVER, _MUTUAL = range(3)
"""<auth_mode> of #SSLSECCFG."""
_CLOSED = ("> AT#SSLH=1", "> AT#SSLS=1", "> AT#SSLH=1")
_SLOW = 60.0


def items(firmware: Firmware, server: Server | None) -> Iterator[Item]:
    """Make the items that dial the server; they are there without one, too, and then not tried."""
    socket, peer = firmware.profile.secure_socket, server or _NOBODY
    if socket is not None:
        for suite in socket.cipher_suites.values:
            for mode in (_NONE, _SERVER):
                lines = [*_secured(socket, suite, mode, peer), _dial(peer, 1), "> AT#SSLS=1", *_CLOSED]
                yield _item("#SSLSECCFG", lines)
        yield _item("#SSLSECCFG", [*_secured(socket, 0, _MUTUAL, peer), _dial(peer, 1), "> AT#SSLS=1", *_CLOSED])
        yield _item("#SSLSECDATA", [*_entered(socket), _dial(peer, 1), "> AT#SSLS=1", "> AT#SSLH=1"])
        yield _item("#SSLD", [_settings(socket, 0, _NONE), _dial(peer, 0), "escape", *_resumed("#SSLO", "#SSLH")])
        yield _item("#SSLSEND", [_settings(socket, 0, _NONE), _dial(peer, 1), *_SENT, *_CLOSED])
        yield _item("#SSLRECV", [_settings(socket, 0, _NONE), _dial(peer, 1), "> AT#SSLRECV=1,100,10", *_CLOSED])
        yield _item("#SSLD", [_settings(socket, 0, _NONE), _dial(peer, 1), _dial(peer, 1), "> AT#SSLEN=1,0", *_CLOSED])
    at = f'{peer.port},"{peer.host}"'
    yield _item("#SD", [f"> AT#SD=1,0,{at},0,0,1", "> AT#SS=1", f"> AT#SD=1,0,{at},0,0,1", *_TCP_CLOSED])


_SENT = ("> AT#SSLSEND=1", ">> conformance<ctrl>Z")
_TCP_CLOSED = ("> AT#SH=1", "> AT#SS=1", "> AT#SH=1")


def _item(command: str, lines: Sequence[str]) -> Item:
    steps = steps_of(lines, CERTS)
    needs = frozenset({Need.SERVER})
    is_plain = command == "#SD"
    before, after = (_BEFORE[:1], ("AT#SH=1",)) if is_plain else (_BEFORE, _AFTER)
    chapter = "sockets" if is_plain else "ssl"
    return Item(command, chapter, _SOURCE, steps, before=before, after=after, needs=needs, within=_SLOW)


def _settings(socket: SecureSocket, suite: int, mode: int) -> str:
    return f"> AT#SSLSECCFG=1,{suite},{mode}{',1' if socket.security_data.choosable else ''}"


def _secured(socket: SecureSocket, suite: int, mode: int, peer: Server) -> list[str]:
    size = len(peer.ca)
    entry = [f"> AT#SSLSECDATA=1,1,1,{size}", ">> {ca}<ctrl>Z"] if mode is not _NONE and size else []
    return [_settings(socket, suite, mode), *entry]


def _entered(socket: SecureSocket) -> list[str]:
    """Enter an authority that has not signed the server's certificate, and read it."""
    size = (CERTS / _OTHER).stat().st_size
    return [
        _settings(socket, 0, _SERVER),
        f"> AT#SSLSECDATA=1,1,1,{size}",
        f">file {_OTHER}",
        ">> <ctrl>Z",
        "> AT#SSLSECDATA?",
        "> AT#SSLSECDATA=1,2,1",
    ]


_OTHER = "public-demo-other-ca.pem"


def _dial(peer: Server, mode: int) -> str:
    return f'> AT#SSLD=1,{peer.port},"{peer.host}",0,{mode}'


def _resumed(resume: str, close: str) -> list[str]:
    return [f"> AT{resume}=1", "escape", f"> AT{close}=1"]
