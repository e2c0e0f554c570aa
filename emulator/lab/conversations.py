"""Conversations of the lab's servers: functions from received data to an answer."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its data, its delay in module seconds, and whether the server closes afterwards."""

    data: bytes
    delay: float = 0.0
    closes: bool = False


Conversation = Callable[[bytes], Reply | None]
"""Takes the data that the client has sent since the last answer; returns None to wait for more."""

THINKING = 16.0
"""Module seconds. Longer than the module's default timeout of 10, so that the first #SSLRCV of guide 4.5.2 times out,
even when it is typed at leisure, and shorter than two of them, so that the second one does not."""

_ESCAPE = b"+++"
"""A module sends its host's escape sequence to the server, too; the guide's server takes no notice of it."""


def guide(thinking: float = THINKING) -> Conversation:
    """Answer as the guide's examples 4.5.2 and 4.5.3, the first one after `thinking` module seconds.

    It echoes everything else. The guide prints 15 and 6 for the two pieces of that answer, which is one string of 23
    bytes: "Response of the" has 15, and " server!" 8. The string is what the guide states in words, so it is sent as it
    stands, and a module counts 15 and then 8.
    """

    def converse(data: bytes) -> Reply | None:
        heard = data.removeprefix(_ESCAPE)
        if heard.startswith(b"Send this string to the SSL server!"):
            return Reply(b"Response of the server!", delay=thinking)
        if heard.startswith(b"Send data in command mode!"):
            return Reply(b"Response in command mode")
        return Reply(heard) if heard else None

    return converse


def echo(data: bytes) -> Reply:
    """Echo everything."""
    return Reply(data)


def https(data: bytes) -> Reply | None:
    """Answer one request and close, as the server of guide 4.5.5."""
    if b"\r\n\r\n" not in data and b"\n\n" not in data:
        return None
    body = b"Hello from the lab.\r\n"
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body)
    return Reply(head + body, closes=True)
