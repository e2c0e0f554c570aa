"""Easy GPRS, the sockets before #SD: #SKTD, #SKTOP, #SKTL and their settings. AT Commands Reference Guide."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from emulator.testing import Bench
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpClient, TcpPeer, UdpPeer, said
from tests.commands.ssl_bench import CONNECT, HOST, NO_CARRIER, OK, cme, information, succeed

LINE = "GE864-GPS"
DIAL = f'AT#SKTD=0,80,"{HOST}",0,0'
ON_LINES_THAT_HAVE_THEM = pytest.mark.parametrize("firmware", [LINE, "GE910-QUAD", "GL865-QUAD V3"])


@asynccontextmanager
async def easy_bench(port: int = 1, firmware: str = LINE, **options: object) -> AsyncIterator[Bench]:
    """A module with context 1 defined; `port` is where HOST leads."""
    async with Bench(firmware, routes={HOST: f"127.0.0.1:{port}"}, **options) as bench:  # type: ignore[arg-type]
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","ibox.tim.it"', "AT#FRWL=1,10.0.0.0,255.0.0.0")
        yield bench


async def activate(bench: Bench) -> None:
    assert (await bench.command("AT#GPRS=1")).endswith(OK)


async def test_the_settings_have_their_defaults_and_ranges() -> None:
    """Packets of 300 bytes, 5 s, 90 s, 60 s, TCP to port 3333 of nobody."""
    async with easy_bench() as bench:
        for name, default, values in (
            ("#PKTSZ", 300, "(0-512)"),
            ("#DSTO", 50, "(0-255)"),
            ("#SKTTO", 90, "(0-65535)"),
            ("#SKTCT", 600, "(10-1200)"),
        ):
            assert information(f"{name}: {default}") == await bench.command(f"AT{name}?")
            assert information(f"{name}: {values}") == await bench.command(f"AT{name}=?")
        assert information('#SKTSET: 0,3333,"",0,0') == await bench.command("AT#SKTSET?")
        for line in ("#PKTSZ=513", "#DSTO=256", "#SKTTO=65536", "#SKTCT=9", "#SKTCT=1201", "#SKTSET=2,80,a"):
            assert cme(4) == await bench.command(f"AT{line}")
        for line in (
            "#SKTSET=0,0,a",
            "#SKTSET=0,80,a,1",
            "#SKTSET=0,80",
            "#SKTD=0,80,a,7",
            "#SKTL=1,0,0",
            "@SKTL=1,1,80",
        ):
            assert cme(4) == await bench.command(f"AT{line}")


async def test_a_setting_without_a_value_stays_and_the_inactivity_becomes_none() -> None:
    """`AT#SKTTO=` stands for 0, and `AT#SKTTO` alone shows it; #PKTSZ shows 300 for the module's choice."""
    async with easy_bench() as bench:
        await succeed(bench, "AT#PKTSZ=0", "AT#DSTO=7", "AT#SKTCT=200", "AT#SKTTO=30")
        await succeed(bench, "AT#DSTO=", "AT#SKTCT=", "AT#SKTTO=")
        assert information("#PKTSZ: 300") == await bench.command("AT#PKTSZ?")
        assert information("#DSTO: 7") == await bench.command("AT#DSTO?")
        assert information("#SKTCT: 200") == await bench.command("AT#SKTCT?")
        assert information("#SKTTO: 0") == await bench.command("AT#SKTTO")


async def test_settings_last_until_power_off_unless_they_are_saved(tmp_path: Path) -> None:
    """#SKTSAV keeps them but for closure and local port; #SKTRST gives the factory's back, there, too."""
    wanted = ['AT#USERID="me"', "AT#PKTSZ=200", "AT#SKTTO=30", "AT#SKTSET=1,80,www.host.nz,255,5000"]
    async with Bench(LINE, state=tmp_path) as bench:
        await succeed(bench, *wanted)
        assert information('#SKTSET: 1,80,"www.host.nz",255,5000') == await bench.command("AT#SKTSET?")
    async with Bench(LINE, state=tmp_path) as bench:
        assert information('#USERID: ""') == await bench.command("AT#USERID?")
        assert information("#PKTSZ: 300") == await bench.command("AT#PKTSZ?")
        await succeed(bench, *wanted, "AT#SKTSAV")
    async with Bench(LINE, state=tmp_path) as bench:
        assert information('#USERID: "me"') == await bench.command("AT#USERID?")
        assert information("#PKTSZ: 200") == await bench.command("AT#PKTSZ?")
        assert information("#SKTTO: 30") == await bench.command("AT#SKTTO?")
        assert information('#SKTSET: 1,80,"www.host.nz",0,0') == await bench.command("AT#SKTSET?")
        await succeed(bench, "AT#SKTRST")
        assert information("#PKTSZ: 300") == await bench.command("AT#PKTSZ?")
    async with Bench(LINE, state=tmp_path) as bench:
        assert information('#SKTSET: 0,3333,"",0,0') == await bench.command("AT#SKTSET?")


@ON_LINES_THAT_HAVE_THEM
async def test_a_dialled_connection_carries_data_until_the_escape_sequence(firmware: str) -> None:
    """CONNECT, both ways, `+++` closes; there is no way back, and the context stays."""
    async with TcpPeer() as peer, easy_bench(peer.port, firmware) as bench:
        await activate(bench)
        assert CONNECT == await bench.command(DIAL)
        client = await peer.client()
        bench.send(b"x" * 300)
        await client.heard(b"x" * 300)
        client.say(b"answer")
        await said(bench, "answer")
        bench.send(b"the rest")
        assert NO_CARRIER == await bench.escape()
        await client.heard(b"x" * 300 + b"the rest+++")
        await eventually(lambda: client.ended, "it is closed")
        assert information("#GPRS: 1") == await bench.command("AT#GPRS?")
        assert CONNECT == await bench.command(DIAL)


async def test_packets_are_those_of_their_own_settings() -> None:
    """#PKTSZ sends full packets at once, #DSTO the rest."""
    async with TcpPeer() as peer, easy_bench(peer.port) as bench:
        await activate(bench)
        await succeed(bench, "AT#PKTSZ=10", "AT#DSTO=20")
        await bench.command(DIAL)
        client = await peer.client()
        bench.send(b"0123456789abc")
        await client.heard(b"0123456789")
        await bench.advance(2)
        await client.heard(b"0123456789abc")


async def test_silence_ends_it() -> None:
    """#SKTTO; the context of #GPRS stays."""
    async with TcpPeer() as peer, easy_bench(peer.port) as bench:
        await activate(bench)
        await succeed(bench, "AT#SKTTO=30")
        await bench.command(DIAL)
        await bench.advance(29)
        assert bench.read() == ""
        await bench.advance(1)
        await said(bench, NO_CARRIER)
        assert information("#GPRS: 1") == await bench.command("AT#GPRS?")


async def test_the_peers_end_is_no_carrier_unless_the_closure_type_keeps_it() -> None:
    """With 255 the host ends it."""
    async with TcpPeer() as peer, easy_bench(peer.port) as bench:
        await activate(bench)
        await bench.command(DIAL)
        (await peer.client()).close()
        await said(bench, NO_CARRIER)
        assert CONNECT == await bench.command(f'AT#SKTD=0,80,"{HOST}",255')
        client = await peer.client(2)
        client.say(b"last")
        client.close()
        await said(bench, "last")
        assert NO_CARRIER == await bench.escape()


async def test_what_cannot_be_dialled() -> None:
    """No context is an error, as is an unknown name; a peer that refuses or is silent is NO CARRIER."""
    async with easy_bench() as bench:
        assert cme(556) == await bench.command(DIAL)
        await activate(bench)
        assert cme(558) == await bench.command('AT#SKTD=0,80,"no.such.host.invalid"')
        assert NO_CARRIER == await bench.command(DIAL)


async def test_a_silent_peer_is_given_up_after_the_connection_timeout() -> None:
    """#SKTCT; NO CARRIER."""
    async with easy_bench() as bench:
        bench.modem.faults.add("connection-unanswered")
        await activate(bench)
        await succeed(bench, "AT#SKTCT=200")
        bench.send(f"{DIAL}\r")
        await bench.advance(19)
        assert bench.read() == ""
        await bench.advance(1)
        await said(bench, NO_CARRIER)


async def test_datagrams() -> None:
    """Type 1."""
    async with UdpPeer.opened() as peer, easy_bench(peer.port) as bench:
        await activate(bench)
        await succeed(bench, "AT#PKTSZ=5")
        assert CONNECT == await bench.command(f'AT#SKTD=1,80,"{HOST}",0,0')
        bench.send(b"12345")
        await peer.heard(b"12345")
        peer.say(b"back")
        await said(bench, "back")
        assert NO_CARRIER == await bench.escape()


async def test_open_activates_the_context_and_takes_it_down() -> None:
    """#SKTOP with the user of #USERID, to the peer of #SKTSET."""
    async with TcpPeer() as peer, easy_bench(peer.port, settings=["pdp.username=me", "pdp.password=p"]) as bench:
        await succeed(bench, f"AT#SKTSET=0,80,{HOST},0,0")
        assert cme(149) == await bench.command("AT#SKTOP")
        await succeed(bench, 'AT#USERID="me"', 'AT#PASSW="p"')
        assert CONNECT == await bench.command("AT#SKTOP")
        assert NO_CARRIER == await bench.escape()
        assert information("#GPRS: 0") == await bench.command("AT#GPRS?")
        assert CONNECT == await bench.command("AT#SKTOP")
        (await peer.client(2)).close()
        await said(bench, NO_CARRIER)
        assert information("#GPRS: 0") == await bench.command("AT#GPRS?")


async def test_open_that_fails_leaves_no_context() -> None:
    """Without a peer, with an unknown one, with one that refuses."""
    async with easy_bench() as bench:
        assert cme(558) == await bench.command("AT#SKTOP")
        await succeed(bench, "AT#SKTSET=0,80,no.such.host.invalid")
        assert cme(558) == await bench.command("AT#SKTOP")
        await succeed(bench, f"AT#SKTSET=0,80,{HOST}")
        assert NO_CARRIER == await bench.command("AT#SKTOP")
        assert information("#GPRS: 0") == await bench.command("AT#GPRS?")


async def connect(bench: Bench, port: int) -> TcpClient:
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(TcpClient, *bench.modem.device.listening[port])
    return client


@pytest.mark.parametrize("command", ["#SKTL", "@SKTL"])
async def test_a_peer_that_comes_is_taken_at_once(command: str) -> None:
    """`+CONN FROM`, CONNECT, NO CARRIER at the end; the module listens no more."""
    async with easy_bench() as bench:
        assert cme(556) == await bench.command(f"AT{command}=1,0,13005")
        await activate(bench)
        await succeed(bench, f"AT{command}=1,0,13005,0")
        assert information(f"{command}: 1,0,13005,0") == await bench.command(f"AT{command}?")
        assert cme(564) == await bench.command(f"AT{command}=1,0,13006")
        assert cme(564) == await bench.command("AT#SL=1,1,13005")
        client = await connect(bench, 13005)
        client.say(b"hello")
        await said(bench, f"\r\n+CONN FROM: 127.0.0.1\r\n{CONNECT}hello")
        client.close()
        await said(bench, NO_CARRIER)
        assert information(f"{command}: 0,0,13005,0") == await bench.command(f"AT{command}?")
        assert {} == bench.modem.device.listening


async def test_listening_ends_by_the_host_or_with_the_context() -> None:
    """OK; `#SKTL: ABORT`."""
    async with easy_bench() as bench:
        await activate(bench)
        await succeed(bench, "AT#SKTL=1,0,1024,255", "AT#SKTL=0,0,1024,255", "AT#SKTL=1,0,1024")
        bench.modem.device.contexts.drop(1)
        await said(bench, "\r\n#SKTL: ABORT\r\n")
        assert information("#SKTL: 0,0,1024,0") == await bench.command("AT#SKTL?")


async def test_a_datagram_opens_a_listening_connection() -> None:
    """#SKTL=1,1; what is typed goes back to its sender."""
    async with UdpPeer.opened() as peer, easy_bench() as bench:
        await activate(bench)
        await succeed(bench, "AT#PKTSZ=4", "AT#SKTL=1,1,1024")
        peer.say(b"ping", bench.modem.device.listening[1024])
        await said(bench, f"\r\n+CONN FROM: 127.0.0.1\r\n{CONNECT}ping")
        bench.send(b"pong")
        await peer.heard(b"pong")
        assert NO_CARRIER == await bench.escape()


async def test_the_context_that_goes_down_is_no_carrier() -> None:
    """Whoever has dialled hears of it."""
    async with TcpPeer() as peer, easy_bench(peer.port) as bench:
        await activate(bench)
        await bench.command(DIAL)
        bench.modem.device.contexts.drop(1)
        await said(bench, NO_CARRIER)


async def test_a_host_sends_a_report_and_ends_its_lines_in_the_wrong_order() -> None:
    """A public host of the GM862: LF before CR, the escape sequence, no #SH."""
    request = b"GET /report.php?t=21 HTTP/1.0\r\nHost: host\r\n\r\n"
    async with TcpPeer() as peer, easy_bench(peer.port) as bench:
        script = ['AT+CGDCONT=1,"IP","internet.fido.ca","0.0.0.0",0,0', 'AT#USERID="fido"', 'AT#PASSW="fido"']
        for line in [*script, "AT#SKTSAV", "AT#GPRS=1"]:
            bench.send(f"{line}\n\r")
            assert (await bench.until("OK\r\n")).endswith(OK)
        bench.send(f'AT#SKTD=0,80,"{HOST}",0,0\n\r')
        await said(bench, CONNECT)
        client = await peer.client()
        bench.send(request)
        await bench.advance(5)
        await client.heard(request)
        client.say(b"HTTP/1.0 200 OK\r\n\r\nstored")
        await said(bench, "HTTP/1.0 200 OK\r\n\r\nstored")
        assert NO_CARRIER == await bench.escape()


async def test_12_00_has_none_of_them() -> None:
    """A plain ERROR; #SKTTO is there."""
    async with easy_bench(firmware="HE910") as bench:
        for line in (DIAL, "AT#SKTOP", "AT#SKTL?", "AT@SKTL?", "AT#SKTSET?", "AT#SKTSAV", "AT#PKTSZ?"):
            assert "\r\nERROR\r\n" == await bench.command(line)
        assert information("#SKTTO: 90") == await bench.command("AT#SKTTO?")
