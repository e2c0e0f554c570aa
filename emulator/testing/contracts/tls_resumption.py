"""The part of the contract of TLS engines that is about sessions which are resumed, and what all parts share."""

from typing import Any

import pytest
from msgspec.structs import replace

from emulator.testing.contracts.tls_peers import AES128, AES256, Notes, Server, Wire
from emulator.tls.client import TlsConfiguration, TlsEngine
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.suites import CipherSuite, KeyExchange, suites_of
from emulator.tls.wire.versions import TLS_1_0

SUITES = suites_of(TLS_1_0, KeyExchange.RSA)


class ResumptionPromises:
    """Held by way of `TlsEngineContract`."""

    version = TLS_1_0
    """The version of TLS in which the promises are tried."""

    @pytest.fixture
    def engine(self) -> TlsEngine:
        """Return the engine that is tested."""
        raise NotImplementedError("a contract is tried with an engine: override the fixture `engine`")

    @pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.openssl_name)
    def test_the_server_sees_its_session_id_again(self, engine: TlsEngine, suite: CipherSuite) -> None:
        """An abbreviated handshake: no certificate passes, and data flows under new keys."""
        self.require(engine, suite)
        notes = Notes()
        with self.server(suite) as server:
            with Wire(engine, server.port, self.offering(suite)) as wire:
                session = wire.handshake().session
            server.wait_for(1)
            with Wire(engine, server.port, replace(self.offering(suite), session=session, observer=notes)) as wire:
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

    def test_a_server_that_has_forgotten_gets_a_full_handshake(self, engine: TlsEngine) -> None:
        """Offering an unknown session costs nothing but the abbreviation."""
        with self.server(AES128) as server, Wire(engine, server.port, self.offering(AES128)) as wire:
            session = wire.handshake().session
        with (
            self.server(AES128) as other,
            Wire(engine, other.port, replace(self.offering(AES128), session=session)) as wire,
        ):
            client = wire.handshake()

            assert (client.resumed, len(client.peer_chain)) == (False, 2)
            assert client.session is not None

    def test_a_session_of_another_suite_or_engine_is_not_offered(self, engine: TlsEngine) -> None:
        """A kept session counts only where it can be used: the handshake is then full."""
        with self.server(AES128, AES256) as server:
            with Wire(engine, server.port, self.offering(AES128)) as wire:
                session = wire.handshake().session
            assert session is not None
            for unusable in (
                replace(self.offering(AES256), session=session),
                replace(self.offering(AES128), session=_Foreign()),
            ):
                with Wire(engine, server.port, unusable) as wire:
                    assert not wire.handshake().resumed

    def offering(self, *suites: CipherSuite) -> TlsConfiguration:
        """Return a configuration that offers `suites` in the contract's version and accepts every chain."""
        extensions = (Extension.SIGNATURE_ALGORITHMS,) if self.version.names_signatures else ()
        return TlsConfiguration(suites, versions=self.version.alone, extensions=extensions)

    def server(self, *suites: CipherSuite, **options: Any) -> Server:
        """Return a server of the contract's version."""
        return Server(*suites, versions=(self.version.name, self.version.name), **options)

    def record(self, content_type: int, rest: bytes) -> bytes:
        """Return a record of the contract's version; `rest` begins with its length."""
        return bytes([content_type]) + self.version.record_number.to_bytes(2, "big") + rest

    def require(self, engine: TlsEngine, suite: CipherSuite) -> None:
        """Skip the test of a suite that the engine cannot offer."""
        if not engine.supports([suite], self.version):
            pytest.skip(f"the {engine.name} engine has no {suite.name}")


class _Foreign:
    suite = AES128
