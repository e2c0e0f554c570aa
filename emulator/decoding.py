"""Decodes data into typed objects, in any thread.

msgspec collects what it needs of a type when it decodes the first object of it. A second thread that decodes one
meanwhile would find that half-made, and the process would crash: many modems may start at once. So each type is made
ready under a lock.
"""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

_Kind = TypeVar("_Kind")

_ready: set[Any] = set()
_getting_ready = threading.Lock()


def convert(value: Any, kind: type[_Kind], *, dec_hook: Callable[[type, Any], Any] | None = None) -> _Kind:
    """Convert plain data, as of TOML; see `msgspec.convert`.

    Raises:
        msgspec.ValidationError: the data is not of that kind.
    """
    return msgspec.convert(value, _made_ready(kind), dec_hook=dec_hook)


def decode_json(data: bytes, kind: type[_Kind]) -> _Kind:
    """Decode JSON; see `msgspec.json.decode`.

    Raises:
        msgspec.DecodeError: it is no JSON, or its data is not of that kind.
    """
    return msgspec.json.decode(data, type=_made_ready(kind))


def _made_ready(kind: type[_Kind]) -> type[_Kind]:
    if kind not in _ready:
        with _getting_ready:
            msgspec.json.Decoder(kind)
            _ready.add(kind)
    return kind
