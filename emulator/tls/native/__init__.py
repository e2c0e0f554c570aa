"""A TLS client to be read beside RFC 2246, 4346 and 5246: RSA key exchange, up to TLS 1.2.

client            a session: bytes in, bytes out, plaintext both ways
states            the transition table of the handshake
handshake         what is done at each step
sessions          sessions to resume, by id or by ticket
records           the record layer: connection states of both directions
protection        the choice of a protection of records
ciphers           by stream and block ciphers with a MAC
encrypt_then_mac  by block ciphers with the MAC outermost
aead              by AES-GCM
rsa               the two RSA operations
"""
