"""The doctor's verdict is what the emulated module does: its own #SSLD is asked at the same servers."""

import pytest

from emulator.doctor.extended import other_choices
from emulator.doctor.verdict import Verdict
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from emulator.trace.events import Dialled
from tests.commands.peer import eventually
from tests.commands.ssl_bench import OK, authenticate, ssl_bench, succeed
from tests.doctor.asking import GSM, SMALL, UMTS, V2, ask
from tests.doctor.conftest import Start
from tests.doctor.servers import NAME, SERVERS
from tests.peers.pki import CLIENT, OTHER_ROOT, ROOT, Party

FIRMWARES = (SMALL, GSM, UMTS)
"""One of each distinct behaviour."""
SILENT = ("silent", "http")
"""Servers that say nothing to a hello."""
UNDECIDED = (*SILENT, "mutual behind the handshake")
"""The last one closes as soon as the handshake is over: what #SSLD answers is a matter of milliseconds."""
TRUSTING = ("old", "rather big", "big", "expired", "incomplete", "self-signed", "gnutls mutual", "rc4")
"""Servers whose chain matters."""


@pytest.mark.parametrize("server", [name for name in SERVERS if name not in UNDECIDED])
async def test_without_authentication(serving: Start, server: str) -> None:
    """With each <cipher_suite> of each behaviour."""
    port = serving(server)

    for verdict in await ask(port, *FIRMWARES, timeout=1):
        async with ssl_bench(verdict.firmware.name, port) as bench:
            assert verdict.numbers == await _working(bench, verdict, 0)
        assert verdict.reachable is (0 in verdict.numbers)


@pytest.mark.parametrize("server", [name for name in SERVERS if name not in UNDECIDED])
async def test_with_other_versions_and_the_servers_name(serving: Start, server: str) -> None:
    """What is named works with each number that is named; where nothing is, no choice does."""
    port = serving(server)
    (verdict,) = await ask(port, V2, timeout=1)
    profile = load_firmware(V2).profile.secure_socket
    assert profile is not None
    choices = [verdict.extended] if verdict.extended is not None else other_choices(profile)

    async with ssl_bench(V2, port) as bench:
        factory = await _working(bench, verdict, 0)
        others = []
        for choice in choices if not verdict.reachable else []:
            await succeed(bench, f"AT#SSLSECCFG2=1,{choice}")
            others.append(await _working(bench, verdict, 0))

    assert verdict.reachable is (0 in factory)
    assert verdict.numbers == (factory if verdict.extended is None else others[0])
    assert verdict.extended is not None or verdict.numbers or not any(others)


@pytest.mark.parametrize("server", SILENT)
async def test_a_silent_server(serving: Start, server: str) -> None:
    """The module gives up after <Timeout>."""
    port = serving(server)

    (verdict,) = await ask(port, timeout=1)

    async with ssl_bench(UMTS, port) as bench:
        bench.send(f'AT#SSLD=1,443,"{NAME}",0,1,10\r')
        await eventually(lambda: any(isinstance(event, Dialled) for event in bench.events), "the module has dialled")
        await bench.advance(1)
        assert verdict.reachable is (await bench.answer() == OK)


@pytest.mark.parametrize("ca", [ROOT, OTHER_ROOT], ids=lambda party: party.name)
@pytest.mark.parametrize("server", TRUSTING)
async def test_with_authentication_of_the_server(serving: Start, server: str, ca: Party) -> None:
    """By the same CA certificate."""
    port = serving(server)

    for verdict in await ask(port, *FIRMWARES, mode=1, ca=[ca]):
        async with ssl_bench(verdict.firmware.name, port) as bench:
            await authenticate(bench, ca)
            assert verdict.numbers == await _working(bench, verdict, 1)


@pytest.mark.parametrize("client", [CLIENT, OTHER_ROOT], ids=lambda party: party.name)
@pytest.mark.parametrize("server", ["mutual", "gnutls mutual", "old"])
async def test_with_a_client_certificate(serving: Start, server: str, client: Party) -> None:
    """Whether the server accepts it, or not."""
    port = serving(server)

    for verdict in await ask(port, GSM, UMTS, mode=2, ca=[ROOT], client=client):
        async with ssl_bench(verdict.firmware.name, port) as bench:
            await authenticate(bench, ROOT, client)
            assert verdict.numbers == await _working(bench, verdict, 2)


async def _working(bench: Bench, verdict: Verdict, mode: int) -> tuple[int, ...]:
    """Each <cipher_suite> with which #SSLD of the module succeeds."""
    profile = load_firmware(verdict.firmware.name).profile.secure_socket
    assert profile is not None
    working = []
    for number in (0, *(choice.number for choice in profile.suites)):
        await succeed(bench, f"AT#SSLSECCFG=1,{number},{mode}")
        if await bench.command(f'AT#SSLD=1,443,"{NAME}",0,1') == OK:
            working.append(number)
            await succeed(bench, "AT#SSLH=1")
    return tuple(working)
