"""Sessions of every version, each with four kinds of real servers; and what only the later versions have."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from emulator.testing.contracts.tls_peers import failure_of
from emulator.tls.client import FailureCause, TlsEngine, TlsFailure, TlsState
from emulator.tls.openssl.engine import OpensslEngine
from emulator.tls.trust import ChainVerifier, Limits
from emulator.tls.wire.suites import CipherSuite, KeyExchange, suites_of
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, ProtocolVersion, VersionRange
from tests.peers.elliptic import ELLIPTIC_CLIENT, ELLIPTIC_ROOT, ELLIPTIC_SERVER
from tests.peers.later_servers import PEERS, Peer, openssl, write_dh_group
from tests.peers.pki import CLIENT, NOW, OTHER_ROOT, ROOT, SERVER, Party
from tests.peers.processes import gnutls_server
from tests.peers.sockets import Wire
from tests.peers.tlslite_server import TlsliteServer
from tests.tls.conftest import AES128, ENGINES, Notes
from tests.tls.later_offers import offer
from tests.tls.test_native_handshake import CERTIFICATE, message, server_hello

GCM = CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
GCM_1_3 = CipherSuite.TLS_AES_128_GCM_SHA256
SESSIONS = [
    (TLS_1_0, AES128, SERVER),
    (TLS_1_1, AES128, SERVER),
    (TLS_1_2, CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA256, SERVER),
    (TLS_1_2, CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, SERVER),
    (TLS_1_2, CipherSuite.TLS_DHE_RSA_WITH_AES_128_CBC_SHA, SERVER),
    (TLS_1_2, GCM, SERVER),
    (TLS_1_2, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, ELLIPTIC_SERVER),
    (TLS_1_3, GCM_1_3, SERVER),
    (TLS_1_3, CipherSuite.TLS_CHACHA20_POLY1305_SHA256, ELLIPTIC_SERVER),
]
EPHEMERAL = (KeyExchange.DHE_RSA, KeyExchange.ECDHE_RSA, KeyExchange.ECDHE_ECDSA, KeyExchange.NEGOTIATED)
TRUSTING = ChainVerifier([ROOT.der, ELLIPTIC_ROOT.der], NOW)
OPENSSL = OpensslEngine()


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
@pytest.mark.parametrize(
    ("engine", "version", "suite", "party"),
    [
        pytest.param(engine, version, suite, party, id=f"{engine.name}-{version.name}-{suite.openssl_name}")
        for engine in ENGINES
        for version, suite, party in SESSIONS
        if engine.supports([suite], version)
    ],
)
def test_a_session_opens_carries_data_and_is_resumed(
    engine: TlsEngine, version: ProtocolVersion, suite: CipherSuite, party: Party, peer: Peer, tmp_path: Path
) -> None:
    """A full handshake whose chain is judged, data both ways, close_notify, and an abbreviated handshake."""
    configuration = offer(version.alone, suite, verify=TRUSTING)
    with peer.serve(tmp_path, version, [suite], party=party) as port:
        with Wire(engine, port, configuration) as wire:
            first = wire.handshake()
            peer.talk(wire)
        with Wire(engine, port, replace(configuration, session=first.session)) as wire:
            second = wire.handshake()
            peer.talk(wire)

    assert (version, suite, False) == (first.version, first.suite, first.resumed)
    assert party.der == first.peer_chain[0]
    assert (version, suite, True, ()) == (second.version, second.suite, second.resumed, second.peer_chain)


@pytest.mark.parametrize("version", [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3], ids=lambda version: version.name)
def test_openssl_speaks_every_suite_of_its_versions(version: ProtocolVersion, tmp_path: Path) -> None:
    """One server that has all of them, with keys of both kinds, and a session with each."""
    suites = [suite for suite in suites_of(version, *EPHEMERAL) if OPENSSL.supports([suite], version)]
    certificate, key = ELLIPTIC_SERVER.write(tmp_path)
    spoken = []
    with openssl(tmp_path, version, suites, "-dcert", str(certificate), "-dkey", str(key)) as port:
        for suite in suites:
            with Wire(OPENSSL, port, offer(version.alone, suite)) as wire:
                client = wire.handshake()
                wire.send(b"over the air\n")
                spoken.append((client.suite, wire.receive(13)))

    assert [(suite, b"ria eht revo\n") for suite in suites] == spoken
    assert {suite.key_exchange for suite in suites} == {
        exchange for exchange in EPHEMERAL if suites_of(version, exchange)
    }


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3], ids=lambda version: version.name)
@pytest.mark.parametrize("party", [CLIENT, ELLIPTIC_CLIENT], ids=lambda party: party.name)
class TestClientCertificates:
    def test_openssl_checks_it(self, version: ProtocolVersion, party: Party, tmp_path: Path) -> None:
        """A server that demands one and verifies it goes on."""
        roots = tmp_path / "roots.pem"
        roots.write_bytes(ROOT.pem + ELLIPTIC_ROOT.pem)
        options = ("-Verify", "2", "-CAfile", str(roots), "-verify_return_error")
        notes = Notes()
        configuration = offer(version.alone, GCM_1_3, GCM, identity=party.identity, observer=notes)
        configuration = replace(configuration, suites=tuple(s for s in configuration.suites if s.goes_with(version)))
        with (
            openssl(tmp_path, version, configuration.suites, *options) as port,
            Wire(OPENSSL, port, configuration) as wire,
        ):
            wire.handshake()
            wire.send(b"trusted\n")

            assert wire.receive(8) == b"detsurt\n"
        assert {"< certificate_request", "> certificate", "> certificate_verify", "> finished"} <= set(notes.names)

    def test_gnutls_checks_it(self, version: ProtocolVersion, party: Party, tmp_path: Path) -> None:
        """The same with code that shares nothing with ours."""
        roots = tmp_path / "roots.pem"
        roots.write_bytes(ROOT.pem + ELLIPTIC_ROOT.pem)
        suite = GCM_1_3 if version is TLS_1_3 else GCM
        options = ("--x509cafile", str(roots), "--require-client-cert", "--verify-client-cert")
        configuration = offer(version.alone, suite, identity=party.identity)
        with (
            gnutls_server(tmp_path, [suite], options, version=version) as port,
            Wire(OPENSSL, port, configuration) as wire,
        ):
            wire.handshake()
            wire.send(b"trusted\n")

            assert wire.receive(8) == b"trusted\n"


def test_a_server_that_gets_no_certificate_says_so_behind_the_handshake(tmp_path: Path) -> None:
    """In TLS 1.3 the session is open by then: the alert comes with the first read."""
    with (
        openssl(tmp_path, TLS_1_3, [GCM_1_3], "-Verify", "2") as port,
        Wire(OPENSSL, port, offer(TLS_1_3.alone, GCM_1_3)) as wire,
    ):
        client = wire.handshake()
        with pytest.raises(Exception, match="the peer sent the alert certificate_required"):
            wire.pump()

        assert client.state is TlsState.FAILED


@pytest.mark.parametrize(("version", "suite"), [(TLS_1_2, GCM), (TLS_1_3, GCM_1_3)])
@pytest.mark.parametrize(
    ("verifier", "alert"),
    [
        (ChainVerifier([OTHER_ROOT.der], NOW), "unknown_ca"),
        (ChainVerifier([ROOT.der], NOW, Limits(host_name="www.example.com")), "bad_certificate"),
        (ChainVerifier([ROOT.der], NOW, Limits(signature_digests=frozenset({"sha1"}))), "unsupported_certificate"),
    ],
    ids=["untrusted", "another name", "digest"],
)
def test_a_refused_chain_is_told_by_the_verifier_s_alert(
    version: ProtocolVersion, suite: CipherSuite, verifier: ChainVerifier, alert: str
) -> None:
    """Nothing else is said in answer; a server of TLS 1.3 can open the alert, which is protected."""
    notes, sent = Notes(), bytearray()
    with TlsliteServer([suite], version=version) as server:
        with Wire(OPENSSL, server.port, offer(version.alone, suite, verify=verifier, observer=notes)) as wire:
            wire.flush()
            with pytest.raises(Exception, match="untrusted"):
                while True:
                    wire.client.receive(wire.socket.recv(65536))
            sent += wire.client.data_to_send()
            wire.socket.sendall(sent)
        [seen] = server.wait_for(1)

    assert alert in seen.error
    assert [name for name in notes.names if name.startswith("> ")] == ["> client_hello", f"> alert {alert}"]
    assert sent[0] == (23 if version is TLS_1_3 else 21)


@pytest.mark.parametrize(
    ("versions", "version", "suites"),
    [
        pytest.param(VersionRange(TLS_1_0, TLS_1_2), TLS_1_3, (GCM,), id="only 1.3 there"),
        pytest.param(TLS_1_3.alone, TLS_1_2, (GCM_1_3,), id="only 1.2 there"),
    ],
)
def test_a_server_of_other_versions(
    versions: VersionRange, version: ProtocolVersion, suites: tuple[CipherSuite, ...], tmp_path: Path
) -> None:
    """Its alert protocol_version is told as what it is."""
    with openssl(tmp_path, version, [GCM, GCM_1_3]) as port:
        failure = failure_of(OPENSSL, port, offer(versions, *suites))

    assert FailureCause.PROTOCOL_VERSION is failure.cause


@pytest.mark.parametrize("version", [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3], ids=lambda version: version.name)
def test_the_server_chooses_a_version_of_the_range(version: ProtocolVersion, tmp_path: Path) -> None:
    """One hello for all of them."""
    suites = (GCM_1_3, GCM, CipherSuite.TLS_DHE_RSA_WITH_AES_128_CBC_SHA)
    with (
        openssl(tmp_path, version, suites) as port,
        Wire(OPENSSL, port, offer(VersionRange(TLS_1_0, TLS_1_3), *suites)) as wire,
    ):
        assert wire.handshake().version is version


def test_a_server_may_ask_for_another_hello(tmp_path: Path) -> None:
    """HelloRetryRequest: the second hello has a share of the group that the server wants."""
    notes = Notes()
    with (
        openssl(tmp_path, TLS_1_3, [GCM_1_3], "-groups", "P-384") as port,
        Wire(OPENSSL, port, offer(TLS_1_3.alone, GCM_1_3, verify=TRUSTING, observer=notes)) as wire,
    ):
        wire.handshake()
        wire.send(b"again\n")

        assert wire.receive(6) == b"niaga\n"
    assert notes.names.count("> client_hello") == 2
    assert notes.names[:2] == ["> client_hello", "< hello_retry_request"]
    assert "< server_hello" in notes.names


@pytest.mark.parametrize(
    ("limits", "detail"),
    [
        ((2048, 4096), "the server's Diffie-Hellman group has 1024 bits, at least 2048 are asked for"),
        ((512, 1023), "the server's Diffie-Hellman group has 1024 bits, at most 1023 can be used"),
    ],
)
def test_a_group_out_of_bounds_is_refused(limits: tuple[int, int], detail: str, tmp_path: Path) -> None:
    """Before anything is computed with it."""
    suite = CipherSuite.TLS_DHE_RSA_WITH_AES_128_CBC_SHA
    options = ("-dhparam", str(write_dh_group(tmp_path / "dh.pem")))
    with openssl(tmp_path, TLS_1_2, [suite], *options) as port:
        failure = failure_of(OPENSSL, port, offer(TLS_1_2.alone, suite, dh_bits=limits))
        with Wire(OPENSSL, port, offer(TLS_1_2.alone, suite, dh_bits=(512, 4096))) as wire:
            assert wire.handshake().state is TlsState.OPEN

    assert (FailureCause.KEY_UNUSABLE, detail) == (failure.cause, failure.detail)


def test_a_curve_that_was_not_offered_is_refused() -> None:
    """OpenSSL's servers never choose one, so that this server's flight is written by hand."""
    hello = server_hello(version=b"\x03\x03", suite=GCM.number, rest=b"\x00\x05\xff\x01\x00\x01\x00")
    exchange = message(12, b"\x03\x00\x19" + bytes(70))
    client = OPENSSL.connect(offer(TLS_1_2.alone, GCM))

    with pytest.raises(TlsFailure, match="the server chose the curve secp521r1, which was not offered"):
        for part in (hello, CERTIFICATE, exchange):
            client.receive(b"\x16\x03\x03" + len(part).to_bytes(2, "big") + part)
