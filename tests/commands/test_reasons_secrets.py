"""No reason holds a secret that the host has set, whatever is wrong and whatever a server repeats."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from emulator.testing import Bench
from emulator.trace.events import Event, FtpSaid, Refused, SmtpSaid
from tests.commands.email_bench import MAIL, email_bench
from tests.commands.ftp_bench import SERVER, ftp_bench
from tests.commands.reasons import dialogue
from tests.peers.ftp_script import ScriptedFtpServer
from tests.peers.pki import CLIENT

_SECRET = "hunter2-4711"
_WIRE = base64.b64encode(_SECRET.encode()).decode()


@asynccontextmanager
async def _speaker(text: str) -> AsyncIterator[int]:
    """A server that says all at once what it has to say."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text.encode())
        await reader.read()
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def _told(events: list[Event]) -> list[str]:
    """The reasons, and the words of servers."""
    reasons = [event.reason for event in events if isinstance(event, Refused)]
    return reasons + [event.text for event in events if isinstance(event, FtpSaid | SmtpSaid)]


async def test_a_server_that_repeats_a_password_does_not_bring_it_into_the_trace() -> None:
    """FTP by its reply to PASS, mail by its reply to the login, in its form on the wire, too."""
    with ScriptedFtpServer(replies={"PASS": f"530 {_SECRET} is wrong"}) as server:
        async with ftp_bench(server.port) as bench:
            (said,) = await dialogue(bench, [(f'AT#FTPOPEN="{SERVER}","telit","{_SECRET}",1', "")])
            ftp = _told(bench.events)
    lines = ["220 hello", "250 AUTH LOGIN", "334 user", "334 password", f"535 {_SECRET} or {_WIRE} is wrong"]
    async with _speaker("".join(f"{line}\r\n" for line in lines)) as port, email_bench(port) as bench:
        await dialogue(bench, [('AT#EUSER="me"', None), (f'AT#EPASSW="{_SECRET}"', None)])
        (mailed,) = await dialogue(bench, [(f"{MAIL}\nHello\x1a", "")])
        mail = _told(bench.events)

    assert said[1] == "the server answers PASS with 530 *** is wrong"
    assert mailed[1] == "the server answers the password with 535 *** or *** is wrong"
    assert not [text for text in ftp + mail if _SECRET in text or _WIRE in text]


async def test_what_is_refused_with_a_secret_in_it_does_not_bring_it_into_a_reason() -> None:
    """Passwords of contexts, services and locks; a key that is garbage, or behind the END line."""
    key = CLIENT.key_pem.decode()
    body = key.splitlines()[1]
    lines = [
        f'AT#SGACT=1,1,"user","{_SECRET}"',
        f'AT#HTTPCFG=0,"a.example",80,9,"user","{_SECRET}"',
        f'AT+CLCK="AO",1,"{_SECRET}"',
        f'AT+CPWD="XX","{_SECRET}","{_SECRET}"',
        f'AT+CPIN="{_SECRET}"',
        f'AT#FTPOPEN="","me","{_SECRET}",1',
        f'AT#EPASSW="{_SECRET * 20}"',
        f"AT#SSLSECDATA=1,1,2,{len(key)}\n{key[40:]}\x1a",
        f"AT#SSLSECDATA=1,1,2,{len(key)}\n{key}{body}\x1a",
        f"AT#SSLSECDATA=1,1,1,{len(key)}\n{key}\x1a",
    ]
    async with Bench("HE910", settings=["pdp.password=other"]) as bench:
        await dialogue(bench, [('AT+CGDCONT=1,"IP","internet"', None), ("AT#SSLEN=1,1", None)])
        refused = await dialogue(bench, [(line, "") for line in lines])

    assert [line for line, reason in refused if reason is None] == []
    assert not [reason for _, reason in refused if reason and (_SECRET in reason or body[:20] in reason)]
