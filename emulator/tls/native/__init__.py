"""A TLS client to be read beside RFC 2246, 4346 and 5246: RSA key exchange, the versions and suites of `tls.wire`.

client      a session: bytes in, bytes out, plaintext both ways
handshake   the transition table, and what is done at each step
records     the record layer: connection states of both directions
ciphers     the protection of records
rsa         the two RSA operations
"""
