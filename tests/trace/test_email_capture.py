"""A mail in a capture: the conversation on the server's port, as it was dialled."""

from pathlib import Path

from emulator.lab.smtp_server import SmtpServer
from tests.commands.email_bench import email_bench, send
from tests.commands.ssl_bench import OK
from tests.trace.captures import conversations, read_capture


async def test_a_capture_has_the_whole_conversation(tmp_path: Path) -> None:
    """From the greeting to QUIT, the text among it: what is sent in clear text is there to see."""
    path = tmp_path / "mail.pcapng"
    with SmtpServer() as server:
        async with email_bench(server.port, pcap=path) as bench:
            assert OK == await send(bench, text=".Hello")

    (mail,) = conversations(read_capture(path))

    sent = b"".join(segment.payload for segment in mail if segment.target[1] == 25)
    assert sent.startswith(b"EHLO [212.195.45.65]\r\nMAIL FROM:<me@example.com>\r\n")
    assert sent.endswith(b"\r\n\r\n..Hello\r\n.\r\nQUIT\r\n")
