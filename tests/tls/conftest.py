"""What the tests of TLS share."""

import pytest

from emulator.testing.contracts.tls_peers import AES128, AES256, NULL, Notes, offering
from emulator.tls.client import TlsEngine
from emulator.tls.native.client import NativeEngine
from emulator.tls.openssl.engine import OpensslEngine
from emulator.tls.wire.suites import CipherSuite, KeyExchange, suites_of
from emulator.tls.wire.versions import TLS_1_0

__all__ = [
    "AES128",
    "AES256",
    "ENGINES",
    "ENGINES_WITH_SUITES",
    "NULL",
    "RC4_MD5",
    "RC4_SHA",
    "SUITES",
    "Notes",
    "offering",
]

ENGINES: tuple[TlsEngine, ...] = (NativeEngine(), OpensslEngine())

RC4_MD5 = CipherSuite.TLS_RSA_WITH_RC4_128_MD5
RC4_SHA = CipherSuite.TLS_RSA_WITH_RC4_128_SHA

SUITES = suites_of(TLS_1_0, KeyExchange.RSA)
"""What the modules' version of TLS has."""

ENGINES_WITH_SUITES = [
    pytest.param(engine, suite, id=f"{engine.name}-{suite.openssl_name}")
    for engine in ENGINES
    for suite in SUITES
    if engine.supports([suite], TLS_1_0)
]
"""Each suite with each engine that has it."""


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> TlsEngine:
    """Each engine in turn."""
    chosen: TlsEngine = request.param
    return chosen
