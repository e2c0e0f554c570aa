"""Contract of TLS engines with ephemeral keys and TLS 1.3, tested with the lab's server.

An engine of one's own is held to it as to `tls_engine.TlsEngineContract`; what it does not speak is skipped.
"""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from emulator.testing.contracts.tls_peers import IDENTITY, SERVER_CHAIN, Notes, Server, Wire, failure_of
from emulator.tls.client import ChainFlaw, ChainRefused, FailureCause, TlsConfiguration, TlsEngine, TlsState
from emulator.tls.wire.alerts import Alert
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.signatures import SignatureScheme
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_2, TLS_1_3, ProtocolVersion

SPOKEN = [
    (TLS_1_2, CipherSuite.TLS_DHE_RSA_WITH_AES_128_CBC_SHA),
    (TLS_1_2, CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
    (TLS_1_3, CipherSuite.TLS_AES_128_GCM_SHA256),
]
"""Versions, each with suites of different key exchanges."""
_EXTENSIONS = (
    Extension.EC_POINT_FORMATS,
    Extension.SUPPORTED_GROUPS,
    Extension.SIGNATURE_ALGORITHMS,
    Extension.SUPPORTED_VERSIONS,
    Extension.PSK_KEY_EXCHANGE_MODES,
    Extension.KEY_SHARE,
)
_SIGNATURES = (SignatureScheme.RSA_PSS_RSAE_SHA256, SignatureScheme.RSA_PKCS1_SHA256)


def offer(version: ProtocolVersion, suite: CipherSuite) -> TlsConfiguration:
    """Return a configuration that offers one version and one suite, and accepts every chain."""
    return TlsConfiguration((suite,), versions=version.alone, extensions=_EXTENSIONS, signatures=_SIGNATURES)


@pytest.mark.parametrize(
    ("version", "suite"), SPOKEN, ids=[f"{version.name}, {suite.openssl_name}" for version, suite in SPOKEN]
)
class TlsVersionsContract:
    """Subclass it and give the engine by a fixture."""

    @pytest.fixture
    def engine(self) -> TlsEngine:
        """Return the engine that is tested."""
        raise NotImplementedError("a contract is tried with an engine: override the fixture `engine`")

    @pytest.fixture(autouse=True)
    def _speaks(self, engine: TlsEngine, version: ProtocolVersion, suite: CipherSuite) -> None:
        if not engine.supports([suite], version):
            pytest.skip(f"the {engine.name} engine has no {suite.name} in {version.name}")

    def test_opens_a_session_and_carries_more_than_one_record(
        self, engine: TlsEngine, version: ProtocolVersion, suite: CipherSuite
    ) -> None:
        """What was agreed on can be seen, as the chain can, and data arrives whole both ways."""
        data, judged = bytes(range(256)) * 150, list[bytes]()
        with (
            Server(suite, versions=(version.name, version.name)) as server,
            Wire(engine, server.port, replace(offer(version, suite), verify=judged.extend)) as wire,
        ):
            client = wire.handshake()
            wire.send(data)

            assert (version, suite, False) == (client.version, client.suite, client.resumed)
            assert (data, SERVER_CHAIN) == (wire.receive(len(data)), client.peer_chain)
        assert tuple(judged) == SERVER_CHAIN

    def test_resumes_a_session(self, engine: TlsEngine, version: ProtocolVersion, suite: CipherSuite) -> None:
        """By a session id or a ticket, whatever the server gives."""
        with Server(suite, versions=(version.name, version.name)) as server:
            with Wire(engine, server.port, offer(version, suite)) as wire:
                client = wire.handshake()
                wire.send(b"once")
                assert wire.receive(4) == b"once"
            with Wire(engine, server.port, replace(offer(version, suite), session=client.session)) as wire:
                again = wire.handshake()
                wire.send(b"again")

                assert (wire.receive(5), again.resumed, again.peer_chain) == (b"again", True, ())

    def test_shows_the_identity_when_asked(
        self, engine: TlsEngine, version: ProtocolVersion, suite: CipherSuite
    ) -> None:
        """The server gets the module's chain and a signature that it can check."""
        with Server(suite, versions=(version.name, version.name), requires_certificate=True) as server:
            with Wire(engine, server.port, replace(offer(version, suite), identity=IDENTITY)) as wire:
                wire.handshake()
                wire.send(b"me")
                assert wire.receive(2) == b"me"
            [seen] = server.wait_for(1)

        assert (IDENTITY.chain, "") == (seen.client_chain, seen.error)

    def test_tells_the_server_why_its_chain_is_refused(
        self, engine: TlsEngine, version: ProtocolVersion, suite: CipherSuite
    ) -> None:
        """By the verifier's alert, which is the only answer to the server's flight."""

        def refuse(chain: Sequence[bytes]) -> None:
            raise ChainRefused("not this one", Alert.CERTIFICATE_EXPIRED, ChainFlaw.DATE)

        notes = Notes()
        with Server(suite, versions=(version.name, version.name)) as server:
            configuration = replace(offer(version, suite), verify=refuse, observer=notes)
            failure = failure_of(engine, server.port, configuration)
            [seen] = server.wait_for(1)

        assert (failure.cause, "certificate_expired" in seen.error) == (FailureCause.UNTRUSTED, True)
        assert [name for name in notes.names if name[0] == ">"] == ["> client_hello", "> alert certificate_expired"]

    def test_says_close_notify(self, engine: TlsEngine, version: ProtocolVersion, suite: CipherSuite) -> None:
        """The server sees a proper end, and answers it."""
        with Server(suite, versions=(version.name, version.name)) as server:
            with Wire(engine, server.port, offer(version, suite)) as wire:
                client = wire.handshake()
                client.close()
                wire.flush()
            [seen] = server.wait_for(1)

        assert (seen.error, client.state) == ("", TlsState.CLOSED)
