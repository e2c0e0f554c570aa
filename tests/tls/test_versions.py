"""TLS 1.1 and 1.2: no line of the module speaks them yet, but each is one value, and real servers understand it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from emulator.tls.client import FailureCause, TlsConfiguration, TlsEngine, TlsFailure
from emulator.tls.decisions import Agreement
from emulator.tls.native.ciphers import ProtectedReadState, ProtectedWriteState, bulk_cipher
from emulator.tls.native.client import NativeClient, NativeEngine
from emulator.tls.native.protection import protection
from emulator.tls.wire.alerts import FatalError
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.keys import DirectionKeys
from emulator.tls.wire.suites import CipherSuite, KeyExchange, suites_of
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, ProtocolVersion
from tests.peers.pki import CLIENT, ROOT
from tests.peers.processes import gnutls_server, openssl_server
from tests.peers.recordings import fixed_random, record
from tests.peers.sockets import Wire
from tests.peers.tlslite_server import TlsliteServer
from tests.tls.conftest import AES128, ENGINES, RC4_SHA, Notes
from tests.tls.test_native_handshake import CERTIFICATE, DONE, message, server_hello

AES128_SHA256 = CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA256
LATER = [TLS_1_1, TLS_1_2]
ENCRYPT_THEN_MAC = (Extension.ENCRYPT_THEN_MAC,)

OFFERS = [
    pytest.param(engine, version, suite, id=f"{engine.name}-{version.name}-{suite.openssl_name}")
    for engine in ENGINES
    for version in LATER
    for suite in suites_of(version, KeyExchange.RSA)
    if engine.supports([suite], version)
]
"""Each suite of each later version with each engine that has it."""

SPOKEN = [TLS_1_0, TLS_1_1, TLS_1_2]
offers = st.sampled_from(
    [(v, suite) for v in SPOKEN for suite in suites_of(v, KeyExchange.RSA) if NativeEngine().supports([suite], v)]
)
"""Each version with each suite of the native engine."""

OFFERS_WITHOUT_RC4 = [offer for offer in OFFERS if offer.values[2].cipher.name != "RC4"]  # type: ignore[union-attr]  # a suite


def offer(suites: Sequence[CipherSuite], version: ProtocolVersion, **more: Any) -> TlsConfiguration:
    """The hello of that version, as a client of its time says it."""
    extensions = (Extension.SIGNATURE_ALGORITHMS,) if version.names_signatures else ()
    return TlsConfiguration(tuple(suites), versions=version.alone, extensions=extensions, **more)


@contextmanager
def openssl(folder: Path, version: ProtocolVersion, suites: Sequence[CipherSuite], *options: str) -> Iterator[int]:
    """`openssl s_server` with exactly these."""
    flag = {TLS_1_0: "-tls1", TLS_1_1: "-tls1_1", TLS_1_2: "-tls1_2"}[version]
    ciphers = ":".join([*(suite.openssl_name for suite in suites), "@SECLEVEL=0"])
    with openssl_server(folder, flag, "-cipher", ciphers, *options) as port:
        yield port


class TestDialogues:
    @pytest.mark.parametrize(("engine", "version", "suite"), OFFERS)
    def test_speaks_with_gnutls(
        self, engine: TlsEngine, version: ProtocolVersion, suite: CipherSuite, tmp_path: Path
    ) -> None:
        """A full dialogue with a server that has this version alone."""
        configuration = offer((suite,), version)
        with gnutls_server(tmp_path, [suite], version=version) as port, Wire(engine, port, configuration) as wire:
            client = wire.handshake()
            wire.send(b"over the air\n")

            assert (suite, b"over the air\n") == (client.suite, wire.receive(13))
            assert version.number.to_bytes(2, "big") == wire.heard[1:3]

    @pytest.mark.parametrize(("engine", "version", "suite"), OFFERS_WITHOUT_RC4)
    def test_speaks_with_openssl_and_resumes(
        self, engine: TlsEngine, version: ProtocolVersion, suite: CipherSuite, tmp_path: Path
    ) -> None:
        """A full handshake, then an abbreviated one, with `openssl s_server`."""
        configuration = offer((suite,), version)
        with openssl(tmp_path, version, [suite]) as port:
            with Wire(engine, port, configuration) as wire:
                session = wire.handshake().session
                wire.send(b"over the air\n")
                assert wire.receive(13) == b"ria eht revo\n"
            with Wire(engine, port, replace(configuration, session=session)) as wire:
                client = wire.handshake()
                wire.send(b"again\n")

                assert (client.resumed, wire.receive(6)) == (True, b"niaga\n")

    @pytest.mark.parametrize("version", LATER, ids=lambda version: version.name)
    def test_signs_as_the_version_asks(self, engine: TlsEngine, version: ProtocolVersion, tmp_path: Path) -> None:
        """A server that checks the client's certificate takes our certificate_verify."""
        root = tmp_path / "root.pem"
        root.write_bytes(ROOT.pem)
        options = ("-Verify", "2", "-CAfile", str(root), "-verify_return_error")
        notes = Notes()
        configuration = offer((AES128,), version, identity=CLIENT.identity, observer=notes)
        with openssl(tmp_path, version, [AES128], *options) as port, Wire(engine, port, configuration) as wire:
            wire.handshake()
            wire.send(b"trusted\n")

            assert wire.receive(8) == b"detsurt\n"
        assert "> certificate_verify" in notes.names

    def test_signs_with_sha1_for_a_server_that_wants_it(self, tmp_path: Path) -> None:
        """The first of our forms that the server accepts, which need not be the digest of the Finished."""
        configuration = offer((AES128,), TLS_1_2, identity=CLIENT.identity)
        options = ("-Verify", "2", "-client_sigalgs", "RSA+SHA1")
        with openssl(tmp_path, TLS_1_2, [AES128], *options) as port, Wire(NativeEngine(), port, configuration) as wire:
            wire.handshake()
            wire.send(b"trusted\n")

            assert wire.receive(8) == b"detsurt\n"

    @pytest.mark.parametrize("version", LATER, ids=lambda version: version.name)
    def test_carries_more_than_one_record_both_ways(self, engine: TlsEngine, version: ProtocolVersion) -> None:
        """Each record has an IV of its own in front, and none of it is plaintext."""
        data = bytes(range(256)) * 150
        configuration = offer((AES128,), version)
        with TlsliteServer([AES128], version=version) as server, Wire(engine, server.port, configuration) as wire:
            wire.handshake()
            wire.send(data)

            assert data == wire.receive(len(data))

    @pytest.mark.parametrize("version", LATER, ids=lambda version: version.name)
    def test_a_server_of_another_version_refuses(
        self, engine: TlsEngine, version: ProtocolVersion, tmp_path: Path
    ) -> None:
        """The version is what was asked for, and no other one is spoken."""
        configuration = offer((AES128,), version)
        with (
            openssl(tmp_path, TLS_1_0, [AES128]) as port,
            Wire(engine, port, configuration) as wire,
            pytest.raises(TlsFailure) as caught,
        ):
            wire.handshake()

        assert caught.value.cause is FailureCause.PROTOCOL_VERSION


class TestOffers:
    def test_the_hello_of_tls_1_1_has_another_number_and_nothing_else(self) -> None:
        """RFC 4346 changes no field of it."""
        first, second = (
            NativeClient(offer((AES128,), version), fixed_random).data_to_send() for version in (TLS_1_0, TLS_1_1)
        )

        assert first.replace(b"\x03\x01", b"\x03\x02") == second

    def test_the_hello_of_tls_1_2_names_the_forms_of_signatures(self) -> None:
        """Signature_algorithms with SHA-256 and SHA-1, both RSA (RFC 5246 7.4.1.4.1)."""
        sent = NativeClient(offer((AES128,), TLS_1_2), fixed_random).data_to_send()
        without = NativeClient(TlsConfiguration((AES128,), versions=TLS_1_2.alone), fixed_random).data_to_send()

        assert sent[-12:] == bytes.fromhex("000a 000d 0006 0004 0401 0201")
        assert sent[9:-12] == without[9:]

    @pytest.mark.parametrize("version", [TLS_1_0, TLS_1_1], ids=lambda version: version.name)
    def test_a_suite_of_a_later_version_cannot_be_offered(self, engine: TlsEngine, version: ProtocolVersion) -> None:
        """RFC 5246 A.5: the suites with SHA-256 are of TLS 1.2; the message names the version."""
        with pytest.raises(TlsFailure, match=f"{version.name} does not have {AES128_SHA256.name}") as caught:
            engine.connect(offer((AES128, AES128_SHA256), version))

        assert caught.value.cause is FailureCause.UNSUPPORTED

    def test_a_session_of_another_version_is_not_offered(self, engine: TlsEngine) -> None:
        """A hello that resumes a session must be of its version (RFC 5246 7.4.1.2)."""
        configuration = offer((AES128,), TLS_1_1)
        with TlsliteServer([AES128], version=TLS_1_1) as server, Wire(engine, server.port, configuration) as wire:
            session = wire.handshake().session
        assert session is not None

        sent = engine.connect(TlsConfiguration((AES128,), session=session)).data_to_send()

        assert sent[43] == 0  # the length of the session id

    @pytest.mark.parametrize(
        ("rest", "alert"), [(b"", None), (b"\x00\x00", None), (b"\x00\x04\xff\x01\x00\x00", 110), (b"\x00\x01", 50)]
    )
    def test_no_extension_may_answer_a_hello_of_tls_1_2(self, rest: bytes, alert: int | None) -> None:
        """An empty list is none; anything else was not offered."""
        client = NativeClient(offer((AES128,), TLS_1_2), fixed_random)
        client.data_to_send()
        hello = server_hello(version=b"\x03\x03", rest=rest)
        stream = b"\x16\x03\x03" + record(22, hello)[3:]
        if alert is None:
            client.receive(stream)
            return

        with pytest.raises(TlsFailure):
            client.receive(stream)

        assert client.data_to_send() == bytes([21, 3, 3, 0, 2, 2, alert])

    def test_a_server_that_takes_none_of_our_signatures_gets_an_empty_certificate(self) -> None:
        """SHA-512 alone, say: there is nothing that we could sign with."""
        notes = Notes()
        configuration = offer((AES128,), TLS_1_2, identity=CLIENT.identity, observer=notes)
        client = NativeClient(configuration, fixed_random)
        request = message(13, b"\x01\x01\x00\x02\x06\x01\x00\x00")
        flight = server_hello(version=b"\x03\x03") + CERTIFICATE + request + DONE

        client.receive(b"\x16\x03\x03" + record(22, flight)[3:])

        assert ("sent", "certificate", 3) in notes.messages
        assert "> certificate_verify" not in notes.names


class TestRecords:
    @given(st.lists(st.binary(max_size=200), max_size=5), offers, st.sampled_from([(), ENCRYPT_THEN_MAC]))
    def test_what_is_sealed_can_be_opened(
        self, contents: list[bytes], offered: tuple[ProtocolVersion, CipherSuite], answered: tuple[Extension, ...]
    ) -> None:
        """Record after record, with the IV rule of each version, the MAC inside or outermost."""
        version, suite = offered
        protected = protection(Agreement(version, suite, frozenset(answered if suite.cipher.block_length > 1 else ())))
        keys = DirectionKeys(*(bytes(range(size)) for size in protected.sizes))
        write, read = protected.write_state(keys, fixed_random), protected.read_state(keys)

        apart = [fragment for content in contents for fragment in write.seal(23, [content])]
        together = write.seal(23, contents)

        assert [read.open(23, fragment) for fragment in (*apart, *together)] == contents * 2

    @given(st.lists(st.binary(max_size=200), max_size=5), offers, st.sampled_from([(), ENCRYPT_THEN_MAC]))
    def test_records_sealed_together_are_those_sealed_one_by_one(
        self, contents: list[bytes], offered: tuple[ProtocolVersion, CipherSuite], answered: tuple[Extension, ...]
    ) -> None:
        """Byte for byte: how many packets come at once does not show on the wire."""
        version, suite = offered
        protected = protection(Agreement(version, suite, frozenset(answered if suite.cipher.block_length > 1 else ())))
        keys = DirectionKeys(*(bytes(range(size)) for size in protected.sizes))
        one_by_one, together = protected.write_state(keys, bytes), protected.write_state(keys, bytes)

        assert [fragment for content in contents for fragment in one_by_one.seal(23, [content])] == list(
            together.seal(23, contents)
        )

    @pytest.mark.parametrize("version", LATER, ids=lambda version: version.name)
    def test_an_explicit_iv_makes_each_record_readable_by_itself(self, version: ProtocolVersion) -> None:
        """The first block is the IV of the rest, as a receiver that keeps no chain has it (RFC 4346 6.2.3.2)."""
        bulk = bulk_cipher(AES128, version)
        assert (bulk.sizes, bulk.explicit_iv_length) == ((20, 16, 0), 16)
        keys = DirectionKeys(bytes(20), bytes(16), b"")
        write = ProtectedWriteState(bulk, keys, fixed_random)
        write.seal(23, [b"the record before"])

        (sealed,) = write.seal(23, [b"plaintext"])

        content = bulk.decryptor(msgspec.structs.replace(keys, iv=sealed[:16]))(sealed[16:])
        assert content.startswith(b"plaintext")

    @pytest.mark.parametrize("fragment", [b"", bytes(16), bytes(32), bytes(48)])
    def test_a_record_too_short_for_iv_and_mac_is_refused(self, fragment: bytes) -> None:
        """Down to nothing at all."""
        bulk = bulk_cipher(AES128, TLS_1_1)
        read = ProtectedReadState(bulk, DirectionKeys(bytes(20), bytes(16), b""))

        with pytest.raises(FatalError):
            read.open(23, fragment)

    def test_a_stream_cipher_has_no_iv_in_any_version(self) -> None:
        """There is nothing to set in front of its records."""
        assert {bulk_cipher(RC4_SHA, version).explicit_iv_length for version in SPOKEN} == {0}
