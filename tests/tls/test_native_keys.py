"""Key derivation, compared with an implementation that shares no code with ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple
from tlslite.mathtls import PRF, PRF_1_2

from emulator.tls.wire.keys import key_block, master_secret, verify_data
from emulator.tls.wire.versions import TLS_1_0, TLS_1_2


@given(st.binary(max_size=100), st.binary(max_size=30), st.binary(max_size=100), st.integers(0, 200))
def test_the_prf_is_that_of_tlslite(secret: bytes, label: bytes, seed: bytes, length: int) -> None:
    """Secrets of odd and even length, outputs of any."""
    arguments = bytearray(secret), bytearray(label), bytearray(seed), length

    assert TLS_1_0.prf(secret, label, seed, length) == bytes(PRF(*arguments))
    assert TLS_1_2.prf(secret, label, seed, length) == bytes(PRF_1_2(*arguments))


def test_the_prf_of_tls_1_2_gives_the_known_answer() -> None:
    """The test vector for P_SHA256 that was published on the IETF's TLS list, of 100 bytes."""
    secret = bytes.fromhex("9bbe436ba940f017b17652849a71db35")
    seed = bytes.fromhex("a0ba9f936cda311827a6f796ffd5198c")

    assert TLS_1_2.prf(secret, b"test label", seed, 100).hex() == (
        "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa0"
        "22f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66"
    )


@pytest.mark.parametrize("sizes", [(20, 0, 0), (16, 16, 0), (20, 32, 16)])
def test_the_key_block_is_cut_as_the_rfc_says(sizes: tuple[int, int, int]) -> None:
    """MAC secrets, keys, IVs, each the client's first (RFC 2246 6.3)."""
    block = bytes(
        PRF(bytearray(b"master"), bytearray(b"key expansion"), bytearray(b"server" + b"client"), 2 * sum(sizes))
    )

    client, server = key_block(TLS_1_0.prf, b"master", b"client", b"server", sizes)

    assert client.mac_secret + server.mac_secret + client.key + server.key + client.iv + server.iv == block
    assert [sizes] * 2 == [tuple(map(len, astuple(keys))) for keys in (client, server)]


def test_labels_and_lengths_of_the_two_other_uses() -> None:
    """RFC 2246 8.1 and 7.4.9."""
    prf = TLS_1_0.prf

    assert master_secret(prf, b"p", b"c", b"s") == prf(b"p", b"master secret", b"cs", 48)
    assert verify_data(prf, b"m", b"client finished", b"d", 12) == prf(b"m", b"client finished", b"d", 12)
