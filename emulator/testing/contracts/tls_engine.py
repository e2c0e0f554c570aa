"""Contract of TLS engines, tested with the lab's server. It needs pytest and the extra `lab`.

An engine of one's own is held to it by a class of tests::

    class TestMyEngine(TlsEngineContract):
        @pytest.fixture
        def engine(self) -> TlsEngine:
            return MyEngine()
"""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from emulator.testing.contracts.tls_peers import (
    AES128,
    AES256,
    IDENTITY,
    NULL,
    SERVER_CHAIN,
    SERVER_KEY,
    Notes,
    Seen,
    Wire,
    failure_of,
    scripted_server,
)
from emulator.testing.contracts.tls_resumption import SUITES, ResumptionPromises
from emulator.tls.client import (
    ChainFlaw,
    ChainRefused,
    ClientIdentity,
    FailureCause,
    TlsClient,
    TlsEngine,
    TlsFailure,
    TlsState,
)
from emulator.tls.wire.alerts import Alert
from emulator.tls.wire.suites import CipherSuite


class TlsEngineContract(ResumptionPromises):
    """Subclass it and give the engine by a fixture; `version` may be TLS 1.1 or 1.2, too."""

    @pytest.mark.parametrize("scsv", [False, True])
    @pytest.mark.parametrize("suites", [(AES128,), (AES256, NULL, AES128)])
    def test_knows_whether_its_hello_is_what_was_asked_for(
        self, engine: TlsEngine, suites: tuple[CipherSuite, ...], scsv: bool
    ) -> None:
        """It names a deviation where there is one, and only there."""
        configuration = replace(self.offering(*suites), scsv=scsv)
        sent = engine.connect(configuration).data_to_send()
        wanted = configuration.hello(random=sent[11:43]).encode().encode()

        assert (sent[5:] == wanted) == (engine.deviation(configuration) is None)

    def test_takes_the_server_s_choice_among_several_suites(self, engine: TlsEngine) -> None:
        """The suite is the server's choice out of the offer."""
        with self.server(AES256) as server, Wire(engine, server.port, self.offering(NULL, AES128, AES256)) as wire:
            assert AES256 is wire.handshake().suite

    @pytest.mark.parametrize("suite", [NULL, AES128])
    def test_carries_more_than_one_record_both_ways(self, engine: TlsEngine, suite: CipherSuite) -> None:
        """Data of several records arrives whole, and a read takes no more than asked for."""
        data = bytes(range(256)) * 150
        with self.server(suite) as server, Wire(engine, server.port, self.offering(suite)) as wire:
            client = wire.handshake()
            wire.send(data)
            first = wire.receive(100)

            assert data == first + wire.receive(len(data) - 100)
            assert (client.pending, client.read()) == (0, b"")
        assert data == bytes(server.wait_for(1)[0].received)

    def test_takes_bytes_one_by_one(self, engine: TlsEngine) -> None:
        """How the stream is cut means nothing."""
        with self.server(AES128) as server, Wire(engine, server.port, self.offering(AES128), chunk=1) as wire:
            wire.handshake()
            wire.send(b"drop by drop")

            assert wire.receive(12) == b"drop by drop"

    def test_seals_one_packet_as_one_record(self, engine: TlsEngine) -> None:
        """One write is one record, an empty one none at all."""
        with self.server(NULL) as server, Wire(engine, server.port, self.offering(NULL)) as wire:
            client = wire.handshake()
            client.write(b"")
            client.write(b"packet")

            assert client.data_to_send()[:11] == self.record(23, b"\x00\x1apacket")
            assert client.data_to_send() == b""

    def test_seals_packets_of_one_call_as_records_of_their_own(self, engine: TlsEngine) -> None:
        """In their order; of an empty one nothing is seen."""
        with self.server(NULL) as server, Wire(engine, server.port, self.offering(NULL)) as wire:
            client = wire.handshake()
            client.write(b"first!", b"", b"second")

            sent = client.data_to_send()
            size = len(sent) // 2
            assert sent[:11] == self.record(23, b"\x00\x1afirst!")
            assert sent[size : size + 11] == self.record(23, b"\x00\x1asecond")

    def test_refuses_a_packet_beyond_a_record(self, engine: TlsEngine) -> None:
        """More than 16384 bytes are a mistake of the caller."""
        with self.server(NULL) as server, Wire(engine, server.port, self.offering(NULL)) as wire:
            client = wire.handshake()

            with pytest.raises(ValueError, match="do not fit into one record"):
                client.write(bytes(16385))

    def test_declines_to_negotiate_again(self, engine: TlsEngine) -> None:
        """A hello_request is answered by the warning no_renegotiation, and the session goes on."""
        from tlslite.messages import HelloRequest

        def ask_again(connection: Any, seen: Seen) -> None:
            for _ in connection._sendMsg(HelloRequest().create()):
                pass
            connection.write(b"go on")

        notes = Notes()
        configuration = replace(self.offering(AES128), observer=notes)
        with self.server(AES128, handler=ask_again) as server, Wire(engine, server.port, configuration) as wire:
            wire.handshake()

            assert wire.receive(5) == b"go on"
        assert "> alert no_renegotiation" in notes.names

    def test_names_every_message_of_a_full_handshake(self, engine: TlsEngine) -> None:
        """The observer sees the handshake of RFC 2246 figure 1, then the closing alert, and the key log line once."""
        notes = Notes()
        with (
            self.server(AES128) as server,
            Wire(engine, server.port, replace(self.offering(AES128), observer=notes)) as wire,
        ):
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
        with self.server(AES128) as server, Wire(engine, server.port, self.offering(AES128)) as wire:
            client = wire.handshake()

        assert client.peer_chain == SERVER_CHAIN

    def test_shows_its_state(self, engine: TlsEngine) -> None:
        """A person sees at a glance where a session stands."""
        client = engine.connect(self.offering(AES128))

        assert "handshaking, no suite>" in repr(client)

    def test_shows_the_identity_when_asked(self, engine: TlsEngine) -> None:
        """The server gets the module's chain and a signature that it can check."""
        notes = Notes()
        configuration = replace(self.offering(AES128), identity=IDENTITY, observer=notes)
        with self.server(AES128, requires_certificate=True) as server:
            with Wire(engine, server.port, configuration) as wire:
                wire.handshake()
                wire.send(b"me")
                wire.receive(2)
            [seen] = server.wait_for(1)

        assert (IDENTITY.chain, "") == (seen.client_chain, seen.error)
        assert {"< certificate_request", "> certificate", "> certificate_verify"} <= set(notes.names)

    def test_refuses_a_key_of_another_certificate_at_once(self, engine: TlsEngine) -> None:
        """Nothing is dialled with an identity that cannot work."""
        identity = ClientIdentity(IDENTITY.chain, SERVER_KEY)

        with pytest.raises(TlsFailure, match="does not go with") as caught:
            engine.connect(replace(self.offering(AES128), identity=identity))

        assert FailureCause.KEY_UNUSABLE is caught.value.cause

    @pytest.mark.parametrize("alert", [Alert.UNKNOWN_CA, Alert.CERTIFICATE_EXPIRED], ids=lambda alert: alert.name)
    def test_tells_the_server_by_the_verifier_s_alert_why_its_chain_is_refused(
        self, engine: TlsEngine, alert: Alert
    ) -> None:
        """The alert is the only answer to the server's flight; the verifier has seen the whole chain."""
        judged: list[bytes] = []

        def refuse(chain: Sequence[bytes]) -> None:
            judged.extend(chain)
            raise ChainRefused("not this one", alert, ChainFlaw.PATH)

        notes = Notes()
        with self.server(AES128) as server:
            failure = failure_of(engine, server.port, replace(self.offering(AES128), verify=refuse, observer=notes))
            [seen] = server.wait_for(1)

        name = alert.name.lower()
        assert FailureCause.UNTRUSTED is failure.cause
        assert (list(SERVER_CHAIN), True) == (judged, name in seen.error)
        assert ["> client_hello", "< server_hello", "< certificate", f"> alert {name}"] == [
            name for name in notes.names if name != "< server_hello_done"
        ]

    def test_says_when_there_is_no_common_suite(self, engine: TlsEngine) -> None:
        """A server without a common suite ends the session by an alert, and the failure says what it means."""
        with self.server(AES128) as server:
            failure = failure_of(engine, server.port, self.offering(AES256))

        assert FailureCause.NO_COMMON_SUITE is failure.cause

    @pytest.mark.parametrize("greeting", [b"220 welcome\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x16\x2f"])
    def test_a_server_that_speaks_no_tls(self, engine: TlsEngine, greeting: bytes) -> None:
        """A plain-text server is named as such."""
        with scripted_server(greeting + bytes(3)) as port:
            failure = failure_of(engine, port, self.offering(AES128))

        assert FailureCause.NOT_TLS is failure.cause

    def test_a_server_that_closes_without_a_word(self, engine: TlsEngine) -> None:
        """The end of the stream within the handshake is a failure of its own, and it stays one."""
        with scripted_server(b"") as port:
            failure = failure_of(engine, port, self.offering(AES128))

        assert FailureCause.PEER_CLOSED is failure.cause

    def test_a_server_that_closes_properly_within_the_handshake(self, engine: TlsEngine) -> None:
        """close_notify in answer to the hello is the same failure."""
        with scripted_server(self.record(21, b"\x00\x02\x01\x00")) as port:
            failure = failure_of(engine, port, self.offering(AES128))

        assert FailureCause.PEER_CLOSED is failure.cause

    def test_a_failed_session_stays_failed(self, engine: TlsEngine) -> None:
        """Every further use repeats the failure; closing is harmless and says nothing more."""
        with scripted_server(b"nonsense") as port:
            wire = Wire(engine, port, self.offering(AES128))
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
        client = engine.connect(self.offering(AES128))

        with pytest.raises(TlsFailure, match="the session is handshaking"):
            client.write(b"too early")

    def test_an_offer_of_nothing(self, engine: TlsEngine) -> None:
        """A hello without suites would be malformed."""
        with pytest.raises(TlsFailure, match="no cipher suite") as caught:
            engine.connect(self.offering())

        assert FailureCause.UNSUPPORTED is caught.value.cause

    def test_says_close_notify_first(self, engine: TlsEngine) -> None:
        """When we close, the server sees a proper end; closing twice says it once."""
        with self.server(AES128) as server:
            with Wire(engine, server.port, self.offering(AES128)) as wire:
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
        with self.server(AES128, handler=say_goodbye) as server:
            with Wire(engine, server.port, replace(self.offering(AES128), observer=notes)) as wire:
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

        with self.server(AES128, handler=cut) as server, Wire(engine, server.port, self.offering(AES128)) as wire:
            client = wire.handshake()

            assert (wire.until_closed(), client.read()) == (TlsState.CLOSED, b"cut")
            assert client.session is not None

    def test_may_be_closed_within_the_handshake(self, engine: TlsEngine) -> None:
        """Giving up early says close_notify, in clear."""
        client = engine.connect(self.offering(AES128))
        client.data_to_send()
        client.close()

        assert (client.state, client.data_to_send()) == (TlsState.CLOSED, self.record(21, b"\x00\x02\x01\x00"))

    @pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.openssl_name)
    def test_speaks_each_suite(self, engine: TlsEngine, suite: CipherSuite) -> None:
        """Data goes both ways under the suite that was asked for."""
        self.require(engine, suite)
        with self.server(suite) as server, Wire(engine, server.port, self.offering(suite)) as wire:
            client = wire.handshake()
            wire.send(b"over the air")

            assert (suite, b"over the air") == (client.suite, wire.receive(12))
