"""Every channel of the multiplexer is an AT instance, with a line of its own. 27.010 5.4.6.3.7, V.250."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from emulator.bench import BenchHost
from emulator.line.mux.channel import ChannelPort
from emulator.line.serial.port import HIGH_MARK
from emulator.trace.events import Fault, HostPresence, HostSent
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    CONNECT,
    HOST,
    NO_CARRIER,
    OK,
    PROMPT,
    RINGING,
    cme,
    information,
    routes_to,
    socket_of,
)
from tests.line.mux.hosts import ChannelHost, MuxHost, multiplexed
from tests.peers.mux_client import DV, FC, FLOW_OFF, FLOW_ON, IC, MODEM_STATUS, RTC, RTR, Answer, frame

UP = RTC | RTR


async def silent(host: MuxHost, number: int) -> ChannelHost:
    """A channel without echo and with error numbers."""
    channel = host.open(number)
    await channel.command("ATE0;+CMEE=1")
    return channel


async def prepare(host: BenchHost) -> None:
    """Guide 2.1 and 3.1."""
    assert OK == await host.command('AT+CGDCONT=1,"IP","ibox.tim.it"')
    assert (await host.command("AT#SGACT=1,1")).endswith(OK)
    assert OK == await host.command("AT#SSLEN=1,1")


@asynccontextmanager
async def multiplexed_with_peer(
    firmware: str = "HE910", *, deaf: bool = False
) -> AsyncIterator[tuple[MuxHost, ObedientPeer]]:
    """A multiplexed port, and a TLS server at HOST."""
    with ObedientPeer(deaf=deaf) as server:
        async with multiplexed(firmware, routes=routes_to(server.port)) as (_, host):
            yield host, server


def lines_of(host: MuxHost, number: int) -> list[int]:
    """What the module has told of a channel's lines since the last call."""
    return [
        message.value[1] & ~1
        for message in host.messages()
        if message.type == MODEM_STATUS and message.value[0] >> 2 == number
    ]


async def test_each_channel_has_settings_of_its_own() -> None:
    async with multiplexed() as (_, host):
        one, two, three = (host.open(number) for number in (1, 2, 3))
        assert "ATE0\r" + OK == await one.command("ATE0")
        assert "AT+CMEE=2\r" + OK == await two.command("AT+CMEE=2")
        three.send("ATV0\r")
        assert "ATV0\r0\r" == three.read()
        one.send("AT#SGACT=9,1\r")
        two.send("AT#SGACT=9,1\r")
        three.send("AT#SGACT=9,1\r")
        assert "\r\nERROR\r\n" == one.read()
        assert "AT#SGACT=9,1\r\r\n+CME ERROR: operation not supported\r\n" == two.read()
        assert "AT#SGACT=9,1\r4\r" == three.read()


@pytest.mark.parametrize("firmware", ["GE865-QUAD", "HE910", "GE910-QUAD", "GL865-QUAD-V3"])
async def test_the_guides_dialogue_on_one_channel_while_another_asks_for_the_signal(firmware: str) -> None:
    """Guide 4.5.2, with a poll between any two of its steps."""
    async with multiplexed_with_peer(firmware) as (host, peer):
        one, two = await silent(host, 1), await silent(host, 2)

        async def step(line: str) -> str:
            one.send(f"{line}\r")
            assert information("+CSQ: 20,0") == await two.command("AT+CSQ")
            return await one.answer()

        assert OK == await step('AT+CGDCONT=1,IP,"apn"')
        assert information("#SGACT: 212.195.45.65") == await step("AT#SGACT=1,1")
        assert OK == await step("AT#SSLEN=1,1")
        assert OK == await step(f'AT#SSLD=1,443,"{HOST}",0,1')
        assert (await step("AT#SSLS=1")).startswith("\r\n#SSLS: 1,2,")
        assert PROMPT == await step("AT#SSLSEND=1")
        assert OK == await step("Send this string to the SSL server!\x1a")
        await eventually(lambda: peer.received == b"Send this string to the SSL server!\r"[:35], "the string is heard")
        one.send("AT#SSLRECV=1,15\r")
        assert information("+CSQ: 20,0") == await two.command("AT+CSQ")
        await host.bench.advance(10)
        assert "\r\n#SSLRECV: 0\r\nTIMEOUT\r\n" + OK == await one.answer()
        peer.say(b"Response of the server!")
        await eventually(lambda: socket_of(host.bench).pending >= 23, "the response comes")
        assert "\r\n#SSLRECV: 15\r\nResponse of the\r\n" + OK == await step("AT#SSLRECV=1,15")
        assert "\r\n#SSLRECV: 8\r\n server!\r\n" + OK == await step("AT#SSLRECV=1,15")
        assert OK == await step("AT#SSLH=1")


async def test_data_mode_on_one_channel_leaves_the_others_alone() -> None:
    """Each byte value passes both ways, in frames as short as the host likes."""
    async with multiplexed_with_peer() as (host, peer):
        one, two = await silent(host, 1), await silent(host, 2)
        await prepare(one)
        assert OK == await one.command("AT#SKIPESC=1")
        assert CONNECT == await one.command(f'AT#SSLD=1,443,"{HOST}",0,0')
        every_byte = bytes(range(256)) * 5
        for start in range(0, len(every_byte), 100):
            one.send(every_byte[start : start + 100])
            assert information("+CSQ: 20,0") == await two.command("AT+CSQ")
        await host.bench.advance(5)
        await eventually(lambda: peer.received == every_byte, "every byte is heard")
        peer.say(every_byte)
        heard = ""
        while len(heard) < len(every_byte):
            heard += await one.until(*map(chr, range(256)))
        assert every_byte == heard.encode("latin-1")
        assert OK == await one.escape()
        assert cme(835) == await two.command("AT#SSLH=1")
        assert OK == await one.command("AT#SSLH=1")


async def test_unsolicited_lines_go_to_the_channel_that_has_asked_for_them() -> None:
    async with multiplexed() as (bench, host):
        one, two = await silent(host, 1), await silent(host, 2)
        assert OK == await two.command("AT+CREG=1")
        bench.modem.faults.add("registration-lost")
        await bench.advance(0)
        assert ("", "\r\n+CREG: 2\r\n") == (one.read(), two.read())


async def test_the_ports_own_instance_says_nothing_among_the_frames() -> None:
    """It had asked for lines before the multiplexer began, and is heard again afterwards."""
    async with multiplexed() as (bench, host):
        host.disconnect(0)
        assert OK == await bench.command("AT+CREG=1")
        await host.start()
        host.open(1)
        bench.modem.faults.add("registration-lost")
        await bench.advance(0)
        host.pump()
        assert Answer("UA", 0) == host.disconnect(0)
        bench.modem.faults.add("registration-regained")
        await bench.advance(0)
        assert "\r\n+CREG: 1\r\n" == bench.read()


async def test_what_rings_reaches_its_channel() -> None:
    async with multiplexed_with_peer(RINGING) as (host, peer):
        one, two = await silent(host, 1), await silent(host, 2)
        await prepare(two)
        assert OK == await two.command("AT#SSLCFG=1,1,300,90,100,50,1")
        assert OK == await two.command(f'AT#SSLD=1,443,"{HOST}",0,1')
        peer.say(b"Hello")
        assert "\r\nSSLSRING: 1,5\r\n" == await two.until("SSLSRING: 1,5\r\n")
        assert "" == one.read()


async def test_dtr_is_a_bit_of_modem_status() -> None:
    """&D2 ends the connection, &D1 leaves data mode, &D0 ignores it; the host is still there and hears what happens."""
    async with multiplexed_with_peer() as (host, peer):
        one = await silent(host, 1)
        await prepare(one)
        assert OK == await one.command("AT#CMUXMODE=1")
        for setting, result in ((2, NO_CARRIER), (1, OK)):
            assert OK == await one.command(f"AT&D{setting}")
            assert CONNECT == await one.command(f'AT#SSLD=1,443,"{HOST}",0,0')
            host.client.set_lines(1, RTR)
            assert result == await one.answer()
            host.client.set_lines(1, UP)
            assert OK == await one.command("AT")
        assert CONNECT == await one.command("AT#SSLO=1")
        assert OK == await one.escape()
        assert OK == await one.command("AT&D0")
        assert CONNECT == await one.command("AT#SSLO=1")
        host.client.set_lines(1, RTR)
        peer.say(b"Hello")
        assert "Hello" == await one.until("Hello")


async def test_dtr_of_a_channel_means_nothing_while_the_mode_is_the_old_one() -> None:
    """#CMUXMODE=0, as from the factory: &D2 ends nothing."""
    async with multiplexed_with_peer() as (host, peer):
        one = await silent(host, 1)
        await prepare(one)
        assert OK == await one.command("AT&D2")
        assert CONNECT == await one.command(f'AT#SSLD=1,443,"{HOST}",0,0')
        host.client.set_lines(1, RTR)
        peer.say(b"Hello")
        assert "Hello" == await one.until("Hello")


async def test_a_host_without_dtr_is_answered_all_the_same() -> None:
    async with multiplexed() as (_, host):
        one = await silent(host, 1)
        host.client.set_lines(1, RTR)
        host.client.set_lines(1, RTR)
        assert OK == await one.command("AT")
        host.client.set_lines(2, RTR)  # a channel that is closed
        assert OK == await one.command("AT")


async def test_ri_tells_of_a_ring() -> None:
    """For a second."""
    async with multiplexed() as (bench, host):
        await silent(host, 1)
        lines_of(host, 1)
        bench.modem.at_ports["1"]._channels[1][1].notify("RING")
        assert [UP | IC] == lines_of(host, 1)
        await bench.advance(1.1)
        assert [UP] == lines_of(host, 1)


async def test_dcd_tells_of_the_connection() -> None:
    """&C1: on while the channel is in data mode. &C0: always on."""
    async with multiplexed_with_peer() as (host, peer):
        one = await silent(host, 1)
        await prepare(one)
        assert [UP] == lines_of(host, 1)
        assert CONNECT == await one.command(f'AT#SSLD=1,443,"{HOST}",0,0')
        assert [UP | DV] == lines_of(host, 1)
        assert OK == await one.escape()
        assert [UP] == lines_of(host, 1)
        assert CONNECT == await one.command("AT#SSLO=1")
        peer.close()
        assert NO_CARRIER == await one.answer()
        assert [UP | DV, UP] == lines_of(host, 1)
        assert OK == await one.command("AT&C0")
        assert [UP | DV] == lines_of(host, 1)
        host.disconnect(1)
        assert Answer("UA", 1) == host.connect(1)
        assert UP | DV == lines_of(host, 1)[-1]


async def test_flow_control_holds_what_the_peer_sends_and_loses_nothing() -> None:
    """First for the one channel, then for all; the module reads no more from the network than it can keep."""
    async with multiplexed_with_peer() as (host, peer):
        one = await silent(host, 1)
        await prepare(one)
        assert CONNECT == await one.command(f'AT#SSLD=1,443,"{HOST}",0,0')
        said = bytes(range(256)) * 1200  # more than a port holds

        async def hear_while_held() -> None:
            peer.say(said)
            await eventually(lambda: channel_of(host).congested, "the channel is full")
            assert "" == one.read()

        async def hear_the_rest() -> None:
            heard = ""
            while len(heard) < len(said):
                heard += await one.until(*map(chr, range(256)))
            assert said == heard.encode("latin-1")

        host.client.set_lines(1, UP | FC)
        await hear_while_held()
        host.client.set_lines(1, UP)
        await hear_the_rest()
        host.client.tell(FLOW_OFF)
        await hear_while_held()
        host.client.tell(FLOW_ON)
        await hear_the_rest()


async def test_a_module_that_cannot_take_more_says_so() -> None:
    """FC in the channel's MODEM_STATUS, and other channels go on; the port of a host that goes on is not read."""
    async with multiplexed_with_peer(deaf=True) as (host, peer):
        one, two = await silent(host, 1), await silent(host, 2)
        await prepare(one)
        assert CONNECT == await one.command(f'AT#SSLD=1,443,"{HOST}",0,0')

        async def send(size: int) -> None:
            for _ in range(0, size, 10_000):
                one.send(bytes(10_000))
                await host.bench.advance(0)

        lines_of(host, 1)
        while not any(lines & FC for lines in lines_of(host, 1)):
            await send(50_000)
        assert information("+CSQ: 20,0") == await two.command("AT+CSQ")
        await send(1_000_000)
        assert channel_of(host).kept < 3 * HIGH_MARK
        two.send("AT+CGMM\r")
        assert "" == two.read()
        peer.reset()
        assert NO_CARRIER == await one.answer()
        assert information("HE910") == await two.answer()


async def test_a_channel_that_is_reopened_has_its_settings_and_no_half_line() -> None:
    async with multiplexed() as (_, host):
        one = await silent(host, 1)
        one.send("AT+CSQ;+CME")
        assert Answer("UA", 1) == host.disconnect(1)
        one = host.open(1)
        assert information("+CMEE: 1") == await one.command("AT+CMEE?")


async def test_a_channel_that_is_closed_hears_and_says_nothing() -> None:
    async with multiplexed() as (bench, host):
        one = await silent(host, 1)
        assert OK == await one.command("AT+CREG=1")
        host.disconnect(1)
        host.client.send(1, b"AT\r")
        bench.modem.faults.add("registration-lost")
        await bench.advance(0)
        assert "" == one.read()


async def test_closing_a_channel_is_the_end_of_its_connection_under_d2() -> None:
    async with multiplexed_with_peer() as (host, _):
        one, two = await silent(host, 1), await silent(host, 2)
        await prepare(one)
        assert OK == await one.command("AT&D2")
        assert CONNECT == await one.command(f'AT#SSLD=1,443,"{HOST}",0,0')
        host.disconnect(1)
        assert OK == await two.command("AT")
        one = host.open(1)
        assert (await one.command("AT#SSLS=1")).startswith("\r\n#SSLS: 1,1")


async def test_ui_frames_carry_data_as_well() -> None:
    async with multiplexed() as (_, host):
        one = await silent(host, 1)
        host.line.host_write(frame(0x07, 0x03, b"AT\r"))
        assert OK == await one.answer()


async def test_a_port_that_is_full_holds_every_channel() -> None:
    """The host does not read: what the channels say waits, in order, and nothing is lost."""
    async with multiplexed() as (bench, host):
        one, two = await silent(host, 1), await silent(host, 2)
        count = 0
        while not bench.port.congested:
            one.send("AT&V\r")
            count += 1
        one.send("AT+CGMM\r")
        two.send("AT+CGMM\r")
        for _ in range(20):
            host.pump()
        heard = one.read()
        assert count == heard.count("OK\r\n") - 1
        assert heard.endswith(information("HE910"))
        assert information("HE910") == two.read()


async def test_the_trace_names_port_and_channel() -> None:
    async with multiplexed() as (bench, host):
        two = await silent(host, 2)
        await two.command("AT+CSQ")
        host.disconnect(2)
        assert ("1.2", "AT+CSQ") in [
            (event.terminal, event.text) for event in bench.events if isinstance(event, HostSent)
        ]
        stays = [event.present for event in bench.events if isinstance(event, HostPresence) and event.terminal == "1.2"]
        assert [True, False] == stays


async def test_a_fault_can_be_for_one_channel() -> None:
    async with multiplexed() as (bench, host):
        one, two = await silent(host, 1), await silent(host, 2)
        bench.modem.faults.add("activation-refused", command="#SGACT", terminal="1.2")
        assert OK == await one.command('AT+CGDCONT=1,"IP","apn"')
        assert (await one.command("AT#SGACT=1,1")).endswith(OK)
        assert OK == await one.command("AT#SGACT=1,0")
        assert cme(133) == await two.command("AT#SGACT=1,1")
        assert 1 == len([event for event in bench.events if isinstance(event, Fault)])


async def test_channels_of_two_ports_are_apart() -> None:
    async with multiplexed(ports=2) as (bench, host):
        one = await silent(host, 1)
        second = bench.hosts[1]
        assert OK == await second.command("AT+CMUX=0")
        second.send(bytes.fromhex("F9 03 3F 01 1C F9 07 3F 01 DE F9"))
        assert second.read().encode("latin-1").startswith(bytes.fromhex("F9 03 73 01 D7 F9 F9 07 73 01 15 F9"))
        assert OK == await one.command("AT")


def channel_of(host: MuxHost, number: int = 1) -> ChannelPort:
    """The module's end of a channel."""
    multiplexer = host.bench.modem.at_ports["1"]._multiplexer
    assert multiplexer is not None
    return multiplexer._channels[number]
