"""What every engine promises, tried with the same real servers."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat
from tlslite.messages import HelloRequest

from emulator.tls.client import FailureCause, TlsClient, TlsConfiguration, TlsEngine, TlsFailure, TlsState
from emulator.tls.trust import ChainVerifier
from emulator.tls.wire.suites import CipherSuite
from tests.peers.pki import CLIENT, EXPIRED_SERVER, NOW, OTHER_ROOT, ROOT, SERVER, Party
from tests.peers.plain import scripted_server
from tests.peers.processes import gnutls_server, openssl_server
from tests.peers.sockets import Wire
from tests.peers.tlslite_server import Seen, TlsliteServer
from tests.tls.conftest import AES128, AES256, ENGINES_WITH_SUITES, NULL, Notes, offering

TRUSTING = TlsConfiguration((AES128,), verify=ChainVerifier([ROOT.der], NOW))


def failure_of(engine: TlsEngine, port: int, configuration: TlsConfiguration) -> TlsFailure:
    """How a handshake that must not succeed fails."""
    with Wire(engine, port, configuration) as wire, pytest.raises(TlsFailure) as caught:
        wire.handshake()
    assert wire.client.state is TlsState.FAILED
    return caught.value


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

    def test_takes_the_server_s_choice_among_several_suites(self, engine: TlsEngine) -> None:
        """The suite is the server's choice out of the offer."""
        with TlsliteServer([AES256]) as server, Wire(engine, server.port, offering(NULL, AES128, AES256)) as wire:
            assert AES256 is wire.handshake().suite

    @pytest.mark.parametrize("suite", [NULL, AES128])
    def test_carries_more_than_one_record_both_ways(self, engine: TlsEngine, suite: CipherSuite) -> None:
        """Data of several records arrives whole, and a read takes no more than asked for."""
        data = bytes(range(256)) * 150
        with TlsliteServer([suite]) as server, Wire(engine, server.port, offering(suite)) as wire:
            client = wire.handshake()
            wire.send(data)
            first = wire.receive(100)

            assert data == first + wire.receive(len(data) - 100)
            assert (client.pending, client.read()) == (0, b"")
        assert data == bytes(server.wait_for(1)[0].received)

    def test_takes_bytes_one_by_one(self, engine: TlsEngine) -> None:
        """How the stream is cut means nothing."""
        with TlsliteServer([AES128]) as server, Wire(engine, server.port, TRUSTING, chunk=1) as wire:
            wire.handshake()
            wire.send(b"drop by drop")

            assert wire.receive(12) == b"drop by drop"

    def test_seals_one_packet_as_one_record(self, engine: TlsEngine) -> None:
        """One write is one record, an empty one none at all."""
        with TlsliteServer([NULL]) as server, Wire(engine, server.port, offering(NULL)) as wire:
            client = wire.handshake()
            client.write(b"")
            client.write(b"packet")

            assert client.data_to_send()[:11] == b"\x17\x03\x01\x00\x1apacket"
            assert client.data_to_send() == b""

    def test_refuses_a_packet_beyond_a_record(self, engine: TlsEngine) -> None:
        """More than 16384 bytes are a mistake of the caller."""
        with TlsliteServer([NULL]) as server, Wire(engine, server.port, offering(NULL)) as wire:
            client = wire.handshake()

            with pytest.raises(ValueError, match="do not fit into one record"):
                client.write(bytes(16385))

    def test_declines_to_negotiate_again(self, engine: TlsEngine) -> None:
        """A hello_request is answered by the warning no_renegotiation, and the session goes on."""

        def ask_again(connection: Any, seen: Seen) -> None:
            for _ in connection._sendMsg(HelloRequest().create()):
                pass
            connection.write(b"go on")

        notes = Notes()
        configuration = replace(offering(AES128), observer=notes)
        with TlsliteServer([AES128], handler=ask_again) as server, Wire(engine, server.port, configuration) as wire:
            wire.handshake()

            assert wire.receive(5) == b"go on"
        assert "> alert no_renegotiation" in notes.names


class TestReports:
    def test_names_every_message_of_a_full_handshake(self, engine: TlsEngine) -> None:
        """The observer sees the handshake of RFC 2246 figure 1, then the closing alert, and the key log line once."""
        notes = Notes()
        with TlsliteServer([AES128]) as server, Wire(engine, server.port, replace(TRUSTING, observer=notes)) as wire:
            wire.handshake()

        assert notes.names == [
            "> client_hello",
            "< server_hello",
            "< certificate",
            "< server_hello_done",
            "> client_key_exchange",
            "> change_cipher_spec",
            "> finished",
            "< change_cipher_spec",
            "< finished",
            "> alert close_notify",
        ]
        assert {"finished": 12, "change_cipher_spec": 1, "alert close_notify": 2, "server_hello_done": 0}.items() <= {
            name: length for _, name, length in notes.messages
        }.items()
        [line] = notes.secrets
        label, client_random, master_secret = line.split(" ")
        assert (label, len(client_random), len(master_secret)) == ("CLIENT_RANDOM", 64, 96)

    def test_shows_the_peer_s_chain(self, engine: TlsEngine) -> None:
        """The chain is what the server sent, its own certificate first."""
        with TlsliteServer([AES128]) as server, Wire(engine, server.port, TRUSTING) as wire:
            client = wire.handshake()

        assert tuple(party.der for party in SERVER.chain) == client.peer_chain

    def test_shows_its_state(self, engine: TlsEngine) -> None:
        """A person sees at a glance where a session stands."""
        client = engine.connect(offering(AES128))

        assert "handshaking, no suite>" in repr(client)


class TestClientCertificates:
    def test_shows_the_identity_when_asked(self, engine: TlsEngine) -> None:
        """The server gets the module's chain and a signature that it can check."""
        identity = Party("module", SERVER.issuer).identity
        notes = Notes()
        configuration = replace(TRUSTING, identity=identity, observer=notes)
        with TlsliteServer([AES128], ask_certificate=True) as server:
            with Wire(engine, server.port, configuration) as wire:
                wire.handshake()
                wire.send(b"me")
                wire.receive(2)
            [seen] = server.wait_for(1)

        assert (identity.chain, "") == (seen.client_chain, seen.error)
        assert {"< certificate_request", "> certificate", "> certificate_verify"} <= set(notes.names)

    @pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8])
    def test_satisfies_a_server_that_checks(self, engine: TlsEngine, form: PrivateFormat, tmp_path: Path) -> None:
        """gnutls-serv, which trusts our root, accepts the identity with its key in PKCS#1 and in PKCS#8."""
        root = tmp_path / "root.pem"
        root.write_bytes(ROOT.pem)
        options = ("--x509cafile", str(root), "--require-client-cert", "--verify-client-cert")
        identity = replace(CLIENT.identity, private_key=CLIENT.key_bytes(form=form))
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

    def test_refuses_a_key_of_another_certificate_at_once(self, engine: TlsEngine) -> None:
        """Nothing is dialled with an identity that cannot work."""
        identity = replace(CLIENT.identity, private_key=SERVER.key_bytes())

        with pytest.raises(TlsFailure, match="does not go with") as caught:
            engine.connect(replace(TRUSTING, identity=identity))

        assert FailureCause.KEY_UNUSABLE is caught.value.cause


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

    @pytest.mark.parametrize("greeting", [b"220 welcome\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x16\x2f"])
    def test_a_server_that_speaks_no_tls(self, engine: TlsEngine, greeting: bytes) -> None:
        """A plain-text server is named as such."""
        with scripted_server(greeting + bytes(3)) as port:
            failure = failure_of(engine, port, TRUSTING)

        assert FailureCause.NOT_TLS is failure.cause

    def test_a_server_that_closes_without_a_word(self, engine: TlsEngine) -> None:
        """The end of the stream within the handshake is a failure of its own, and it stays one."""
        with scripted_server(b"") as port:
            failure = failure_of(engine, port, TRUSTING)

        assert FailureCause.PEER_CLOSED is failure.cause

    def test_a_server_that_closes_properly_within_the_handshake(self, engine: TlsEngine) -> None:
        """close_notify in answer to the hello is the same failure."""
        with scripted_server(b"\x15\x03\x01\x00\x02\x01\x00") as port:
            failure = failure_of(engine, port, TRUSTING)

        assert FailureCause.PEER_CLOSED is failure.cause

    def test_a_failed_session_stays_failed(self, engine: TlsEngine) -> None:
        """Every further use repeats the failure; closing is harmless and says nothing more."""
        with scripted_server(b"nonsense") as port:
            wire = Wire(engine, port, TRUSTING)
            with wire, pytest.raises(TlsFailure) as first:
                wire.handshake()
            client: TlsClient = wire.client
            with pytest.raises(TlsFailure) as again:
                client.receive(b"more")
            with pytest.raises(TlsFailure) as on_write:
                client.write(b"data")
            client.close()

        assert first.value is again.value is on_write.value
        assert (client.data_to_send(), client.session) == (b"", None)

    def test_writing_before_the_session_is_open(self, engine: TlsEngine) -> None:
        """There is nothing to write under before the handshake is over."""
        client = engine.connect(TRUSTING)

        with pytest.raises(TlsFailure, match="the session is handshaking"):
            client.write(b"too early")

    def test_an_offer_of_nothing(self, engine: TlsEngine) -> None:
        """A hello without suites would be malformed."""
        with pytest.raises(TlsFailure, match="no cipher suite") as caught:
            engine.connect(offering())

        assert FailureCause.UNSUPPORTED is caught.value.cause


class TestClosing:
    def test_says_close_notify_first(self, engine: TlsEngine) -> None:
        """When we close, the server sees a proper end; closing twice says it once."""
        with TlsliteServer([AES128]) as server:
            with Wire(engine, server.port, TRUSTING) as wire:
                client = wire.handshake()
                wire.send(b"bye")
                wire.receive(3)
                client.close()
                first = client.data_to_send()
                client.close()

                assert (bool(first), client.data_to_send()) == (True, b"")
                wire.socket.sendall(first)
            [seen] = server.wait_for(1)

        assert (seen.error, bytes(seen.received)) == ("", b"bye")

    def test_answers_close_notify(self, engine: TlsEngine) -> None:
        """When the server closes, what it sent before can still be read, and our close_notify answers its own."""

        def say_goodbye(connection: Any, seen: Seen) -> None:
            connection.write(b"last words")
            connection.close()  # waits for the answer

        notes = Notes()
        with TlsliteServer([AES128], handler=say_goodbye) as server:
            with Wire(engine, server.port, replace(TRUSTING, observer=notes)) as wire:
                client = wire.handshake()
                state = wire.until_closed()
                client.receive(b"ignored")

                assert (state, client.read()) == (TlsState.CLOSED, b"last words")
                with pytest.raises(TlsFailure, match="the session is closed"):
                    client.write(b"too late")
            [seen] = server.wait_for(1)

        assert seen.error == ""
        assert notes.names[-2:] == ["< alert close_notify", "> alert close_notify"]

    def test_takes_the_end_of_the_stream_for_a_close(self, engine: TlsEngine) -> None:
        """A server that cuts an open session ends it; no failure, and the session can still be offered again."""

        def cut(connection: Any, seen: Seen) -> None:
            connection.write(b"cut")
            connection.sock.close()

        with TlsliteServer([AES128], handler=cut) as server, Wire(engine, server.port, TRUSTING) as wire:
            client = wire.handshake()

            assert (wire.until_closed(), client.read()) == (TlsState.CLOSED, b"cut")
            assert client.session is not None

    def test_may_be_closed_within_the_handshake(self, engine: TlsEngine) -> None:
        """Giving up early says close_notify, in clear."""
        client = engine.connect(TRUSTING)
        client.data_to_send()
        client.close()

        assert (client.state, client.data_to_send()) == (TlsState.CLOSED, b"\x15\x03\x01\x00\x02\x01\x00")


class TestResumption:
    @pytest.mark.parametrize(("engine", "suite"), ENGINES_WITH_SUITES)
    def test_the_server_sees_its_session_id_again(self, engine: TlsEngine, suite: CipherSuite) -> None:
        """An abbreviated handshake: no certificate passes, and data flows under new keys."""
        notes = Notes()
        with TlsliteServer([suite]) as server:
            with Wire(engine, server.port, offering(suite)) as wire:
                session = wire.handshake().session
            server.wait_for(1)
            with Wire(engine, server.port, replace(offering(suite), session=session, observer=notes)) as wire:
                client = wire.handshake()
                wire.send(b"again")

                assert wire.receive(5) == b"again"
                assert (True, suite, ()) == (client.resumed, client.suite, client.peer_chain)
            first, second = server.wait_for(2)

        assert session is not None and session.suite is suite
        assert (False, True, first.session_id) == (first.resumed, second.resumed, second.session_id)
        assert len(notes.secrets) == 1
        assert notes.names[:6] == [
            "> client_hello",
            "< server_hello",
            "< change_cipher_spec",
            "< finished",
            "> change_cipher_spec",
            "> finished",
        ]

    @pytest.mark.parametrize("suite", [AES128, NULL])
    def test_process_peers_resume_too(self, engine: TlsEngine, suite: CipherSuite, tmp_path: Path) -> None:
        """`openssl s_server` remembers a session that ended with close_notify."""
        options = ("-tls1", "-cipher", f"{suite.openssl_name}:@SECLEVEL=0")
        with openssl_server(tmp_path, *options) as port:
            with Wire(engine, port, offering(suite)) as wire:
                session = wire.handshake().session
            with Wire(engine, port, replace(offering(suite), session=session)) as wire:
                assert wire.handshake().resumed

    def test_a_server_that_has_forgotten_gets_a_full_handshake(self, engine: TlsEngine) -> None:
        """Offering an unknown session costs nothing but the abbreviation."""
        with TlsliteServer([AES128]) as server, Wire(engine, server.port, TRUSTING) as wire:
            session = wire.handshake().session
        with TlsliteServer([AES128]) as other, Wire(engine, other.port, replace(TRUSTING, session=session)) as wire:
            client = wire.handshake()

            assert (client.resumed, len(client.peer_chain)) == (False, 2)
            assert client.session is not None

    def test_a_session_of_another_suite_or_engine_is_not_offered(self, engine: TlsEngine) -> None:
        """A kept session counts only where it can be used: the handshake is then full."""
        with TlsliteServer([AES128, AES256]) as server:
            with Wire(engine, server.port, offering(AES128)) as wire:
                session = wire.handshake().session
            assert session is not None
            for unusable in (replace(offering(AES256), session=session), replace(TRUSTING, session=_Foreign())):
                with Wire(engine, server.port, unusable) as wire:
                    assert not wire.handshake().resumed

    def test_there_is_no_session_without_a_session_id(self, engine: TlsEngine) -> None:
        """A server that gives no id leaves nothing to resume."""
        with TlsliteServer([AES128], remembers=False) as server, Wire(engine, server.port, TRUSTING) as wire:
            assert wire.client.session is None
            assert wire.handshake().session is None


class _Foreign:
    suite = AES128
