"""The client's side of an SMTP session, without I/O: what it says to each reply. RFC 5321 4.1.4, RFC 4954."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.device.connection.replies import Reply
from emulator.device.email.session import Envelope, SmtpCommand, SmtpSession

ENVELOPE = Envelope("[10.0.0.1]", "me@example.com", "you@example.com")
LOGIN = replace(ENVELOPE, user="me", password="secret")


def said(session: SmtpSession, *replies: str) -> Iterator[str]:
    """What the client says to these replies."""
    for reply in replies:
        for one in session.receive(f"{reply}\r\n".encode()):
            if isinstance(one, SmtpCommand):
                yield one.data.decode("latin-1").removesuffix("\r\n")


def test_a_mail_is_delivered_in_the_order_of_the_rfc() -> None:
    """Greeting, EHLO, MAIL, RCPT, DATA, the mail, QUIT."""
    session = SmtpSession(ENVELOPE)
    expected = ["EHLO [10.0.0.1]", "MAIL FROM:<me@example.com>", "RCPT TO:<you@example.com>", "DATA"]

    assert expected == list(said(session, "220 hi", "250-hi\r\n250 8BITMIME", "250 ok", "251 elsewhere", "354 go on"))

    assert session.takes_content
    assert b"Hello\r\n.\r\n" == session.content(b"Hello") + session.end()
    assert not session.takes_content
    assert ["QUIT"] == list(said(session, "250 taken"))
    assert session.delivered and session.is_over
    assert session.last_reply == Reply(250, ("250 taken",))
    assert [] == list(said(session, "221 bye"))
    assert session.last_reply == Reply(250, ("250 taken",))


def test_a_user_logs_in_by_auth_login() -> None:
    """In base64, which the trace does not have."""
    session = SmtpSession(LOGIN)
    replies = "220 hi\r\n250 ok\r\n334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n235 welcome\r\n"
    commands = [one for one in session.receive(replies.encode()) if isinstance(one, SmtpCommand)]

    texts = [command.text for command in commands]
    assert ["EHLO [10.0.0.1]", "AUTH LOGIN", "bWU=", "c2VjcmV0", "MAIL FROM:<me@example.com>"] == texts
    shown = [command.shown for command in commands]
    assert ["EHLO [10.0.0.1]", "AUTH LOGIN", "***", "***", "MAIL FROM:<me@example.com>"] == shown
    assert "secret" not in repr(LOGIN)


def test_an_old_server_is_greeted_by_helo() -> None:
    """RFC 5321 3.2."""
    session = SmtpSession(ENVELOPE)

    expected = ["EHLO [10.0.0.1]", "HELO [10.0.0.1]", "MAIL FROM:<me@example.com>"]
    assert expected == list(said(session, "220 hi", "502 what?", "250 hello"))


REFUSALS = {
    "greeting": ("554 no service",),
    "an EHLO out of place": ("220 hi", "354 go on", "354 go on"),
    "EHLO and HELO": ("220 hi", "500 what?", "500 what?"),
    "AUTH": ("220 hi", "250 ok", "503 no AUTH"),
    "password": ("220 hi", "250 ok", "334 a", "334 b", "535 wrong"),
    "sender": ("220 hi", "250 ok", "334 a", "334 b", "235 ok", "550 no"),
    "recipient": ("220 hi", "250 ok", "334 a", "334 b", "235 ok", "250 ok", "450 later"),
    "DATA": ("220 hi", "250 ok", "334 a", "334 b", "235 ok", "250 ok", "250 ok", "451 no"),
    "a reply out of place": ("334 go on",),
    "a success out of place": ("220 hi", "250 ok", "235 so soon"),
}


@pytest.mark.parametrize("replies", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_ends_the_session(replies: tuple[str, ...]) -> None:
    """By QUIT, and its reply is the last one."""
    session = SmtpSession(LOGIN)

    *_, last = said(session, *replies)

    assert "QUIT" == last
    assert session.is_over and not session.delivered
    assert session.last_reply is not None and replies[-1] == session.last_reply.last_line


def test_a_reply_in_the_midst_of_the_mail_ends_it_without_a_word() -> None:
    """QUIT would be a line of it."""
    session = SmtpSession(ENVELOPE)
    list(said(session, "220 hi", "250 ok", "250 ok", "250 ok", "354 go on"))
    session.content(b"Hel")

    assert [] == list(said(session, "421 I must go"))
    assert session.is_over and not session.delivered


def test_nothing_that_a_host_types_becomes_another_command() -> None:
    """Line ends are dropped, other characters become a question mark."""
    command = SmtpCommand("RCPT TO:<a>\r\nRSET\0€", "")

    assert b"RCPT TO:<a>RSET?\r\n" == command.data


@given(st.lists(st.integers(100, 599), max_size=20), st.booleans())
def test_whatever_a_server_replies_a_mail_is_delivered_only_once_it_was_taken(codes: list[int], login: bool) -> None:
    """And nothing raises."""
    session = SmtpSession(LOGIN if login else ENVELOPE)
    for code in codes:
        list(said(session, f"{code} so"))
        if session.takes_content:
            session.end()

    assert not session.delivered or (session.is_over and 200 <= (session.last_reply or Reply(0, ())).code < 300)


@given(st.binary(max_size=400))
def test_no_bytes_of_a_server_raise(data: bytes) -> None:
    """They are replies, or nothing."""
    session = SmtpSession(ENVELOPE)

    list(session.receive(data))

    assert not session.delivered
