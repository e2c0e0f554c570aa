"""Key derivation: from the premaster secret to the keys of both directions.

Source: RFC 2246 5 (PRF), 6.3 (key block), 7.4.9 (Finished), 8.1 (master secret); RFC 5246 in the same clauses.
"""

from collections.abc import Callable
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hmac import HMAC

MASTER_SECRET_LENGTH = 48


class Prf(msgspec.Struct, frozen=True):
    """The pseudo-random function: P_hash with each digest and an equal part of the secret, all XORed.

    With MD5 and SHA-1 that is the PRF of RFC 2246 5, with one digest and the whole secret that of RFC 5246 5.
    """

    digests: tuple[str, ...]

    def __call__(self, secret: bytes, label: bytes, seed: bytes, length: int) -> bytes:
        """Return `length` bytes that only a holder of `secret` can make."""
        size = -(-len(secret) // len(self.digests))  # halves of an odd secret share their middle byte
        parts = secret[:size], secret[len(secret) - size :]
        output = 0
        for digest, part in zip(self.digests, parts, strict=False):
            output ^= int.from_bytes(_p_hash(digest, part, label + seed, length), "big")
        return output.to_bytes(length, "big")


def _p_hash(digest: str, secret: bytes, seed: bytes, length: int) -> bytes:
    keyed = _hmac(digest)(secret)
    output = b""
    chained = seed
    while len(output) < length:
        chained = _mac(keyed, chained)
        output += _mac(keyed, chained + seed)
    return output[:length]


@cache
def _hmac(digest: str) -> "Callable[[bytes], HMAC]":
    """Return what makes a MAC with a key; cryptography is loaded when the first key is derived."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.hmac import HMAC

    algorithm = getattr(hashes, digest.upper())()
    return lambda secret: HMAC(secret, algorithm)


def _mac(keyed: "HMAC", data: bytes) -> bytes:
    mac = keyed.copy()  # which saves hashing the key again
    mac.update(data)
    return mac.finalize()


def master_secret(prf: Prf, premaster: bytes, client_random: bytes, server_random: bytes) -> bytes:
    """Return the secret that both sides keep for the session."""
    return prf(premaster, b"master secret", client_random + server_random, MASTER_SECRET_LENGTH)


def extended_master_secret(prf: Prf, premaster: bytes, session_hash: bytes) -> bytes:
    """Return the secret that is bound to the handshake up to client_key_exchange (RFC 7627 4)."""
    return prf(premaster, b"extended master secret", session_hash, MASTER_SECRET_LENGTH)


def verify_data(prf: Prf, master: bytes, label: bytes, handshake_digest: bytes, length: int) -> bytes:
    """Return what a Finished says; `label` is `client finished` or `server finished`."""
    return prf(master, label, handshake_digest, length)


class DirectionKeys(msgspec.Struct, frozen=True):
    """The keys of one direction's records."""

    mac_secret: bytes
    key: bytes
    iv: bytes


def key_block(
    prf: Prf, master: bytes, client_random: bytes, server_random: bytes, sizes: tuple[int, int, int]
) -> tuple[DirectionKeys, DirectionKeys]:
    """Return the keys of what the client writes and of what the server writes, for `sizes` of MAC secret, key and IV.

    The block is cut into MAC secrets, keys and IVs, each the client's first. The randoms are the
    other way round than in the master secret.
    """
    cuts = [0, *accumulate(size for size in sizes for _ in ("client", "server"))]
    block = prf(master, b"key expansion", server_random + client_random, cuts[-1])
    parts = [block[start:end] for start, end in pairwise(cuts)]
    return DirectionKeys(*parts[0::2]), DirectionKeys(*parts[1::2])
