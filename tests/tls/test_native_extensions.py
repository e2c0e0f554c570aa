"""What the native engine does with the extensions that a profile may list: names, tickets, master secrets, MACs."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from emulator.tls.client import FailureCause, TlsConfiguration, TlsFailure, TlsState
from emulator.tls.native.client import NativeClient, NativeEngine
from emulator.tls.native.sessions import NativeSession
from emulator.tls.wire.extensions import Extension, NamedGroup
from emulator.tls.wire.signatures import rsa_schemes
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, ProtocolVersion, VersionRange
from tests.peers.nginx_names import nginx_named
from tests.peers.processes import gnutls_server
from tests.peers.recordings import fixed_random, record
from tests.peers.sockets import Wire
from tests.tls.conftest import AES128, NULL, Notes
from tests.tls.test_native_handshake import CERTIFICATE, CHANGE, DONE, server_hello
from tests.tls.test_versions import openssl

UNDERSTOOD = (
    Extension.SERVER_NAME,
    Extension.EXTENDED_MASTER_SECRET,
    Extension.RENEGOTIATION_INFO,
    Extension.SESSION_TICKET,
    Extension.ENCRYPT_THEN_MAC,
    Extension.SIGNATURE_ALGORITHMS,
)
OFFER = TlsConfiguration(
    (AES128,), versions=VersionRange(TLS_1_0, TLS_1_2), extensions=UNDERSTOOD, server_name="tls.example"
)
MASTER, TICKETED, MAC_LAST = Extension.EXTENDED_MASTER_SECRET, Extension.SESSION_TICKET, Extension.ENCRYPT_THEN_MAC

each_version = pytest.mark.parametrize("version", [TLS_1_0, TLS_1_1, TLS_1_2], ids=lambda version: version.name)


def answered(client: object) -> frozenset[Extension]:
    """The extensions that the server has answered."""
    assert isinstance(client, NativeClient)
    assert client._handshake.agreement is not None
    return client._handshake.agreement.answered


class TestHello:
    def test_says_each_extension_in_the_profile_s_order(self) -> None:
        """The whole hello of a range up to TLS 1.2, its record of the lowest version (RFC 5246 E.1)."""
        offer = replace(OFFER, signatures=rsa_schemes(("sha1", "sha512", "sha256", "sha384")))

        sent = NativeEngine().connect(offer).data_to_send()

        extensions = (
            "0000 0010 000e 00 000b 746c732e6578616d706c65"
            "0017 0000  ff01 0001 00  0023 0000  0016 0000"
            "000d 000a 0008 0601 0501 0401 0201"
        )
        listed = bytes.fromhex(extensions)
        body = b"\x03\x03" + sent[11:43] + bytes.fromhex("00 0002 002f 0100") + len(listed).to_bytes(2, "big") + listed
        message = b"\x01" + len(body).to_bytes(3, "big") + body
        assert sent == b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message

    def test_says_nothing_that_its_versions_do_not_have(self) -> None:
        """No signatures before TLS 1.2, and no name where the host dials an address."""
        offer = replace(OFFER, versions=TLS_1_1.alone, server_name=None)

        assert offer.sent_extensions == UNDERSTOOD[1:-1]

    def test_says_no_curves_without_a_suite_that_has_them(self) -> None:
        """RFC 8422 5.1: they come with such suites."""
        curves = (Extension.SUPPORTED_GROUPS, Extension.EC_POINT_FORMATS)
        offer = replace(OFFER, extensions=curves, groups=(NamedGroup.SECP256R1,))
        elliptic = CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA

        assert offer.sent_extensions == ()
        assert replace(offer, suites=(AES128, elliptic)).sent_extensions == curves

    def test_an_extension_that_it_has_not_is_a_deviation(self) -> None:
        """Whoever asks for it by name is told so, and `auto` takes another."""
        offer = replace(OFFER, versions=VersionRange(TLS_1_2, TLS_1_2), extensions=(Extension.SUPPORTED_GROUPS,))
        offer = replace(offer, suites=(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,))

        assert NativeEngine().deviation(offer) == "has no ECDHE-RSA-AES128-SHA"
        with pytest.raises(TlsFailure, match="cannot offer TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"):
            NativeEngine().connect(offer)


class TestServerName:
    def test_a_server_that_asks_for_its_name_gets_it(self, tmp_path: Path) -> None:
        """nginx refuses who does not say it, by unrecognized_name."""
        with nginx_named(tmp_path, "tls.example", "TLSv1.2") as port:
            with Wire(NativeEngine(), port, OFFER) as wire:
                assert Extension.SERVER_NAME in answered(wire.handshake())
            with (
                Wire(NativeEngine(), port, replace(OFFER, server_name=None)) as wire,
                pytest.raises(TlsFailure, match="unrecognized_name"),
            ):
                wire.handshake()

    def test_an_answer_that_says_something_is_none(self) -> None:
        """RFC 6066 3: it is empty."""
        client = NativeClient(OFFER, fixed_random)
        client.data_to_send()

        with pytest.raises(TlsFailure, match="answer to server_name is not empty"):
            client.receive(hello(b"\x00\x00\x00\x01x"))

        assert client.data_to_send() == bytes([21, 3, 3, 0, 2, 2, 50])

    def test_a_warning_that_the_name_is_unknown_means_nothing(self) -> None:
        """Some servers send it, and go on with another certificate."""
        notes = Notes()
        client = NativeClient(replace(OFFER, observer=notes), fixed_random)

        client.receive(record(21, b"\x01\x70") + hello(b""))

        assert "< alert unrecognized_name" in notes.names
        assert (client.state, client.version) == (TlsState.HANDSHAKING, TLS_1_2)


class TestTickets:
    @each_version
    def test_a_ticket_resumes_a_session(self, version: ProtocolVersion, tmp_path: Path) -> None:
        """`openssl s_server` gives one, takes it, and gives none twice; the name that goes with it is our own id."""
        notes = Notes()
        with openssl(tmp_path, version, [AES128]) as port:
            with Wire(NativeEngine(), port, replace(OFFER, observer=notes)) as wire:
                session = wire.handshake().session
                wire.send(b"first\n")
                assert wire.receive(6) == b"tsrif\n"
            assert isinstance(session, NativeSession)
            with Wire(NativeEngine(), port, replace(OFFER, session=session)) as wire:
                client = wire.handshake()
                wire.send(b"again\n")

                assert (client.resumed, wire.receive(6)) == (True, b"niaga\n")
        assert "< new_session_ticket" in notes.names
        assert (len(session.ticket) > 50, session.is_extended, session.version) == (True, True, version)

    def test_a_server_that_has_lost_its_keys_begins_anew(self, tmp_path: Path) -> None:
        """It takes the ticket for none."""
        with openssl(tmp_path, TLS_1_2, [AES128]) as port, Wire(NativeEngine(), port, OFFER) as wire:
            session = wire.handshake().session
        with (
            openssl(tmp_path, TLS_1_2, [AES128]) as port,
            Wire(NativeEngine(), port, replace(OFFER, session=session)) as wire,
        ):
            client = wire.handshake()

            assert (client.resumed, client.state) == (False, TlsState.OPEN)

    @pytest.mark.parametrize("kept", [TICKETED, MASTER])
    def test_a_session_is_not_offered_where_the_hello_cannot_say_it(self, kept: Extension, tmp_path: Path) -> None:
        """A ticket needs its extension, and so does the master secret that is bound to the handshake."""
        with openssl(tmp_path, TLS_1_2, [AES128]) as port, Wire(NativeEngine(), port, OFFER) as wire:
            session = wire.handshake().session
        less = tuple(each for each in UNDERSTOOD if each is not kept)

        sent = NativeEngine().connect(replace(OFFER, session=session, extensions=less)).data_to_send()

        assert sent[43] == 0  # the length of the session id

    def test_a_ticket_that_was_announced_must_come(self) -> None:
        """RFC 5077 3.3; another message in its place ends the session."""
        client = NativeClient(OFFER, fixed_random)

        with pytest.raises(TlsFailure, match="change_cipher_spec where new_session_ticket was due"):
            client.receive(hello(b"\x00\x23\x00\x00", CERTIFICATE + DONE) + b"\x14\x03\x03" + CHANGE[3:])

    def test_a_ticket_that_was_not_announced_may_not_come(self) -> None:
        """Where the hello asked for one, too."""
        client = NativeClient(OFFER, fixed_random)

        with pytest.raises(TlsFailure, match="new_session_ticket where change_cipher_spec was due"):
            client.receive(hello(b"", CERTIFICATE + DONE + b"\x04\x00\x00\x06\x00\x00\x00\x00\x00\x00"))


class TestMasterSecret:
    @each_version
    def test_is_bound_to_the_handshake(self, version: ProtocolVersion, tmp_path: Path) -> None:
        """RFC 7627 with gnutls-serv, which resumes the session by its id."""
        offer = replace(OFFER, extensions=(MASTER, Extension.SIGNATURE_ALGORITHMS))
        with gnutls_server(tmp_path, [AES128], version=version, keywords="") as port:
            with Wire(NativeEngine(), port, offer) as wire:
                session = wire.handshake().session
            with Wire(NativeEngine(), port, replace(offer, session=session)) as wire:
                client = wire.handshake()
                wire.send(b"resumed\n")

                assert (client.resumed, wire.receive(8)) == (True, b"resumed\n")
        assert isinstance(session, NativeSession)
        assert session.is_extended

    def test_cannot_change_its_kind_when_a_session_is_resumed(self) -> None:
        """RFC 7627 5.3: the session ends by handshake_failure."""
        offer = replace(OFFER, extensions=(MASTER,))
        kept = NativeSession(TLS_1_2, AES128, b"kept", bytes(48), is_extended=True)
        client = NativeClient(replace(offer, session=kept), fixed_random)
        client.data_to_send()

        with pytest.raises(TlsFailure, match="with another extended_master_secret"):
            client.receive(b"\x16\x03\x03" + record(22, server_hello(version=b"\x03\x03", session_id=b"kept"))[3:])

        assert client.data_to_send() == bytes([21, 3, 3, 0, 2, 2, 40])


class TestEncryptThenMac:
    @each_version
    def test_carries_data_both_ways(self, version: ProtocolVersion, tmp_path: Path) -> None:
        """RFC 7366 with OpenSSL, both ways, and in a resumed session too."""
        with openssl(tmp_path, version, [AES128]) as port:
            with Wire(NativeEngine(), port, OFFER) as wire:
                client = wire.handshake()
                wire.send(b"over the air\n")
                assert (MAC_LAST in answered(client), wire.receive(13)) == (True, b"ria eht revo\n")
            with Wire(NativeEngine(), port, replace(OFFER, session=client.session)) as wire:
                client = wire.handshake()
                wire.send(b"again\n")
                assert (MAC_LAST in answered(client), wire.receive(6)) == (True, b"niaga\n")

    def test_goes_with_block_ciphers_alone(self) -> None:
        """RFC 7366 3: a server that chose another suite must not answer."""
        client = NativeClient(replace(OFFER, suites=(AES128, NULL)), fixed_random)
        client.data_to_send()
        extension = b"\x00\x04\x00\x16\x00\x00"
        chosen = server_hello(version=b"\x03\x03", suite=NULL.number, rest=extension)

        with pytest.raises(TlsFailure, match="which is no block cipher") as caught:
            client.receive(b"\x16\x03\x03" + record(22, chosen)[3:])

        assert caught.value.cause is FailureCause.BAD_MESSAGE
        assert client.data_to_send() == bytes([21, 3, 3, 0, 2, 2, 47])


def hello(extensions: bytes, more: bytes = b"") -> bytes:
    """A server_hello of TLS 1.2 with these extensions, and what follows it, in one record."""
    rest = len(extensions).to_bytes(2, "big") + extensions if extensions else b""
    return b"\x16\x03\x03" + record(22, server_hello(version=b"\x03\x03", rest=rest) + more)[3:]
