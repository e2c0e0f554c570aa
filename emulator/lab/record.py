"""Keeps what servers receive: connections, and the files, requests, mails and messages in them."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import overload

_MOST_BYTES = 16 * 1024 * 1024
"""Bytes that one server keeps between two calls of `forget`."""
_MOST_THINGS = 10_000
"""Connections and other things that one server keeps between two calls of `forget`."""


class Kind(StrEnum):
    """Kind of a thing that was received."""

    CONNECTION = "connection"
    """What a client has said in one connection: its data as they were before TLS."""
    REQUEST = "request"
    """The body of an HTTP request, or a request of a time."""
    FILE = "file"
    """A file as it lies at the server: of FTP, or a page that an HTTP request has put there."""
    MAIL = "mail"
    MESSAGE = "message"
    """A message of MQTT."""


@dataclass(frozen=True)
class Received:
    """One thing that a server has received."""

    kind: Kind
    name: str
    """Path, method and path, topic, or recipients; empty for a connection."""
    data: bytes = field(repr=False)
    size: int = 0
    """How many bytes have come; more than are kept when the server had no room for them."""
    whole: bool = True
    """Whether it came to its end, as far as the protocol tells."""
    counts: bool = True
    """Whether the far end has it by this: not by a connection whose files or requests are told apart, nor by a request
    that only repeats an earlier one."""
    server: str = ""
    """Name and port of the server."""


class Record(Sequence[Received]):
    """What servers have received, in the order of its beginning."""

    def __init__(self, things: Iterable[Received] = ()) -> None:
        self._things = tuple(things)

    def __repr__(self) -> str:
        return f"<Record of {', '.join(f'{one.kind} {one.name} {one.size} bytes' for one in self._things)}>"

    @overload
    def __getitem__(self, index: int) -> Received: ...
    @overload
    def __getitem__(self, index: slice) -> "Record": ...
    def __getitem__(self, index: int | slice) -> "Received | Record":
        return Record(self._things[index]) if isinstance(index, slice) else self._things[index]

    def __iter__(self) -> Iterator[Received]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)

    def __add__(self, other: "Record") -> "Record":
        return Record((*self._things, *other._things))

    @property
    def connections(self) -> list[bytes]:
        """Return what was said in each connection."""
        return [one.data for one in self if one.kind is Kind.CONNECTION]

    @property
    def requests(self) -> list[bytes]:
        """Return the body of each HTTP request that counts."""
        return [one.data for one in self if one.kind is Kind.REQUEST and one.counts]

    @property
    def files(self) -> dict[str, bytes]:
        """Return the files by their names."""
        return {one.name: one.data for one in self if one.kind is Kind.FILE}

    @property
    def mails(self) -> list[bytes]:
        """Return the mails, each with its header."""
        return [one.data for one in self if one.kind is Kind.MAIL]

    @property
    def messages(self) -> list[tuple[str, bytes]]:
        """Return the messages of MQTT, each with its topic."""
        return [(one.name, one.data) for one in self if one.kind is Kind.MESSAGE]

    def of_server(self, name: str) -> "Record":
        """Return the same with the name of the server."""
        return Record(replace(one, server=name) for one in self)


class Growing:
    """A thing whose data come in pieces."""

    def __init__(self, recorder: "Recorder", thing: Received) -> None:
        self._recorder = recorder
        self._thing = thing
        self._data = bytearray(thing.data)
        self._size = thing.size

    def __repr__(self) -> str:
        return f"<Growing {self._thing.kind}, {self._size} bytes>"

    def add(self, data: bytes) -> None:
        """Take in the next piece."""
        with self._recorder.lock:
            self._data += data[: self._recorder.take_room(len(data))]
            self._size += len(data)

    def end(self) -> None:
        """Note that all has come."""
        with self._recorder.lock:
            self._thing = replace(self._thing, whole=True)

    @property
    def received(self) -> Received:
        """Return what has come until now."""
        return replace(self._thing, data=bytes(self._data), size=self._size)


class Recorder:
    """Record what one server receives, in whichever thread, until it forgets: then a new recorder takes its place.

    Whoever serves a client keeps the recorder that was in use when the client came. So what it says later cannot get
    into another record.
    """

    def __init__(self, room: int | None = None) -> None:
        """Make an empty record, with room for that many bytes."""
        self.lock = threading.RLock()
        self._things: list[Growing] = []
        self._room = _MOST_BYTES if room is None else room

    def __repr__(self) -> str:
        return f"<Recorder of {len(self._things)} things, room for {self._room} bytes>"

    def begin(self, kind: Kind, name: str = "", *, counts: bool = True) -> Growing:
        """Record a thing whose data are still to come."""
        thing = Received(kind, name, b"", whole=False, counts=counts)
        with self.lock:
            if len(self._things) >= _MOST_THINGS:
                return Growing(Recorder(0), thing)
            growing = Growing(self, thing)
            self._things.append(growing)
        return growing

    def add(self, kind: Kind, name: str, data: bytes, *, counts: bool = True, whole: bool = True) -> None:
        """Record a thing that has come."""
        growing = self.begin(kind, name, counts=counts)
        growing.add(data)
        if whole:
            growing.end()

    def take_room(self, size: int) -> int:
        """Return how many of these bytes can be kept, and count them as kept."""
        kept = min(size, self._room)
        self._room -= kept
        return kept

    @property
    def record(self) -> Record:
        """Return what has been received until now."""
        with self.lock:
            return Record(growing.received for growing in self._things)
