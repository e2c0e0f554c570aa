"""Server sessions of TLS 1.0 to 1.2 by OpenSSL, with the suites that any build of it has."""

import socket
import ssl
import warnings


class OpensslServer:
    """A certificate, and what clients may choose: AES, and from TLS 1.2 on GCM with ECDHE."""

    def __init__(self, certificate: str, key: str) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_ciphers("AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # TLS 1.0 is what is measured
            self.context.minimum_version = ssl.TLSVersion.TLSv1
        self.context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.context.load_cert_chain(certificate, key)

    def session(self, accepted: socket.socket) -> ssl.SSLSocket:
        """Shake hands with a client that has connected."""
        return self.context.wrap_socket(accepted, server_side=True)
