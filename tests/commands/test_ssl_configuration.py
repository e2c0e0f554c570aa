"""The values that later firmware has behind the six of the guide in #SSLCFG."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509

from emulator.testing import Bench
from tests.commands.peer import ObedientPeer, RecordCounter, eventually
from tests.commands.reasons import reason_of
from tests.commands.ssl_bench import CONNECT, HOST, OK, authenticate, cme, information, prepare, succeed
from tests.peers.pki import ROOT, SERVER
from tests.peers.plain import black_hole
from tests.peers.processes import openssl_server

_TWELVE = (
    "secure_socket.configuration_tail=6",
    "secure_socket.host_mismatch={choices=[0,1],default=1}",
    "secure_socket.equal_pieces={choices=[0,1],default=0}",
    "secure_socket.connection_timeout={range=[10,1200],default=600}",
)
"""All of them, on a firmware that has none by itself."""
_NAMED = SERVER.but(
    name="named server",
    alternative_names=(x509.DNSName("*.example.com"), x509.IPAddress(IPv4Address(HOST))),
)
_MAC = 16
"""Bytes that RC4 with MD5 adds to a record."""
_OLD = ("-tls1", "-cipher", "ALL:@SECLEVEL=0")


@asynccontextmanager
async def _bench(port: int | None = None, settings: tuple[str, ...] = _TWELVE) -> AsyncIterator[Bench]:
    async with Bench(routes=_routes(port) if port else {}, settings=settings) as bench:
        await prepare(bench)
        yield bench


def _routes(port: int) -> Mapping[str, str]:
    return dict.fromkeys((HOST, "10.0.0.1", "www.example.com", "www.example.org"), f"127.0.0.1:{port}")


async def test_twelve_values_are_taken_and_shown() -> None:
    """What is left out gets the factory's value."""
    async with _bench() as bench:
        assert information("#SSLCFG: 1,1,300,90,100,50,0,0,1,0,600,0") == await bench.command("AT#SSLCFG?")
        await succeed(bench, "AT#SSLCFG=1,1,1500,0,100,10,0,0,0,1,1200,0")
        assert information("#SSLCFG: 1,1,1500,0,100,10,0,0,0,1,1200,0") == await bench.command("AT#SSLCFG?")
        await succeed(bench, "AT#SSLCFG=1,1,0,90,100,50")
        assert information("#SSLCFG: 1,1,0,90,100,50,0,0,1,0,600,0") == await bench.command("AT#SSLCFG?")


@pytest.mark.parametrize("tail", ["2", "1,2", "1,0,9", "1,0,1201", "1,0,10,1", "1,0,10,0,0"])
async def test_a_value_that_means_nothing_is_refused(tail: str) -> None:
    """<skipHostMismatch>, <equalizeTX>, <connTimeout>, the reserved one; a value too many."""
    async with _bench() as bench:
        assert cme(4) == await bench.command(f"AT#SSLCFG=1,1,300,90,100,50,0,0,{tail}")


async def test_a_firmware_without_them_takes_ten_values_with_zeros() -> None:
    """As before."""
    async with _bench(settings=("secure_socket.configuration_tail=4",)) as bench:
        await succeed(bench, "AT#SSLCFG=1,1,300,90,100,50,0,0,0,0")
        assert cme(4) == await bench.command("AT#SSLCFG=1,1,300,90,100,50,0,0,1,0")
        assert information("#SSLCFG: 1,1,300,90,100,50,0,0,0,0") == await bench.command("AT#SSLCFG?")


async def test_the_name_of_the_server_is_compared_where_the_host_asks_for_it(tmp_path: Path) -> None:
    """A name by its wildcard, an address by itself; another name and another address are refused."""
    with openssl_server(tmp_path, *_OLD, party=_NAMED) as port:
        async with _bench(port) as bench:
            await authenticate(bench, ROOT)
            for skips, accepted in ((1, True), (0, False)):
                await succeed(bench, f"AT#SSLCFG=1,1,300,90,100,50,0,0,{skips}")
                for name in ("www.example.com", HOST, "www.example.org", "10.0.0.1"):
                    answer = await bench.command(f'AT#SSLD=1,443,"{name}",0,1')
                    right = accepted or name in ("www.example.com", HOST)
                    assert (OK if right else cme(839)) == answer, name
                    if answer == OK:
                        await succeed(bench, "AT#SSLH=1")
            assert reason_of(bench) == (
                "untrusted: certificate CN=named server: issued for *.example.com, 123.124.125.126, not for 10.0.0.1; "
                "the host has asked for that check by <skipHostMismatch> 0: "
                "AT#SSLCFG=1,1,300,90,100,50,0,0,1,0,600,0 first"
            )


async def test_without_authentication_no_name_is_compared(tmp_path: Path) -> None:
    """<auth_mode> 0 judges no certificate."""
    with openssl_server(tmp_path, *_OLD, party=SERVER) as port:
        async with _bench(port) as bench:
            await succeed(bench, "AT#SSLCFG=1,1,300,90,100,50,0,0,0", f'AT#SSLD=1,443,"{HOST}",0,1')


@pytest.mark.parametrize(("equalizes", "sizes"), [(0, [100, 100, 50]), (1, [83, 83, 84])])
async def test_what_fills_a_packet_is_cut_into_pieces_of_equal_size(equalizes: int, sizes: list[int]) -> None:
    """In online mode; without it the rest waits for <txTo>."""
    with ObedientPeer() as peer, RecordCounter(peer.port) as counter:
        async with _bench(counter.port) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,1,0", f"AT#SSLCFG=1,1,100,90,100,50,0,0,1,{equalizes}")
            assert CONNECT == await bench.command(f'AT#SSLD=1,443,"{HOST}",0,0')
            bench.send("x" * 250)
            await bench.advance(5)
            await eventually(lambda: len(peer.received) == 250, "all has come")
        assert [size + _MAC for size in sizes] == counter.records


async def test_the_tcp_connection_has_a_timeout_of_its_own() -> None:
    """<Timeout> of #SSLD is that of the handshake then."""
    with black_hole() as hole:
        async with _bench(hole) as bench:
            await succeed(bench, "AT#SSLCFG=1,1,300,90,100,50,0,0,1,0,30")
            bench.send(f'AT#SSLD=1,443,"{HOST}",0,1,5000\r')
            await bench.advance(3.5)
            await bench.answer()
            assert reason_of(bench) == f"timeout: {HOST}:443 did not answer within 3 s"
