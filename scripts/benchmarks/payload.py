"""Data to transfer, the same in every process, with its requests and digests."""

import hashlib
import random
from functools import lru_cache

REQUEST_SIZE = 3000
"""Bytes; whole packets of 300 and of 1500, so that none of it waits for <txTo>."""
DIGEST_SIZE = hashlib.sha256().digest_size


@lru_cache(maxsize=2)
def payload(size: int) -> bytes:
    """Return `size` bytes that do not repeat and are always the same."""
    return random.Random(size).randbytes(size)


def request(direction: str, size: int) -> bytes:
    """Ask the server to send (`down`), to take (`up`), or to send back (`echo`) that many bytes."""
    return f"{direction} {size}\n".encode().ljust(REQUEST_SIZE)


def digest(data: bytes) -> bytes:
    """Return the digest that shows whether data arrived whole."""
    return hashlib.sha256(data).digest()
