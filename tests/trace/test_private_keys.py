"""What a trace shows of private keys: stars, in whatever form and pieces they come."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from emulator.trace.private_keys import KeyMask, starred
from tests.peers.pki import CLIENT, ROOT

_PEM = CLIENT.key_pem.strip()
_BODY = b"".join(_PEM.splitlines()[1:-1])
_FORMS = [
    (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8),
    (serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL),
    (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8),
    (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL),
]


@pytest.mark.parametrize(("encoding", "form"), _FORMS)
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_key_is_starred_in_every_form(
    kind: str, encoding: serialization.Encoding, form: serialization.PrivateFormat
) -> None:
    """PKCS#1, PKCS#8 and SEC 1, as text and as DER."""
    key = CLIENT.key if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    data = key.private_bytes(encoding, form, serialization.NoEncryption())

    assert b"***" == starred(data.strip())


def test_what_stands_beside_a_key_is_shown() -> None:
    """Certificates, texts, and what only looks like a beginning."""
    for data in (ROOT.pem, ROOT.der, b"-----BEGIN", b"a text", b"", b"\x30\x00"):
        assert data == starred(data)
    assert b"a ***\nb *** c" == starred(b"a " + _PEM + b"\nb " + _PEM + b" c")


def test_a_key_that_is_cut_off_is_starred_up_to_the_end() -> None:
    """As when an entry holds no more."""
    assert b"a ***" == starred(b"a " + _PEM[:200])


@given(st.lists(st.integers(0, len(_PEM) + 8), max_size=6).map(sorted))
def test_no_part_of_a_key_is_shown_in_whatever_pieces_it_comes(cuts: list[int]) -> None:
    """As on a slow line, in data mode."""
    mask, text = KeyMask(), b"say " + _PEM + b" bye"
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    shown = b"".join(map(mask.mask, pieces))

    assert shown.startswith(b"say ")
    assert shown.endswith(b" bye")
    assert not any(_BODY[place : place + 8] in shown for place in range(len(_BODY) - 8))


def test_a_beginning_without_an_end_does_not_cover_everything_that_follows() -> None:
    """A key has at most so many bytes."""
    mask = KeyMask()
    mask.mask(b"-----BEGIN PRIVATE KEY-----")
    shown = [mask.mask(b"x" * 4096) for _ in range(6)]

    assert [b""] * 4 == shown[:4]
    assert b"x" * 4096 == shown[-1]
