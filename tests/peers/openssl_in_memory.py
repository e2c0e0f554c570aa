"""A server of OpenSSL over memory buffers: what it says to a client can be changed before the client hears it."""

from contextlib import suppress

from cryptography import x509
from OpenSSL import SSL

from emulator.tls.client import TlsClient
from emulator.tls.wire.versions import ProtocolVersion
from tests.peers.pki import SERVER, Party


class OpensslInMemory:
    """One session of a server with one version."""

    def __init__(self, version: ProtocolVersion, party: Party = SERVER) -> None:
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.set_min_proto_version(version.number)
        context.set_max_proto_version(version.number)
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        context.use_certificate(x509.load_der_x509_certificate(party.der))
        context.use_privatekey(party.key)
        for issuer in party.chain[1:]:
            context.add_extra_chain_cert(x509.load_der_x509_certificate(issuer.der))
        self.connection = SSL.Connection(context, None)
        self.connection.set_accept_state()

    def answer(self, client: TlsClient) -> bytes:
        """Hear what the client has to say, and return what the server says to it."""
        self.connection.bio_write(client.data_to_send())
        with suppress(SSL.WantReadError):
            self.connection.do_handshake()
        return self.said()

    def said(self) -> bytes:
        """Return what waits to be sent."""
        with suppress(SSL.WantReadError):
            return self.connection.bio_read(1 << 20)
        return b""
