"""Numeric addresses, as they are read wherever a host, a server or a user names one."""

import socket

import pytest

from emulator.net.addresses import numeric_address
from emulator.net.bearer import NameUnknown
from emulator.testing import Bench
from tests.commands.ssl_bench import ERROR, OK, information
from tests.net.bearers import traced_bearer

NO_ADDRESSES = [
    "127.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "2130706433",
    "1",
    "999.0.0.1",
    "127.0.0.256",
    "1.2.3.4.5",
    "::1.2.3",
]


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("010.000.0.01", "10.0.0.1"),
        ("0177.0.0.1", None),
        ("::1", "::1"),
        ("example.com", None),
        *((text, None) for text in NO_ADDRESSES),
    ],
)
def test_the_numbers_of_an_address_are_decimal(written: str, usual: str | None) -> None:
    """Never octal, and there are four of them, of at most three digits."""
    assert usual == numeric_address(written)


@pytest.mark.parametrize("text", NO_ADDRESSES)
async def test_what_only_looks_like_an_address_is_unknown(text: str) -> None:
    """The resolver of this machine would take most of them for addresses."""
    bearer = traced_bearer([])
    with pytest.raises(NameUnknown):
        await bearer.dial(text, 80)
    with pytest.raises(NameUnknown):
        await bearer.resolve(text)
    with pytest.raises(NameUnknown):
        await bearer.associate(text, 80)
    assert await bearer.ping(text, size=8, ttl=1) is None


async def test_a_dial_reads_leading_zeros_as_nothing() -> None:
    """`127.0.0.010` is 127.0.0.10, where this machine answers, too."""
    bearer = traced_bearer([])
    with socket.create_server(("127.0.0.10", 0)) as listener:
        stream = await bearer.dial("127.0.0.010", listener.getsockname()[1])
        stream.abort()
    assert "127.0.0.10" == await bearer.resolve("127.0.0.010")


async def test_a_route_knows_an_address_however_it_is_written() -> None:
    """In the rule, and where the module dials."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bearer = traced_bearer([], f"010.0.0.1:80=127.0.0.1:{listener.getsockname()[1]}")
        (await bearer.dial("10.0.0.001", 80)).abort()


@pytest.mark.parametrize("address", ["999.0.0.1", "10.1", "0x0a.0.0.1", "ten"])
async def test_commands_that_keep_an_address_take_no_other_form(address: str) -> None:
    """A context's, a name server's, a rule's."""
    async with Bench("HE910") as bench:
        assert ERROR == await bench.command(f'AT+CGDCONT=1,"IP","apn","{address}"')
        assert ERROR == await bench.command(f"AT#DNS=1,{address}")
        assert ERROR == await bench.command(f"AT#FRWL=1,{address},255.255.255.0")


async def test_a_context_keeps_its_address_without_leading_zeros() -> None:
    """And an empty one as nothing."""
    async with Bench("HE910") as bench:
        assert OK == await bench.command('AT+CGDCONT=1,"IP","apn","010.0.0.1"')
        assert information('+CGDCONT: 1,"IP","apn","10.0.0.1",0,0') == await bench.command("AT+CGDCONT?")
        assert OK == await bench.command('AT+CGDCONT=1,"IP","apn",""')
        assert information('+CGDCONT: 1,"IP","apn","",0,0') == await bench.command("AT+CGDCONT?")
