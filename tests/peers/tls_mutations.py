"""Changes of what a server said: of its bytes and of its records."""

from collections.abc import Callable, Iterable

from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, ProtocolVersion
from tests.peers.recordings import record, recording, split_records

Mutation = Callable[[bytes], bytes]


def flip(position: int, mask: int) -> Mutation:
    """Change bits of one byte."""

    def mutate(stream: bytes) -> bytes:
        at = position % (len(stream) or 1)
        return stream[:at] + bytes(byte ^ mask for byte in stream[at : at + 1]) + stream[at + 1 :]

    return mutate


def replace_range(position: int, length: int, by: bytes) -> Mutation:
    """Put other bytes, fewer or more, in the place of some."""

    def mutate(stream: bytes) -> bytes:
        at = position % (len(stream) + 1)
        return stream[:at] + by + stream[at + length :]

    return mutate


def truncate(position: int) -> Mutation:
    """Lose the rest."""
    return lambda stream: stream[: position % (len(stream) + 1)]


def move_record(source: int, target: int, copies: int) -> Mutation:
    """Take a record out and put it, or copies of it, somewhere else."""

    def mutate(stream: bytes) -> bytes:
        records = split_records(stream)
        if records:
            moved = records.pop(source % len(records))
            at = target % (len(records) + 1)
            records[at:at] = [moved] * copies
        return b"".join(records)

    return mutate


def splice(suite: CipherSuite, source: int, target: int, version: ProtocolVersion = TLS_1_0) -> Mutation:
    """Put in a record of another session."""

    def mutate(stream: bytes) -> bytes:
        records = split_records(stream)
        recorded = recording(suite, version)
        others = split_records(recorded.full + recorded.resumed)
        records.insert(target % (len(records) + 1), others[source % len(others)])
        return b"".join(records)

    return mutate


def insert_record(target: int, content_type: int, content: bytes, version: ProtocolVersion = TLS_1_0) -> Mutation:
    """Put in a record that no server sent."""

    def mutate(stream: bytes) -> bytes:
        records = split_records(stream)
        records.insert(target % (len(records) + 1), record(content_type, content, version))
        return b"".join(records)

    return mutate


def apply(stream: bytes, changes: Iterable[Mutation]) -> bytes:
    """Change the stream by one after the other."""
    for change in changes:
        stream = change(stream)
    return stream


def without_warnings(stream: bytes) -> bytes:
    """The stream less the warnings in clear before its handshake is over: they may stand anywhere and mean nothing."""
    head, tail = split_records(stream)[:6], split_records(stream)[6:]
    return b"".join([part for part in head if not (part[0] == 21 and len(part) == 7)] + tail)
