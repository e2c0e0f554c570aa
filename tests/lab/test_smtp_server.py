"""The lab's mail server, with Python's own client."""

import smtplib

import pytest

from emulator.errors import UserError
from emulator.lab import smtp_server
from emulator.lab.smtp_server import ACCOUNTS, REFUSED, ReceivedMail, SmtpServer

ME, YOU = "me@example.com", "you@example.com"


def client(server: SmtpServer) -> smtplib.SMTP:
    """A client that has connected."""
    return smtplib.SMTP("127.0.0.1", server.port, local_hostname="here", timeout=30)


def test_it_takes_mails() -> None:
    """With a login and without."""
    with SmtpServer() as server, client(server) as smtp:
        smtp.sendmail(ME, [YOU], b"Subject: a\r\n\r\n.b\r\n")
        smtp.login("telit", ACCOUNTS["telit"])
        smtp.sendmail(ME, [YOU], b"")

        first = ReceivedMail("here", None, ME, (YOU,), b"Subject: a\r\n\r\n.b\r\n")
        assert [first, ReceivedMail("here", "telit", ME, (YOU,), b"\r\n")] == server.mails
        assert repr(server) == f"<SmtpServer on {server.address}, 2 mails>"


def test_it_refuses_a_wrong_password_and_goes_on() -> None:
    """535."""
    with SmtpServer() as server, client(server) as smtp:
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            smtp.login("telit", "wrong")
        assert 535 == refused.value.smtp_code
        smtp.sendmail(ME, [YOU], b"")


def test_it_can_want_a_login() -> None:
    """530 without one."""
    with SmtpServer(accounts={"a": "b"}, requires_login=True) as server, client(server) as smtp:
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            smtp.sendmail(ME, [YOU], b"")
        assert 530 == refused.value.smtp_code
        smtp.login("a", "b")
        smtp.sendmail(ME, [YOU], b"")


def test_it_refuses_recipients() -> None:
    """Those that it was told, and takes the mail for the others."""
    with SmtpServer() as server, client(server) as smtp:
        assert {REFUSED[0]} == smtp.sendmail(ME, [YOU, REFUSED[0]], b"").keys()
        assert (YOU,) == server.mails[0].recipients


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "CONTENT"])
def test_it_fails_as_it_is_told(verb: str) -> None:
    """By another reply, or by hanging up."""
    refused = pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused))
    with SmtpServer(failing={verb: "451 Not now"}) as server, client(server) as smtp, refused:
        smtp.sendmail(ME, [YOU], b"")
    with SmtpServer(failing={verb: ""}) as server, client(server) as smtp:
        with pytest.raises(smtplib.SMTPServerDisconnected):
            smtp.sendmail(ME, [YOU], b"")
        smtp.close()


def test_closing_it_ends_its_clients() -> None:
    """Also those that say nothing; a second time does nothing."""
    server = SmtpServer()
    with client(server) as smtp:
        server.close()
        server.close()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            smtp.ehlo()
        smtp.close()
    with pytest.raises(ConnectionRefusedError):
        client(server)


def test_without_the_extra_it_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line."""
    monkeypatch.setitem(__import__("sys").modules, "aiosmtpd.smtp", None)
    with pytest.raises(UserError, match=r"telit-emulator\[lab\]"):
        smtp_server.SmtpServer()
