"""Plain sockets that wait for a peer: #SL, #SLUDP, #SA. Facts 5."""

import asyncio

import pytest

from emulator.device.connection.states import State
from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpClient, TcpPeer, UdpPeer, connection, said, socket_bench
from tests.commands.ssl_bench import CONNECT, HOST, NO_CARRIER, OK, PROMPT, cme, enter, information, succeed


def _address(bench: Bench, number: int = 1) -> tuple[str, int]:
    address = connection(bench, number).reachable_at
    assert address is not None
    return address


async def _connect(bench: Bench, number: int = 1) -> TcpClient:
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(TcpClient, *_address(bench, number))
    return client


async def _gone(client: TcpClient) -> None:
    await eventually(lambda: client.ended, "it is turned away")


@EVERY_LINE
async def test_a_connection_comes_in_and_is_accepted(firmware: str) -> None:
    """SRING, state 5, #SA in command mode, data both ways, the peer's end."""
    async with socket_bench(firmware) as bench:
        await succeed(bench, "AT#SL=1,1,3500")
        assert information("#SL: 1,3500,0") == await bench.command("AT#SL?")
        assert ",4," in await bench.command("AT#SS=1")
        client = await _connect(bench)
        await said(bench, "\r\nSRING: 1\r\n")
        assert ",5," in await bench.command("AT#SS=1")
        await succeed(bench, "AT#SA=1,1")
        assert OK == await bench.command("AT#SL?")
        client.say(b"question")
        await said(bench, "\r\nSRING: 1\r\n")
        assert information("#SRECV: 1,8", "question") == await bench.command("AT#SRECV=1,100")
        assert OK == await enter(bench, "AT#SSEND=1", "answer\x1a")
        await client.heard(b"answer")
        client.close()
        await said(bench, NO_CARRIER)
        assert information("#SS: 1,0") == await bench.command("AT#SS=1")


async def test_accepted_online() -> None:
    """CONNECT, and what the peer has said meanwhile."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SL=2,1,0")
        client = await _connect(bench, 2)
        client.say(b"early")
        await said(bench, "\r\nSRING: 2\r\n")
        assert CONNECT == await bench.command("AT#SA=2")
        await said(bench, "early")
        bench.send(b"z" * 300)
        await client.heard(b"z" * 300)
        assert OK == await bench.escape()
        await succeed(bench, "AT#SH=2")
        await _gone(client)


async def test_accepted_by_itself() -> None:
    """<ListenAutoRsp>: CONNECT comes as a URC, as soon as no command runs."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SSLEN=1,1", "AT#SCFGEXT=1,0,0,0,1", "AT#SL=1,1,0")
        assert PROMPT == await bench.command("AT#SSLSECDATA=1,1,1,10")
        client = await _connect(bench)
        client.say(b"hello")
        await eventually(lambda: connection(bench).state is State.INCOMING, "it has come")
        assert bench.read() == ""
        bench.send("\x1b")
        assert (await bench.until("hello")).endswith(f"{OK}{CONNECT}hello")
        bench.send(b"y" * 300)
        await client.heard(b"y" * 300)
        client.close()
        await said(bench, NO_CARRIER)


async def test_a_connection_is_turned_away() -> None:
    """By #SH, which ends listening; after another #SL the next one can be taken. IP Easy User Guide 3.2.2.2."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SL=1,1,0")
        assert cme(557) == await bench.command("AT#SH=1")
        first = await _connect(bench)
        await said(bench, "\r\nSRING: 1\r\n")
        await _gone(await _connect(bench))
        await succeed(bench, "AT#SH=1")
        await _gone(first)
        assert information("#SS: 1,0") == await bench.command("AT#SS=1")
        await succeed(bench, "AT#SL=1,1,0")
        await _connect(bench)
        await said(bench, "\r\nSRING: 1\r\n")
        await succeed(bench, "AT#SA=1,1")


@pytest.mark.parametrize("listen", ["AT#SL", "AT#SLUDP"])
async def test_a_port_is_listened_on_once(listen: str) -> None:
    """Neither on another connection nor on the same; TCP and UDP have ports of their own. IP Easy 3.2.2.2."""
    other = {"AT#SL": "AT#SLUDP", "AT#SLUDP": "AT#SL"}[listen]
    async with socket_bench() as bench:
        await succeed(bench, f"{listen}=1,1,3500")
        for line in (f"{listen}=2,1,3500", f"{listen}=1,1,3500", f"{listen}=1,1,3501", f"{other}=1,1,3500"):
            assert cme(564) == await bench.command(line), line
        assert information("#SS: 2,0") == await bench.command("AT#SS=2")
        await succeed(bench, f"{other}=2,1,3500", f"{listen}=3,1,3501", f"{listen}=1,0,3500", f"{listen}=1,1,3500")


async def test_of_two_instances_that_listen_on_one_port_at_once_one_does() -> None:
    """The port is looked at again once it has been opened."""
    async with socket_bench(ports=2) as bench:
        other = bench.hosts[1]
        bench.send("AT#SL=1,1,3500\r")
        other.send("AT+CMEE=1;#SL=2,1,3500\r")
        assert {OK, cme(564)} == {await bench.answer(), await other.answer()}


async def test_the_port_of_an_accepted_connection_is_free_for_the_next_listener() -> None:
    """With TCP; a UDP socket keeps its port until it is closed, whoever wants it."""
    async with UdpPeer.opened() as peer, socket_bench() as bench:
        await succeed(bench, "AT#SL=1,1,3500", "AT#SLUDP=2,1,3500")
        await _connect(bench)
        await said(bench, "\r\nSRING: 1\r\n")
        await succeed(bench, "AT#SA=1,1", "AT#SL=3,1,3500")
        peer.say(b"knock", _address(bench, 2))
        await said(bench, "\r\nSRING: 2\r\n")
        bench.send("AT#SA=2,1\r")
        await said(bench, f"{OK}\r\nSRING: 2\r\n")
        await succeed(bench, "AT#SCFG=4,1,300,90,600,50")
        assert cme(564) == await bench.command("AT#SLUDP=4,1,3500")
        assert cme(557) == await bench.command('AT#SD=4,1,7,"123.124.125.126",0,3500,1')
        await succeed(bench, "AT#SH=2", "AT#SLUDP=4,1,3500")


async def test_a_profile_can_listen_on_after_a_refusal() -> None:
    """`sockets.refusing_ends_listening`."""
    async with socket_bench(settings=["sockets.refusing_ends_listening=false"]) as bench:
        await succeed(bench, "AT#SL=1,1,0")
        first = await _connect(bench)
        await said(bench, "\r\nSRING: 1\r\n")
        await succeed(bench, "AT#SH=1")
        await _gone(first)
        assert ",4," in await bench.command("AT#SS=1")
        second = await _connect(bench)
        await said(bench, "\r\nSRING: 1\r\n")
        await succeed(bench, "AT#SA=1,1")
        assert not second.ended


async def test_one_that_goes_again_is_forgotten() -> None:
    """Nobody waits any more: #SA has nothing to take."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SL=1,1,0")
        client = await _connect(bench)
        await said(bench, "\r\nSRING: 1\r\n")
        client.close()
        await eventually(lambda: connection(bench).state is State.LISTENING, "it is forgotten")
        assert cme(551) == await bench.command("AT#SA=1")


async def test_a_port_without_a_number_is_reached_where_it_is_said() -> None:
    """The closed connections have no number either, and do not hide it."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SL=1,1,0")
        assert [0] == list(bench.modem.device.sockets.listening)


async def test_listening_ends() -> None:
    """By #SL=…,0, which turns a waiting connection away; by the network, which is said."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SL=1,1,0")
        client = await _connect(bench)
        await said(bench, "\r\nSRING: 1\r\n")
        await succeed(bench, "AT#SL=1,0,0")
        await _gone(client)
        assert cme(551) == await bench.command("AT#SL=1,0,0")
        await succeed(bench, "AT#SL=1,1,0", "AT#SLUDP=2,1,0")
        address = _address(bench)
        bench.modem.device.contexts.deactivate(1)
        await said(bench, "\r\n#SL: ABORTED\r\n\r\n#SL: ABORTED\r\n")
        with pytest.raises(OSError, match=r"."):
            await asyncio.get_running_loop().create_connection(TcpClient, *address)
        assert cme(556) == await bench.command("AT#SL=1,1,0")


async def test_two_modules_listen_on_one_port() -> None:
    """A free port of the machine stands for the one that is taken; the trace tells which."""
    async with socket_bench() as first, socket_bench() as second:
        await succeed(first, "AT#SL=1,1,0")
        port = _address(first)[1]
        await succeed(second, f"AT#SL=1,1,{port}")
        assert information(f"#SL: 1,{port},0") == await second.command("AT#SL?")
        await _connect(second)
        await said(second, "\r\nSRING: 1\r\n")
        assert first.read() == ""


@EVERY_LINE
async def test_udp_dialled_in_command_mode(firmware: str) -> None:
    """Each #SSEND is one datagram; a read never crosses the end of one."""
    async with UdpPeer.opened() as peer, socket_bench(firmware, peer.port) as bench:
        await succeed(bench, 'AT#SD=1,1,5000,"123.124.125.126",0,0,1')
        assert OK == await enter(bench, "AT#SSEND=1", "one\x1a")
        assert OK == await enter(bench, "AT#SSENDEXT=1,3", "two")
        await peer.heard(b"one", b"two")
        peer.say(b"first")
        peer.say(b"second")
        await eventually(lambda: connection(bench).pending == 11, "both come")
        assert bench.read() == "\r\nSRING: 1\r\n"
        assert information(f'#SRECV: "{HOST}",5000,1,2,3', "fi") == await bench.command("AT#SRECV=1,2,1")
        assert information("#SRECV: 1,3", "rst") == await bench.command("AT#SRECV=1,1500")
        assert information("#SRECV: 1,6", "second") == await bench.command("AT#SRECV=1,1500")
        await succeed(bench, "AT#SH=1")


@pytest.mark.parametrize(("dialled", "shown"), [(HOST, HOST), ("peer.example", "198.18.0.1")])
@pytest.mark.parametrize("protocol", [0, 1])
async def test_the_address_that_was_dialled_is_shown_whatever_its_route(
    dialled: str, shown: str, protocol: int
) -> None:
    """By #SS, by <UDPInfo> and by SRING in mode 3; for a name, the one that #QDNS answers."""
    async with UdpPeer.opened() as udp, TcpPeer() as tcp:
        port = udp.port if protocol else tcp.port
        async with socket_bench(port=port, routes={"peer.example": f"127.0.0.1:{port}"}) as bench:
            await succeed(bench, "AT#SCFGEXT=1,3,0,0")
            assert f'"{shown}"' in await bench.command(f"AT#QDNS={dialled}") or dialled == shown
            await succeed(bench, f'AT#SD=1,{protocol},5000,"{dialled}",0,0,1')
            assert f",{shown},5000\r\n" in await bench.command("AT#SS=1")
            assert OK == await enter(bench, "AT#SSEND=1", "hello\x1a")
            if protocol:
                await udp.heard(b"hello")
                udp.say(b"back")
            else:
                (await tcp.client()).say(b"back")
            await said(bench, f'\r\nSRING: "{shown}",5000,1,4,0,back\r\n')


async def test_udp_dialled_online() -> None:
    """Datagrams are made by <pktSz> and <txTo>."""
    async with UdpPeer.opened() as peer, socket_bench(port=peer.port) as bench:
        await succeed(bench, "AT#SCFG=1,1,4,90,600,50")
        assert CONNECT == await bench.command('AT#SD=1,1,5000,"123.124.125.126"')
        bench.send("abcdefghij")
        await peer.heard(b"abcd", b"efgh")
        await bench.advance(5.1)
        await peer.heard(b"abcd", b"efgh", b"ij")
        peer.say(b"back")
        await said(bench, "back")
        assert OK == await bench.escape()


async def test_udp_listening() -> None:
    """The first datagram rings; whoever spoke last is answered."""
    async with UdpPeer.opened() as one, UdpPeer.opened() as two, socket_bench() as bench:
        await succeed(bench, "AT#SCFGEXT=1,3,0,0", "AT#SLUDP=1,1,0")
        assert information("#SLUDP: 1,0") == await bench.command("AT#SLUDP?")
        device = _address(bench)
        one.say(b"knock", device)
        await said(bench, "\r\nSRING: 1\r\n")
        assert ",5," in await bench.command("AT#SS=1")
        bench.send("AT#SA=1,1\r")
        await said(bench, f'{OK}\r\nSRING: "127.0.0.1",{one.port},1,5,0,knock\r\n')
        assert OK == await enter(bench, "AT#SSEND=1", "who?\x1a")
        await one.heard(b"who?")
        two.say(b"me", device)
        await said(bench, f'\r\nSRING: "127.0.0.1",{two.port},1,2,0,me\r\n')
        assert OK == await enter(bench, "AT#SSEND=1", "you\x1a")
        await two.heard(b"you")
        await succeed(bench, "AT#SH=1")
        assert OK == await bench.command("AT#SLUDP?")


async def test_udp_refused() -> None:
    """What knocked is dropped, and it listens on where a refusal does not end that."""
    settings = ["sockets.refusing_ends_listening=false"]
    async with UdpPeer.opened() as peer, socket_bench(settings=settings) as bench:
        await succeed(bench, "AT#SLUDP=1,1,0")
        device = _address(bench)
        peer.say(b"knock", device)
        await said(bench, "\r\nSRING: 1\r\n")
        await succeed(bench, "AT#SH=1")
        assert ",4," in await bench.command("AT#SS=1")
        peer.say(b"again", device)
        await said(bench, "\r\nSRING: 1\r\n")
        bench.send("AT#SA=1,1\r")
        await said(bench, f"{OK}\r\nSRING: 1\r\n")
        assert information("#SRECV: 1,5", "again") == await bench.command("AT#SRECV=1,100")
