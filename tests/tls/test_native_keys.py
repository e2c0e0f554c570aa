"""Key derivation, compared with an implementation that shares no code with ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlslite.mathtls import PRF

from emulator.tls.wire.keys import key_block, master_secret, prf, verify_data


@given(st.binary(max_size=100), st.binary(max_size=30), st.binary(max_size=100), st.integers(0, 200))
def test_the_prf_is_that_of_tlslite(secret: bytes, label: bytes, seed: bytes, length: int) -> None:
    """Secrets of odd and even length, outputs of any."""
    expected = bytes(PRF(bytearray(secret), bytearray(label), bytearray(seed), length))

    assert prf(secret, label, seed, length) == expected


@pytest.mark.parametrize("sizes", [(20, 0, 0), (16, 16, 0), (20, 32, 16)])
def test_the_key_block_is_cut_as_the_rfc_says(sizes: tuple[int, int, int]) -> None:
    """MAC secrets, keys, IVs, each the client's first (RFC 2246 6.3)."""
    block = bytes(
        PRF(bytearray(b"master"), bytearray(b"key expansion"), bytearray(b"server" + b"client"), 2 * sum(sizes))
    )

    client, server = key_block(b"master", b"client", b"server", sizes)

    assert client.mac_secret + server.mac_secret + client.key + server.key + client.iv + server.iv == block
    assert tuple(len(part) for part in client) == tuple(len(part) for part in server) == sizes


def test_labels_and_lengths_of_the_two_other_uses() -> None:
    """RFC 2246 8.1 and 7.4.9."""
    assert master_secret(b"p", b"c", b"s") == prf(b"p", b"master secret", b"cs", 48)
    assert verify_data(b"m", b"client finished", b"d") == prf(b"m", b"client finished", b"d", 12)
