"""#PADCMD, #PADFWD, #ST, #ICMP: forwarding by a character, types of connections, echo replies. IP Easy User Guide."""

import pytest

from emulator.errors import UserError
from tests.commands.lines import EVERY_LINE
from tests.commands.socket_bench import UdpPeer, dialled, said, socket_bench
from tests.commands.ssl_bench import CONNECT, HOST, cme, information, succeed


@EVERY_LINE
async def test_settings_have_ranges_and_belong_to_the_user_profile(firmware: str) -> None:
    """Off, character 0; &W keeps them."""
    async with socket_bench(firmware) as bench:
        for name, default, values in (
            ("#PADCMD", "0", "(0,1)"),
            ("#PADFWD", "0,0", "(0-255),(0)"),
            ("#ICMP", "0", "(0-2)"),
        ):
            assert information(f"{name}: {default}") == await bench.command(f"AT{name}?")
            assert information(f"{name}: {values}") == await bench.command(f"AT{name}=?")
        for line in ("#PADCMD=2", "#PADFWD=256", "#PADFWD=65,1", "#ICMP=3"):
            assert cme(4) == await bench.command(f"AT{line}")
        await succeed(bench, "AT#PADCMD=1", "AT#PADFWD=65", "AT#ICMP=1", "AT&W", "AT&F1E0")
        assert information("#PADCMD: 0") == await bench.command("AT#PADCMD?")
        await succeed(bench, "ATZ")
        assert information("#PADCMD: 1") == await bench.command("AT#PADCMD?")
        assert information("#PADFWD: 65,0") == await bench.command("AT#PADFWD?")
        assert information("#ICMP: 1") == await bench.command("AT#ICMP?")


async def test_the_character_sends_what_waits_and_goes_with_it() -> None:
    """What follows it waits for the next one, or for its time."""
    async with dialled("AT#PADFWD=65", "AT#PADCMD=1", online=True) as (bench, client):
        bench.send(b"oneAtwoAthree")
        await client.heard(b"oneAtwoA")
        bench.send(b"A")
        await client.heard(b"oneAtwoAthreeA")
        bench.send(b"four")
        await bench.advance(5)
        await client.heard(b"oneAtwoAthreeAfour")


async def test_each_character_ends_a_datagram() -> None:
    """With UDP."""
    async with UdpPeer.opened() as peer, socket_bench(port=peer.port) as bench:
        await succeed(bench, "AT#PADFWD=13", "AT#PADCMD=1")
        assert CONNECT == await bench.command(f'AT#SD=1,1,80,"{HOST}"')
        bench.send(b"one\rtwo\r")
        await peer.heard(b"one\r", b"two\r")


async def test_the_character_means_nothing_while_forwarding_is_off() -> None:
    """#PADCMD=0: the packet waits for its time."""
    async with dialled("AT#PADFWD=65", online=True) as (bench, client):
        bench.send(b"oneA")
        await bench.advance(4.9)
        assert b"" == bytes(client.received)
        await bench.advance(0.1)
        await client.heard(b"oneA")


async def test_the_type_of_each_connection() -> None:
    """TCP that was dialled, TCP and UDP that listen, none; six lines without a number."""
    async with dialled() as (bench, client):
        await succeed(bench, "AT#SL=2,1,3500", "AT#SLUDP=3,1,3500")
        shown = ["1,1,1", "2,1,2", "3,2,2", "4,0,0", "5,0,0", "6,0,0"]
        assert information(*(f"#ST: {one}" for one in shown)) == await bench.command("AT#ST")
        assert information("#ST: 3,2,2") == await bench.command("AT#ST=3")
        client.close()
        await said(bench, "\r\nNO CARRIER\r\n")
        assert information("#ST: 1,0,0") == await bench.command("AT#ST=1")
        assert cme(4) == await bench.command("AT#ST=7")


async def test_an_echo_request_is_answered_as_the_host_has_set() -> None:
    """Nobody's; those of #FRWL's peers; everybody's; none without a context."""
    async with socket_bench() as bench:
        modem = bench.modem
        assert [False, False] == [modem.ping("10.1.2.3"), modem.ping("192.0.2.1")]
        await succeed(bench, "AT#ICMP=1")
        assert [True, False] == [modem.ping("10.1.2.3"), modem.ping("192.0.2.1")]
        await succeed(bench, "AT#ICMP=2")
        assert [True, True] == [modem.ping("10.1.2.3"), modem.ping("192.0.2.1")]
        await succeed(bench, "AT#SGACT=1,0")
        assert not modem.ping("10.1.2.3")
        with pytest.raises(UserError, match=r"ping echo\.lab: give the IPv4 address"):
            modem.ping("echo.lab")
