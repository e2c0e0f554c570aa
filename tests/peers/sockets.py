"""What drives a `TlsClient` over a blocking socket, for every test that does."""

from emulator.testing.contracts.tls_peers import TIMEOUT, Wire

__all__ = ["TIMEOUT", "Wire"]
