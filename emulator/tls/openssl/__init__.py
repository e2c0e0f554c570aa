"""OpenSSL as an engine: pyOpenSSL over memory buffers, held to what a module's TLS does.

OpenSSL does the protocol and the cryptography; the handshake is read along, which names the messages for the observer
and brings the server's chain before the verifier *before* OpenSSL sees it: a refusal is then told by exactly the alert
that the verifier chose, and nothing else has been sent in answer. From TLS 1.3 on the secrets of OpenSSL's key log open
what is read along, and seal that alert.

What the hello says is read off OpenSSL itself: `deviation.py` compares a hello that it has made with the one that is
asked for. Versions, suites, groups, signature algorithms, the server's name, tickets, encrypt_then_mac and
extended_master_secret are as asked; the order of the extensions is OpenSSL's own.

Known deviations from the native engine:

- Every hello asks for renegotiation_info: by the SCSV 00ff where it offers TLS 1.0, else by the extension (RFC 5746);
  OpenSSL has no switch for it, and before OpenSSL 4 it was the SCSV always.
- A hello_request behind the handshake is answered (no_renegotiation) but not reported: it does not pass in clear.
- The first four bytes of the client's random are the time of the host or not, as OpenSSL was built.
- A malformed record between our Finished and the server's ends the session with no alert; so do too many
  hello_requests behind the handshake.
- What OpenSSL itself refuses within a handshake of TLS 1.3 it tells in clear, before the server's Finished has come.
- Messages behind a handshake of TLS 1.3 are reported until the first data comes.
"""
