"""Which engine runs a session."""

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from emulator.tls.client import FailureCause, TlsFailure
from emulator.tls.engines import select_engine
from emulator.tls.native import ciphers
from emulator.tls.native.client import NativeEngine
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0
from tests.tls.conftest import AES128, AES256, NULL, RC4_MD5, RC4_SHA, SUITES


@pytest.mark.parametrize(
    ("name", "suites", "chosen"),
    [
        ("auto", (AES128,), "openssl"),
        ("auto", (AES128, AES256, NULL), "openssl"),
        ("openssl", (NULL,), "openssl"),
        ("native", (AES128,), "native"),
        ("native", SUITES, "native"),
    ],
)
def test_the_engine_that_can_offer_everything(name: str, suites: tuple[CipherSuite, ...], chosen: str) -> None:
    """Auto prefers OpenSSL; a name is obeyed."""
    assert select_engine(name, suites, TLS_1_0).name == chosen


@pytest.mark.parametrize("suites", [(RC4_MD5,), (AES128, RC4_SHA)])
def test_auto_and_openssl_go_by_what_the_build_has(suites: tuple[CipherSuite, ...]) -> None:
    """Where OpenSSL lacks RC4, auto takes the native engine, and forcing OpenSSL fails instead of offering less."""
    if select_engine("auto", suites, TLS_1_0).name == "openssl":
        assert select_engine("openssl", suites, TLS_1_0).supports(suites, TLS_1_0)
        return

    with pytest.raises(TlsFailure, match="the openssl engine cannot offer TLS_RSA_WITH_RC4") as caught:
        select_engine("openssl", suites, TLS_1_0)

    assert caught.value.cause is FailureCause.UNSUPPORTED
    assert "AES" not in caught.value.detail


def test_a_name_that_no_engine_has() -> None:
    """The message lists the names there are."""
    with pytest.raises(ValueError, match="auto, openssl, native"):
        select_engine("gnutls", (AES128,), TLS_1_0)


def test_the_native_engine_says_when_rc4_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without OpenSSL's legacy provider `cryptography` refuses RC4, and the engine does not offer it."""

    def refuse(keys: object) -> None:
        raise UnsupportedAlgorithm("no legacy provider")

    monkeypatch.setitem(ciphers._ALGORITHMS, "RC4", (refuse, refuse))
    ciphers._works.cache_clear()
    try:
        supported = NativeEngine().supports([RC4_SHA], TLS_1_0), NativeEngine().supports([AES128], TLS_1_0)
    finally:
        ciphers._works.cache_clear()

    assert supported == (False, True)
