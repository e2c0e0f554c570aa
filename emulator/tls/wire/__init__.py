"""Wire formats of TLS, for both engines, the sniffer and the faults.

versions    the versions of the protocol, each by its rules
suites      the table of cipher suites
records     records: framing and limits
handshake   the messages of a handshake, cut out of records and named
messages    their bodies, as values and as bytes
vectors     fields of bodies, and a reader of them
extensions  the extensions of hellos: when they are sent, and what they say
signatures  the forms of signatures, with their names and numbers
alerts      alerts, and how a session is ended
idling      limits on warnings, empty records and requests to negotiate again
keys        PRF, master secret, key block, Finished
failures    why a session fails

Nothing here imports another part of `emulator.tls`; cryptography is loaded when it is first used.
"""
