"""What the tests of TLS share."""

import pytest

from emulator.tls.client import TlsConfiguration, TlsEngine, TlsObserver
from emulator.tls.native.client import NativeEngine
from emulator.tls.openssl import OpensslEngine
from emulator.tls.wire.suites import CipherSuite, suites_of
from emulator.tls.wire.versions import TLS_1_0

ENGINES: tuple[TlsEngine, ...] = (NativeEngine(), OpensslEngine())

AES128 = CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA
AES256 = CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA
NULL = CipherSuite.TLS_RSA_WITH_NULL_SHA
RC4_MD5 = CipherSuite.TLS_RSA_WITH_RC4_128_MD5
RC4_SHA = CipherSuite.TLS_RSA_WITH_RC4_128_SHA

SUITES = suites_of(TLS_1_0)
"""What the modules' version of TLS has."""

ENGINES_WITH_SUITES = [
    pytest.param(engine, suite, id=f"{engine.name}-{suite.openssl_name}")
    for engine in ENGINES
    for suite in SUITES
    if engine.supports([suite], TLS_1_0)
]
"""Each suite with each engine that has it."""


class Notes(TlsObserver):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, int]] = []
        self.secrets: list[str] = []

    def message(self, direction: str, name: str, length: int) -> None:
        self.messages.append((direction, name, length))

    def secret(self, line: str) -> None:
        self.secrets.append(line)

    @property
    def names(self) -> list[str]:
        """What passed, as `> client_hello` and `< server_hello`."""
        return [f"{'>' if direction == 'sent' else '<'} {name}" for direction, name, _ in self.messages]


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> TlsEngine:
    """Each engine in turn."""
    chosen: TlsEngine = request.param
    return chosen


def offering(*suites: CipherSuite) -> TlsConfiguration:
    """A configuration that offers `suites` and accepts every chain."""
    return TlsConfiguration(suites)
