"""In which way a hello of OpenSSL differs from the one that is asked for, in words."""

from collections.abc import Callable, Iterable

from emulator.tls.client import TlsConfiguration
from emulator.tls.wire.extensions import Extension, NamedGroup, extension_name
from emulator.tls.wire.handshake import HandshakeMessage
from emulator.tls.wire.messages import RANDOM_LENGTH, ClientHello
from emulator.tls.wire.vectors import Reader


def difference(said: HandshakeMessage, configuration: TlsConfiguration) -> str | None:
    """Return how a hello differs from what a configuration asks for, as in `adds 00ff to the hello`, or None.

    Random numbers are the engine's own: the random itself, the session id that a hello with TLS 1.3 has, and the keys
    of its shares.
    """
    random = said.body[2 : 2 + RANDOM_LENGTH]
    session_id = ClientHello.decode_session_id(said)
    extensions = ClientHello.decode_extensions(said)
    share = extensions.get(Extension.KEY_SHARE.value, b"")
    contents = {Extension.KEY_SHARE: share} if _groups_of(share) == configuration.groups[:1] else {}
    hides = configuration.versions.highest.hides_handshake
    wanted = configuration.hello(random, session_id if hides else b"", contents).encode()
    if said == wanted:
        return None
    return _of_suites(said, wanted) or _of_extensions(extensions, ClientHello.decode_extensions(wanted))


def _groups_of(share: bytes) -> tuple[NamedGroup, ...]:
    """Return the groups of which a key share is sent."""
    if not share:
        return ()
    listed, groups = Reader(Reader(share, "key_share").vector(2), "key_share"), []
    while listed:
        groups.append(NamedGroup(listed.integer(2)))
        listed.vector(2)
    return tuple(groups)


def _of_suites(said: HandshakeMessage, wanted: HandshakeMessage) -> str | None:
    ours, theirs = (ClientHello.decode_suites(hello) for hello in (said, wanted))
    return _sets(ours, theirs, lambda number: f"{number:04x}") or (
        "orders the suites of the hello otherwise" if ours != theirs else None
    )


def _of_extensions(ours: dict[int, bytes], theirs: dict[int, bytes]) -> str:
    if of_sets := _sets(ours, theirs, extension_name):
        return of_sets
    others = [extension_name(number) for number, content in theirs.items() if ours[number] != content]
    if others:
        return f"says something else in {', '.join(others)} of the hello"
    return (
        "orders the extensions of the hello otherwise" if tuple(ours) != tuple(theirs) else "has another version in it"
    )


def _sets(ours: Iterable[int], theirs: Iterable[int], name: Callable[[int], str]) -> str | None:
    for does, numbers, where in (
        ("adds", set(ours) - set(theirs), "to"),
        ("leaves out", set(theirs) - set(ours), "of"),
    ):
        if numbers:
            return f"{does} {', '.join(name(number) for number in sorted(numbers))} {where} the hello"
    return None
