"""The public contract of engines, held by both of ours, and what else both promise with real servers."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat
from msgspec.structs import replace

from emulator.testing.contracts.tls_engine import TlsEngineContract
from emulator.testing.contracts.tls_peers import failure_of
from emulator.testing.contracts.tls_versions import TlsVersionsContract
from emulator.tls.client import ClientIdentity, FailureCause, TlsConfiguration, TlsEngine, TlsState
from emulator.tls.native.client import NativeClient, NativeEngine
from emulator.tls.trust import ChainVerifier
from emulator.tls.wire.alerts import Alert
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_1, TLS_1_2
from tests.peers.pki import CLIENT, EXPIRED_SERVER, NOW, OTHER_ROOT, ROOT, SERVER, Party
from tests.peers.processes import gnutls_server, openssl_server
from tests.peers.sockets import Wire
from tests.peers.tlslite_server import TlsliteServer
from tests.tls.conftest import AES128, AES256, ENGINES, ENGINES_WITH_SUITES, NULL, Notes, offering
from tests.tls.test_trust import CERTIFICATES_ONLY, CLIENTS_ONLY

TRUSTING = TlsConfiguration((AES128,), verify=ChainVerifier([ROOT.der], NOW))


class TestContract(TlsEngineContract):
    @pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
    def engine(self, request: pytest.FixtureRequest) -> TlsEngine:
        """Each of our own engines in turn."""
        chosen: TlsEngine = request.param
        return chosen


class TestContractInTls11(TestContract):
    version = TLS_1_1


class TestContractInTls12(TestContract):
    version = TLS_1_2


class TestVersions(TlsVersionsContract):
    @pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
    def engine(self, request: pytest.FixtureRequest) -> TlsEngine:
        """Each of our own engines in turn."""
        chosen: TlsEngine = request.param
        return chosen


class Trusting(NativeEngine):
    """Asks no verifier."""

    def connect(self, configuration: TlsConfiguration) -> NativeClient:
        return super().connect(replace(configuration, verify=None))


def test_an_engine_that_breaks_a_promise_is_found_out() -> None:
    """One that trusts everybody, say."""
    promise = TlsEngineContract().test_tells_the_server_by_the_verifier_s_alert_why_its_chain_is_refused

    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        promise(Trusting(), Alert.UNKNOWN_CA)


class TestDialogues:
    @pytest.mark.parametrize(("engine", "suite"), ENGINES_WITH_SUITES)
    def test_speaks_each_suite_with_gnutls(self, engine: TlsEngine, suite: CipherSuite, tmp_path: Path) -> None:
        """A full dialogue with gnutls-serv, under the suite that was asked for."""
        with gnutls_server(tmp_path, [suite]) as port, Wire(engine, port, offering(suite)) as wire:
            client = wire.handshake()
            wire.send(b"over the air\n")

            assert (suite, b"over the air\n") == (client.suite, wire.receive(13))

    @pytest.mark.parametrize("suite", [AES128, AES256, NULL])
    def test_speaks_each_suite_that_openssl_still_has(
        self, engine: TlsEngine, suite: CipherSuite, tmp_path: Path
    ) -> None:
        """A full dialogue with `openssl s_server`, which puts an empty record before each answer under CBC."""
        options = ("-tls1", "-cipher", f"{suite.openssl_name}:@SECLEVEL=0")
        with openssl_server(tmp_path, *options) as port, Wire(engine, port, offering(suite)) as wire:
            client = wire.handshake()
            wire.send(b"over the air\n")

            assert (suite, b"ria eht revo\n") == (client.suite, wire.receive(13))


class TestClientCertificates:
    @pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8])
    def test_satisfies_a_server_that_checks(self, engine: TlsEngine, form: PrivateFormat, tmp_path: Path) -> None:
        """gnutls-serv, which trusts our root, accepts the identity with its key in PKCS#1 and in PKCS#8."""
        root = tmp_path / "root.pem"
        root.write_bytes(ROOT.pem)
        options = ("--x509cafile", str(root), "--require-client-cert", "--verify-client-cert")
        identity = ClientIdentity(CLIENT.identity.chain, CLIENT.key_bytes(form=form))
        configuration = replace(TRUSTING, identity=identity)
        with gnutls_server(tmp_path, [AES128], options) as port, Wire(engine, port, configuration) as wire:
            wire.handshake()
            wire.send(b"trusted\n")

            assert wire.receive(8) == b"trusted\n"

    def test_says_which_alert_a_server_answered_a_stranger_with(self, engine: TlsEngine, tmp_path: Path) -> None:
        """A server that requires a certificate and gets none ends the session by a fatal alert, and we name it."""
        options = ("-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0", "-Verify", "2")
        with openssl_server(tmp_path, *options) as port:
            failure = failure_of(engine, port, TRUSTING)

        assert FailureCause.ALERT_RECEIVED is failure.cause
        assert "handshake_failure" in failure.detail

    def test_answers_with_an_empty_certificate_when_there_is_none(self, engine: TlsEngine) -> None:
        """A request that cannot be met is answered by a chain of no certificates and no signature."""
        notes = Notes()
        with TlsliteServer([AES128], ask_certificate=True) as server:
            with Wire(engine, server.port, replace(TRUSTING, observer=notes)) as wire:
                wire.handshake()
            [seen] = server.wait_for(1)

        assert (seen.client_chain, seen.error) == ((), "")
        assert ("sent", "certificate", 3) in notes.messages
        assert "> certificate_verify" not in notes.names


class TestTrust:
    @pytest.mark.parametrize(
        ("anchor", "party", "alert"),
        [
            pytest.param(OTHER_ROOT, SERVER, "unknown_ca", id="wrong CA"),
            pytest.param(ROOT, EXPIRED_SERVER, "certificate_expired", id="expired"),
        ],
    )
    def test_tells_the_server_by_an_alert_why_its_chain_is_refused(
        self, engine: TlsEngine, anchor: Party, party: Party, alert: str
    ) -> None:
        """The verifier's own alert is the only answer to the server's flight."""
        notes = Notes()
        configuration = replace(TRUSTING, verify=ChainVerifier([anchor.der], NOW), observer=notes)
        with TlsliteServer([AES128], party) as server:
            failure = failure_of(engine, server.port, configuration)
            [seen] = server.wait_for(1)

        assert FailureCause.UNTRUSTED is failure.cause
        assert alert in seen.error
        assert ["> client_hello", "< server_hello", "< certificate", f"> alert {alert}"] == [
            name for name in notes.names if name != "< server_hello_done"
        ]

    @pytest.mark.parametrize("party", [CLIENTS_ONLY, CERTIFICATES_ONLY], ids=lambda party: party.name)
    def test_leaves_the_uses_of_a_certificate_to_the_verifier(self, engine: TlsEngine, party: Party) -> None:
        """OpenSSL has an opinion of its own, which is not asked for."""
        with TlsliteServer([AES128], party) as server, Wire(engine, server.port, TRUSTING) as wire:
            assert wire.handshake().peer_chain[0] == party.der

    @pytest.mark.parametrize("digest", ["md5", "sha1"])
    def test_takes_certificates_of_the_module_s_time(self, engine: TlsEngine, digest: str) -> None:
        """Chains signed with broken digests are the verifier's business alone, and it takes them unless told not to."""
        issuer = Party("old intermediate", ROOT, is_ca=True, digest=digest)
        server = TlsliteServer([AES128], Party("old server", issuer, digest=digest))
        with server, Wire(engine, server.port, TRUSTING) as wire:
            assert wire.handshake().state is TlsState.OPEN

    def test_goes_by_the_module_s_date(self, engine: TlsEngine) -> None:
        """The expired certificate is good again for a module that lives a year earlier."""
        configuration = replace(TRUSTING, verify=ChainVerifier([ROOT.der], NOW - timedelta(days=365)))
        with TlsliteServer([AES128], EXPIRED_SERVER) as server, Wire(engine, server.port, configuration) as wire:
            assert wire.handshake().state is TlsState.OPEN


class TestRefusals:
    def test_no_common_suite(self, engine: TlsEngine, tmp_path: Path) -> None:
        """The alert handshake_failure in answer to the hello means that the server has none of our suites."""
        with gnutls_server(tmp_path, [AES128]) as port:
            failure = failure_of(engine, port, offering(AES256))

        assert FailureCause.NO_COMMON_SUITE is failure.cause

    def test_a_server_of_tls_1_2_only(self, engine: TlsEngine, tmp_path: Path) -> None:
        """The alert protocol_version, in whatever version its record is."""
        with openssl_server(tmp_path, "-tls1_2", "-cipher", "ALL:@SECLEVEL=0") as port:
            failure = failure_of(engine, port, TRUSTING)

        assert FailureCause.PROTOCOL_VERSION is failure.cause


class TestResumption:
    @pytest.mark.parametrize("suite", [AES128, NULL])
    def test_process_peers_resume_too(self, engine: TlsEngine, suite: CipherSuite, tmp_path: Path) -> None:
        """`openssl s_server` remembers a session that ended with close_notify."""
        options = ("-tls1", "-cipher", f"{suite.openssl_name}:@SECLEVEL=0")
        with openssl_server(tmp_path, *options) as port:
            with Wire(engine, port, offering(suite)) as wire:
                session = wire.handshake().session
            with Wire(engine, port, replace(offering(suite), session=session)) as wire:
                assert wire.handshake().resumed

    def test_there_is_no_session_without_a_session_id(self, engine: TlsEngine) -> None:
        """A server that gives no id leaves nothing to resume."""
        with TlsliteServer([AES128], remembers=False) as server, Wire(engine, server.port, TRUSTING) as wire:
            assert wire.client.session is None
            assert wire.handshake().session is None
