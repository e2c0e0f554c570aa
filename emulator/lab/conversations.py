"""What the servers of the lab say: functions from what they have heard to what they answer."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its bytes, how long the server thinks about it (module seconds), and whether it closes afterwards."""

    data: bytes
    delay: float = 0.0
    closes: bool = False


Conversation = Callable[[bytes], Reply | None]
"""Takes what the client has just sent; None says nothing."""

_THINKING = 16.0
"""Seconds. Longer than the module's default timeout of 10, so that the first #SSLRCV of guide 4.5.2 times out, and
shorter than two of them."""

_ESCAPE = b"+++"
"""A module sends its host's escape sequence to the server, too; the guide's server takes no notice of it."""


def guide(data: bytes) -> Reply | None:
    """The server of the guide's examples 4.5.2 and 4.5.3; anything else it sends back.

    The guide prints 15 and 6 for the two pieces of the first answer; "Response of the" and " server!" have 15 and 8.
    """
    heard = data.removeprefix(_ESCAPE)
    if heard.startswith(b"Send this string to the SSL server!"):
        return Reply(b"Response of the server!", delay=_THINKING)
    if heard.startswith(b"Send data in command mode!"):
        return Reply(b"Response in command mode")
    return Reply(heard) if heard else None


def echo(data: bytes) -> Reply:
    """Send everything back."""
    return Reply(data)


def https(data: bytes) -> Reply | None:
    """Answer one request and close, as the server of guide 4.5.5."""
    if b"\r\n\r\n" not in data and b"\n\n" not in data:
        return None
    body = b"Hello from the lab.\r\n"
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body)
    return Reply(head + body, closes=True)
