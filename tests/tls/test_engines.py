"""Which engine runs a session, and why."""

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from emulator.tls.client import FailureCause, TlsConfiguration, TlsFailure
from emulator.tls.engines import select_engine
from emulator.tls.native import ciphers
from emulator.tls.native.client import NativeEngine
from emulator.tls.openssl.engine import OpensslEngine
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2
from tests.tls.conftest import AES128, AES256, NULL, RC4_MD5, RC4_SHA, SUITES

HAS_RC4 = OpensslEngine().supports([RC4_MD5, RC4_SHA], TLS_1_0)


@pytest.mark.parametrize(
    ("configuration", "chosen", "reason"),
    [
        (TlsConfiguration((AES128,)), "native", "openssl adds 00ff to the hello"),
        (
            TlsConfiguration((AES128, AES256), versions=TLS_1_1.alone),
            "native",
            "openssl adds renegotiation_info to the hello",
        ),
        (TlsConfiguration((AES128, AES256, NULL), scsv=True), "openssl", "says the hello of the profile"),
        (
            TlsConfiguration((AES128,), versions=TLS_1_1.alone, extensions=(Extension.RENEGOTIATION_INFO,)),
            "openssl",
            "says the hello of the profile",
        ),
        (
            TlsConfiguration(
                (AES128,),
                versions=TLS_1_2.alone,
                extensions=(Extension.SIGNATURE_ALGORITHMS, Extension.RENEGOTIATION_INFO),
            ),
            "native",
            "openssl orders the extensions of the hello otherwise",
        ),
        pytest.param(
            TlsConfiguration((AES128, RC4_SHA), scsv=True),
            "native",
            "openssl has no RC4-SHA",
            marks=pytest.mark.skipif(HAS_RC4, reason="this OpenSSL has RC4"),
        ),
    ],
)
def test_auto_takes_the_engine_that_says_exactly_the_hello(
    configuration: TlsConfiguration, chosen: str, reason: str
) -> None:
    """OpenSSL where it can, else the native engine, with what OpenSSL would have done otherwise."""
    choice = select_engine("auto", configuration)

    assert (chosen, reason) == (choice.engine.name, choice.reason)


@pytest.mark.parametrize(
    ("name", "configuration", "reason"),
    [
        ("openssl", TlsConfiguration((NULL,)), "asked for, though it adds 00ff to the hello"),
        ("openssl", TlsConfiguration((NULL,), scsv=True), "asked for"),
        ("native", TlsConfiguration(SUITES), "asked for"),
        ("native", TlsConfiguration((AES128,), scsv=True), "asked for"),
    ],
)
def test_a_name_is_obeyed(name: str, configuration: TlsConfiguration, reason: str) -> None:
    """Where the hello is another one for it, the reason says so."""
    choice = select_engine(name, configuration)

    assert (name, reason) == (choice.engine.name, choice.reason)


@pytest.mark.skipif(HAS_RC4, reason="this OpenSSL has RC4")
@pytest.mark.parametrize("suites", [(RC4_MD5,), (AES128, RC4_SHA)])
def test_a_forced_engine_fails_instead_of_offering_less(suites: tuple[CipherSuite, ...]) -> None:
    """OpenSSL builds lack RC4."""
    with pytest.raises(TlsFailure, match="the openssl engine cannot offer TLS_RSA_WITH_RC4") as caught:
        select_engine("openssl", TlsConfiguration(suites))

    assert caught.value.cause is FailureCause.UNSUPPORTED
    assert "AES" not in caught.value.detail


def test_an_offer_of_nothing() -> None:
    """No engine runs it."""
    with pytest.raises(TlsFailure, match="no cipher suite to offer"):
        select_engine("auto", TlsConfiguration(()))


def test_a_name_that_no_engine_has() -> None:
    """The message lists the names there are."""
    with pytest.raises(ValueError, match="auto, openssl, native"):
        select_engine("gnutls", TlsConfiguration((AES128,)))


def test_without_rc4_no_engine_says_the_hello(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without OpenSSL's legacy provider `cryptography` refuses RC4, and the native engine does not offer it."""

    def refuse(keys: object) -> None:
        raise UnsupportedAlgorithm("no legacy provider")

    monkeypatch.setitem(ciphers._ALGORITHMS, "RC4", (refuse, refuse))
    ciphers.bulk_works.cache_clear()
    try:
        supported = NativeEngine().supports([RC4_SHA], TLS_1_0), NativeEngine().supports([AES128], TLS_1_0)
        with pytest.raises(TlsFailure, match=r"no engine can say the hello.*native has no RC4-SHA") as caught:
            select_engine("auto", TlsConfiguration((AES128, RC4_SHA)))
    finally:
        ciphers.bulk_works.cache_clear()

    assert (supported, caught.value.cause) == ((False, True), FailureCause.UNSUPPORTED)
