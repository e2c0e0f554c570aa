"""Name the steps of an SMTP session, and the transitions between them. RFC 5321 4.1.4, RFC 3207, RFC 4954."""

from emulator.states import Symbol, Transitions


class Step(Symbol):
    """What the client waits for."""

    GREETING = "greeting"
    EHLO = "EHLO"
    HELO = "HELO"
    """A server of RFC 821 knows no other."""
    START_TLS = "STARTTLS"
    HANDSHAKE = "TLS handshake"
    """Of TLS, after which the session begins anew."""
    LOGIN = "AUTH LOGIN"
    USER = "user"
    PASSWORD = "password"
    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    DATA = "DATA"
    CONTENT = "content"
    OVER = "over"


class Verdict(Symbol):
    """What a reply means, or that a step is left out."""

    DONE = "2yz"
    GO_ON = "3yz"
    REFUSED = "4yz or 5yz"
    LEFT_OUT = "left out"


_ORDER: Transitions[Step, Verdict] = {
    (Step.GREETING, Verdict.DONE): Step.EHLO,
    (Step.EHLO, Verdict.DONE): Step.START_TLS,
    (Step.HELO, Verdict.DONE): Step.START_TLS,
    (Step.START_TLS, Verdict.LEFT_OUT): Step.LOGIN,
    (Step.START_TLS, Verdict.DONE): Step.HANDSHAKE,
    (Step.HANDSHAKE, Verdict.DONE): Step.EHLO,
    (Step.LOGIN, Verdict.LEFT_OUT): Step.SENDER,
    (Step.LOGIN, Verdict.GO_ON): Step.USER,
    (Step.USER, Verdict.GO_ON): Step.PASSWORD,
    (Step.PASSWORD, Verdict.DONE): Step.SENDER,
    (Step.SENDER, Verdict.DONE): Step.RECIPIENT,
    (Step.RECIPIENT, Verdict.DONE): Step.DATA,
    (Step.DATA, Verdict.GO_ON): Step.CONTENT,
    (Step.CONTENT, Verdict.DONE): Step.OVER,
}

TRANSITIONS: Transitions[Step, Verdict] = {
    **{(step, Verdict.REFUSED): Step.OVER for step in Step},
    **_ORDER,
    (Step.EHLO, Verdict.REFUSED): Step.HELO,
}
"""A reply that has no place here is taken for a refusal."""
