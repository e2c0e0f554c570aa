"""Data that comes late: in other portions than it was sent in."""

from tests.commands.peer import eventually
from tests.commands.socket_bench import dialled, said
from tests.commands.ssl_bench import OK, PROMPT, information


async def test_what_a_server_sends_comes_in_portions() -> None:
    """Each is rung and read alone, and nothing is lost; two pauses add up."""
    async with dialled("AT#SCFGEXT=1,1,0,0") as (bench, peer):
        for byte in (3, 5):
            bench.modem.faults.add("data-late", byte=byte, duration="2 s")
        peer.say(b"0123456789")
        await said(bench, "\r\nSRING: 1,3\r\n")
        await bench.advance(1.9)
        assert information("#SRECV: 1,3", "012") == await bench.command("AT#SRECV=1,100")
        await bench.advance(0.2)
        assert "\r\nSRING: 1,2\r\n" == bench.read()
        assert information("#SRECV: 1,2", "34") == await bench.command("AT#SRECV=1,100")
        await bench.advance(2)
        assert "\r\nSRING: 1,5\r\n" == bench.read()
        assert information("#SRECV: 1,5", "56789") == await bench.command("AT#SRECV=1,100")


async def test_what_the_module_sends_reaches_the_server_in_portions() -> None:
    async with dialled() as (bench, peer):
        bench.modem.faults.add("data-late", at="sent", byte=4, duration="5 s")
        assert PROMPT == await bench.command("AT#SSEND=1")
        bench.send("0123456789\x1a")
        await said(bench, OK)
        await eventually(lambda: bytes(peer.received) == b"0123", "the begin has come")
        await bench.advance(5.1)
        await eventually(lambda: bytes(peer.received) == b"0123456789", "the rest has come")
