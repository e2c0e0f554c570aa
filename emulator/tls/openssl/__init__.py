"""OpenSSL as an engine: pyOpenSSL over memory buffers, held to what a module's TLS does.

OpenSSL does the protocol and the cryptography; what passes in clear is read along, which names the messages for the
observer and brings the server's chain before the verifier *before* OpenSSL sees it: a refusal is then told by exactly
the alert that the verifier chose, and nothing else has been sent in answer.

Known deviations from the native engine:

- The ClientHello always ends its list with the renegotiation SCSV 00ff (RFC 5746): OpenSSL has no switch for it.
- A hello_request behind the handshake is answered (no_renegotiation) but not reported: it does not pass in clear.
- From TLS 1.2 on, the hello names more signature algorithms than the native engine's.
- The first four bytes of the client's random are the time of the host or not, as OpenSSL was built.
- A malformed record between our Finished and the server's ends the session with no alert; so do too many
  hello_requests behind the handshake.
"""
