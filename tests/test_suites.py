"""Every cipher suite in a full AT dialogue with independent servers, with each engine that has it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

import pytest

from emulator.testing import Bench
from emulator.tls.client import TlsConfiguration, TlsFailure
from emulator.tls.engines import select_engine
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_1, TLS_1_2, ProtocolVersion
from tests.peers.pki import ROOT, SERVER
from tests.peers.processes import gnutls_server, openssl_server

NUMBERS = {
    CipherSuite.TLS_RSA_WITH_RC4_128_MD5: ("HE910", 1),
    CipherSuite.TLS_RSA_WITH_RC4_128_SHA: ("GE910-QUAD", 2),
    CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA: ("HE910", 3),
    CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA: ("GE865-QUAD", 3),
    CipherSuite.TLS_RSA_WITH_NULL_SHA: ("HE910", 4),
}
"""On which firmware, and by which number of Tab. 1, a suite is asked for."""

WITHOUT_RC4 = [suite for suite in NUMBERS if "RC4" not in suite.name]


Engine = Literal["native", "openssl"]


async def dialogue(
    suite: CipherSuite, port: int, engine: Engine, answered: Callable[[str], str], settings: Sequence[str] = ()
) -> None:
    """Server authentication, command mode, online mode, a close; `answered` is what the server makes of a line."""
    model, number = NUMBERS[suite]
    pem = ROOT.pem.decode()
    routes = {"tls.example": f"127.0.0.1:{port}"}
    async with Bench(model, settings=settings, routes=routes, tls_engine=engine) as bench:
        for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1", f"AT#SSLSECCFG=1,{number},1"):
            assert (await bench.command(line)).endswith("OK\r\n")
        assert await bench.command(f"AT#SSLSECDATA=1,1,1,{len(pem)}") == "\r\n> "
        bench.send(f"{pem}\x1a")
        assert await bench.answer() == "\r\nOK\r\n"

        assert await bench.command('AT#SSLD=1,443,"tls.example",0,1') == "\r\nOK\r\n"
        assert await bench.command("AT#SSLS=1") == f"\r\n#SSLS: 1,2,{number}\r\n\r\nOK\r\n"
        assert await bench.command("AT#SSLSEND=1") == "\r\n> "
        bench.send("command mode\n\x1a")
        assert await bench.answer() == "\r\nOK\r\n"
        assert await bench.command("AT#SSLRECV=1,1000") == (
            f"\r\n#SSLRECV: 13\r\n{answered('command mode')}\n\r\n\r\nOK\r\n"
        )

        assert await bench.command("AT#SSLO=1") == "\r\nCONNECT\r\n"
        bench.send("online mode\n")
        await bench.advance(5)
        assert await bench.until("\n") == f"{answered('online mode')}\n"
        assert await bench.escape() == "\r\nOK\r\n"
        assert await bench.command("AT#SSLH=1") == "\r\nOK\r\n"
        assert await bench.command("AT#SSLS=1") == "\r\n#SSLS: 1,1\r\n\r\nOK\r\n"


async def run(
    suite: CipherSuite,
    engine: Engine,
    server: Callable[[Path, Sequence[CipherSuite]], AbstractContextManager[int]],
    folder: Path,
    answered: Callable[[str], str],
) -> None:
    try:
        select_engine(engine, TlsConfiguration((suite,)))
    except TlsFailure:
        pytest.skip(f"this build of {engine} has no {suite.name}")
    with server(folder, [suite]) as port:
        await dialogue(suite, port, engine, answered)


@pytest.mark.parametrize("engine", ["native", "openssl"])
@pytest.mark.parametrize("suite", NUMBERS, ids=lambda suite: suite.name)
async def test_every_suite_carries_a_dialogue_with_gnutls(suite: CipherSuite, engine: Engine, tmp_path: Path) -> None:
    """gnutls-serv sends lines back as they are."""
    await run(suite, engine, gnutls_server, tmp_path, lambda line: line)


@pytest.mark.parametrize("engine", ["native", "openssl"])
@pytest.mark.parametrize("suite", WITHOUT_RC4, ids=lambda suite: suite.name)
async def test_aes_and_null_suites_carry_a_dialogue_with_openssl(
    suite: CipherSuite, engine: Engine, tmp_path: Path
) -> None:
    """`openssl s_server -rev` sends lines back reversed."""

    def server(folder: Path, suites: Sequence[CipherSuite]) -> AbstractContextManager[int]:
        ciphers = ":".join(suite.openssl_name for suite in suites)
        return openssl_server(folder, "-tls1", "-cipher", f"{ciphers}:@SECLEVEL=0", party=SERVER)

    await run(suite, engine, server, tmp_path, lambda line: line[::-1])


@pytest.mark.parametrize("engine", ["native", "openssl"])
@pytest.mark.parametrize("version", [TLS_1_1, TLS_1_2], ids=lambda version: version.name)
async def test_a_profile_decides_the_version(version: ProtocolVersion, engine: Engine, tmp_path: Path) -> None:
    """No shipped firmware speaks another one than TLS 1.0; a profile of one's own may, and nothing else is new."""
    suite = CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA
    settings = [f'secure_socket.tls_version="{version.name}"']
    if version.names_signatures:
        settings.append('secure_socket.hello.extensions=["signature_algorithms"]')
    with gnutls_server(tmp_path, [suite], version=version) as port:
        await dialogue(suite, port, engine, lambda line: line, settings)
