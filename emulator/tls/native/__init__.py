"""A TLS 1.0 client to be read beside RFC 2246: RSA key exchange, the suites of `emulator.tls.wire`, no extensions.

client      a session: bytes in, bytes out, plaintext both ways
handshake   the transition table, and what is done at each step
messages    handshake messages as values and as bytes
record      records: framing and limits
ciphers     the protection of records
keys        PRF, master secret, key block
rsa         the two RSA operations
alerts      alerts, and how a session is ended
"""

VERSION = 0x0301
"""The only version spoken, as it stands in records, hellos and the premaster secret."""
