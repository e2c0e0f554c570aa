"""#BASE64: what the host sends goes out encoded, what comes is read decoded. IP Easy User Guide 3.2.1.7."""

import base64

import pytest

from emulator.device.sockets.base64_coding import Base64Coding, Decoder
from tests.commands.lines import EVERY_LINE
from tests.commands.socket_bench import UdpPeer, dialled, has_come, said, socket_bench
from tests.commands.ssl_bench import CONNECT, HOST, OK, cme, information, succeed

LINES = bytes(range(130))


@EVERY_LINE
async def test_settings_are_those_of_each_connection(firmware: str) -> None:
    """Off at first; for six connections, with two zeros; not kept."""
    async with socket_bench(firmware) as bench:
        assert information("#BASE64: (1-6),(0-2),(0-2),(0),(0)") == await bench.command("AT#BASE64=?")
        for line in ("=7,0,0", "=1,3,0", "=1,0,3", "=1,1", "=1"):
            assert cme(4) == await bench.command(f"AT#BASE64{line}")
        await succeed(bench, "AT#BASE64=2,1,2")
        shown = ["1,0,0,0,0", "2,1,2,0,0", *(f"{number},0,0,0,0" for number in range(3, 7))]
        assert information(*(f"#BASE64: {one}" for one in shown)) == await bench.command("AT#BASE64?")


async def test_a_line_of_57_octets_is_a_line_of_76_characters() -> None:
    """RFC 2045: each line with CR LF, also the last one; RFC 3548: none."""
    assert base64.encodebytes(LINES).replace(b"\n", b"\r\n") == Base64Coding(encoding=1).encode(LINES)
    assert base64.b64encode(LINES) == Base64Coding(encoding=2).encode(LINES)


async def test_in_command_mode() -> None:
    """#SSEND and #SSENDEXT encode, #SRECV decodes each reading by itself; sizes are those of the host's data."""
    async with dialled("AT#BASE64=1,1,1") as (bench, client):
        assert (await bench.command("AT#SSENDEXT=1,5")).endswith("> ")
        bench.send(b"hello")
        await client.heard(b"aGVsbG8=\r\n")
        assert (await bench.answer()).endswith(OK)
        client.say(base64.encodebytes(LINES[:60]).replace(b"\n", b"\r\n"))
        await has_come(bench, 84)
        await said(bench, "\r\nSRING: 1\r\n")
        assert information("#SRECV: 1,57", LINES[:57].decode()) == await bench.command("AT#SRECV=1,78")
        assert information("#SRECV: 1,3", LINES[57:60].decode()) == await bench.command("AT#SRECV=1,78")


async def test_in_online_mode_each_packet_is_a_text_and_what_comes_is_one_stream() -> None:
    """Set while the connection is suspended; it acts after #SO."""
    async with dialled("AT#SKIPESC=1", "AT#SCFG=1,1,57,90,600,1", online=True) as (bench, client):
        await bench.escape()
        await succeed(bench, "AT#BASE64=1,2,2")
        assert CONNECT == await bench.command("AT#SO=1")
        bench.send(LINES[:60])
        await bench.advance(0.1)
        await client.heard(base64.b64encode(LINES[:57]) + base64.b64encode(LINES[57:60]))
        for part in (b"aGV", b"sb\r\n", b"G8=aGVsbG8"):
            client.say(part)
        await said(bench, "hellohel")
        client.close()
        await said(bench, "lo\r\nNO CARRIER\r\n")


async def test_each_datagram_is_a_text() -> None:
    """With UDP."""
    async with UdpPeer.opened() as peer, socket_bench(port=peer.port) as bench:
        assert OK == await bench.command(f'AT#SD=1,1,80,"{HOST}",0,0,1')
        await succeed(bench, "AT#BASE64=1,2,2")
        assert (await bench.command("AT#SSENDEXT=1,1")).endswith("> ")
        bench.send(b"a")
        await peer.heard(b"YQ==")
        peer.say(b"YWI=")
        await said(bench, f"{OK}\r\nSRING: 1\r\n")
        assert information("#SRECV: 1,2", "ab") == await bench.command("AT#SRECV=1,100")


async def test_the_end_of_the_connection_clears_it() -> None:
    """The next one is as it is."""
    async with dialled("AT#BASE64=1,1,1") as (bench, client):
        client.close()
        await said(bench, "\r\nNO CARRIER\r\n")
        assert "#BASE64: 1,0,0,0,0" in await bench.command("AT#BASE64?")


@pytest.mark.parametrize("size", range(1, 9))
def test_pieces_of_any_size_give_the_same_octets(size: int) -> None:
    """With padding in the middle, line ends, and characters that are not in the alphabet."""
    text = b"aGVsbG8=\r\n!YQ==YWI=*YWJj"
    decoder = Decoder()

    octets = b"".join(decoder.feed(text[at : at + size]) for at in range(0, len(text), size)) + decoder.rest()

    assert octets == b"helloaababc"
