"""From the premaster secret to everything that is secret.

Source: RFC 2246 5 (PRF), 6.3 (key block), 7.4.9 (Finished), 8.1 (master secret).
"""

import hmac
from itertools import accumulate, pairwise
from typing import NamedTuple

MASTER_SECRET_LENGTH = 48
VERIFY_DATA_LENGTH = 12


def prf(secret: bytes, label: bytes, seed: bytes, length: int) -> bytes:
    """`length` bytes that only a holder of `secret` can make: P_MD5 of one half of it XOR P_SHA-1 of the other."""
    half = (len(secret) + 1) // 2  # halves of an odd secret share their middle byte
    md5 = _p_hash("md5", secret[:half], label + seed, length)
    sha1 = _p_hash("sha1", secret[-half:] if secret else b"", label + seed, length)
    return (int.from_bytes(md5, "big") ^ int.from_bytes(sha1, "big")).to_bytes(length, "big")


def _p_hash(digest: str, secret: bytes, seed: bytes, length: int) -> bytes:
    output = b""
    chained = seed
    while len(output) < length:
        chained = hmac.digest(secret, chained, digest)
        output += hmac.digest(secret, chained + seed, digest)
    return output[:length]


def master_secret(premaster: bytes, client_random: bytes, server_random: bytes) -> bytes:
    """The secret that both sides keep for the session."""
    return prf(premaster, b"master secret", client_random + server_random, MASTER_SECRET_LENGTH)


def verify_data(master: bytes, label: bytes, transcript_digest: bytes) -> bytes:
    """What a Finished says; `label` is `client finished` or `server finished`."""
    return prf(master, label, transcript_digest, VERIFY_DATA_LENGTH)


class DirectionKeys(NamedTuple):
    """What protects the records of one direction."""

    mac_secret: bytes
    key: bytes
    iv: bytes


def key_block(
    master: bytes, client_random: bytes, server_random: bytes, sizes: tuple[int, int, int]
) -> tuple[DirectionKeys, DirectionKeys]:
    """The keys of what the client writes and of what the server writes, for `sizes` of MAC secret, key and IV.

    The block is cut into MAC secrets, keys and IVs, each the client's first. The randoms are the
    other way round than in the master secret.
    """
    cuts = [0, *accumulate(size for size in sizes for _ in ("client", "server"))]
    block = prf(master, b"key expansion", server_random + client_random, cuts[-1])
    parts = [block[start:end] for start, end in pairwise(cuts)]
    return DirectionKeys(*parts[0::2]), DirectionKeys(*parts[1::2])
