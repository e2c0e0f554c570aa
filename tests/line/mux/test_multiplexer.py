"""The multiplexer of a module, spoken to by a host that was written from the standard. 27.010 5.3 to 5.5."""

import pytest

from emulator.testing import Bench
from tests.commands.ssl_bench import ERROR, OK, cme, information
from tests.line.mux.hosts import MuxHost, multiplexed
from tests.peers.mux_client import (
    CLOSE_DOWN,
    DV,
    FC,
    FLOW_OFF,
    FLOW_ON,
    LINE,
    MODEM_STATUS,
    NEGOTIATION,
    NOT_SUPPORTED,
    PORT,
    POWER_SAVING,
    RTC,
    RTR,
    SERVICES,
    TEST,
    Answer,
    Message,
    frame,
)

FIRMWARES = ["GE865-QUAD", "HE910", "GE910-QUAD", "GL865-QUAD-V3"]


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_after_its_ok_the_module_speaks_frames(firmware: str) -> None:
    async with multiplexed(firmware) as (_, host):
        for number in (1, 2, 3):
            channel = host.open(number)
            assert "ATE0\r" + OK == await channel.command("ATE0")
            assert OK == await channel.command("AT")


async def test_nothing_but_ok_is_said_before_the_first_frame() -> None:
    async with Bench() as bench:
        bench.send("AT+CMUX=0\r")
        assert OK == bench.read()
        bench.send(bytes.fromhex("F9 03 3F 01 1C F9"))
        assert bytes.fromhex("F9 03 73 01 D7 F9") == bench.read().encode("latin-1")


async def test_channels_over_the_limit_are_refused() -> None:
    async with multiplexed() as (_, host):
        assert Answer("DM", 4) == host.connect(4)
        assert Answer("DM", 61) == host.connect(61)
        assert Answer("UA", 3) == host.connect(3)
    async with multiplexed(settings=["terminal.multiplexer.channels=5"]) as (_, host):
        assert Answer("UA", 5) == host.connect(5)
        assert Answer("DM", 6) == host.connect(6)


async def test_no_channel_opens_before_the_control_channel() -> None:
    async with Bench() as bench:
        assert OK == await bench.command("AT+CMUX=0")
        host = MuxHost(bench)
        assert Answer("DM", 1) == host.connect(1)
        assert Answer("DM", 0) == host.disconnect(0)
        host.client.tell(TEST, b"too early")
        host.client.send(1, b"AT\r")
        host.pump()
        assert [] == host.messages()
        assert b"" == host.client.heard[1]
        assert Answer("UA", 0) == host.connect(0)
        assert Answer("UA", 1) == host.connect(1)


async def test_opening_twice_is_answered_twice() -> None:
    """A host whose UA was lost asks again."""
    async with multiplexed() as (_, host):
        channel = host.open(1)
        assert Answer("UA", 0) == host.connect(0)
        assert Answer("UA", 1) == host.connect(1)
        await channel.command("ATE0")
        assert OK == await channel.command("AT")


async def test_a_new_channel_tells_its_lines() -> None:
    """DSR and CTS; DCD shows whether there is a connection."""
    async with multiplexed() as (_, host):
        host.open(2)
        assert [Message(MODEM_STATUS, bytes((0x0B, RTC | RTR | 1)))] == host.messages()


async def test_closing_what_is_closed_is_answered_by_dm() -> None:
    async with multiplexed() as (_, host):
        assert Answer("DM", 1) == host.disconnect(1)
        host.open(1)
        assert Answer("UA", 1) == host.disconnect(1)
        assert Answer("DM", 1) == host.disconnect(1)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param(TEST, b"", id="empty test"),
        pytest.param(TEST, b"Is there anybody?", id="test"),
        pytest.param(TEST, bytes(range(100)), id="long test"),
        pytest.param(POWER_SAVING, b"", id="power saving"),
        pytest.param(FLOW_ON, b"", id="flow on"),
        pytest.param(LINE, bytes((0x07, 0x03)), id="line status"),
        pytest.param(PORT, bytes((0x07, 0x07, 0x03, 0x00, 0x11, 0x13, 0x7F, 0x3F)), id="port settings"),
    ],
)
async def test_messages_are_confirmed_with_their_value(kind: int, value: bytes) -> None:
    async with multiplexed() as (_, host):
        host.open(1)
        assert [Message(kind & ~2, value)] == host.tell(kind, value)


async def test_a_question_for_the_port_is_answered_with_its_settings() -> None:
    """5.4.6.3.9: a question has no more than the DLCI; until something is set, the standard's defaults are there."""
    async with multiplexed() as (_, host):
        defaults, fast = bytes((0x03, 0x03, 0, 0x11, 0x13, 0x7F, 0x3F)), bytes((0x07, 0x03, 0, 0x11, 0x13, 0x7F, 0x3F))
        assert [Message(PORT & ~2, b"\x07" + defaults)] == host.tell(PORT, b"\x07")
        assert [Message(PORT & ~2, b"\x07" + fast)] == host.tell(PORT, b"\x07" + fast)
        assert [Message(PORT & ~2, b"\x07" + fast)] == host.tell(PORT, b"\x07")
        assert [Message(PORT & ~2, b"\x0b" + defaults)] == host.tell(PORT, b"\x0b")


@pytest.mark.parametrize("kind", [MODEM_STATUS, NEGOTIATION, PORT])
async def test_messages_that_are_too_short_are_left_alone(kind: int) -> None:
    async with multiplexed() as (_, host):
        assert [] == host.tell(kind)
        assert [Message(TEST & ~2, b"alive")] == host.tell(TEST, b"alive")


async def test_parameters_are_negotiated_down() -> None:
    """5.4.6.3.1: no larger frame than the module's, UIH frames, no window; DLCI and priority as they were asked for."""
    async with multiplexed() as (_, host):
        asked = bytes((1, 0x00, 7, 10, 0x00, 0x02, 3, 2))  # 512 bytes
        assert [Message(NEGOTIATION & ~2, bytes((1, 0x00, 7, 10, 128, 0, 3, 2)))] == host.tell(NEGOTIATION, asked)
        modest = bytes((2, 0x00, 7, 10, 31, 0, 3, 2))
        assert [Message(NEGOTIATION & ~2, modest)] == host.tell(NEGOTIATION, modest)
        other_frames = bytes((3, 0x01, 7, 10, 31, 0, 3, 2))  # UI frames
        assert [Message(NEGOTIATION & ~2, bytes((3, 0x00, 7, 10, 31, 0, 3, 2)))] == host.tell(NEGOTIATION, other_frames)


async def test_what_was_negotiated_limits_the_channels_frames() -> None:
    async with multiplexed() as (_, host):
        host.tell(NEGOTIATION, bytes((1, 0x00, 7, 10, 31, 0, 3, 2)))
        channel = host.open(1)
        assert "HE910" in await channel.command("ATI4;+CGMM;+CGMR")
        await channel.command("AT&V")
        assert 31 == host.client.longest


async def test_frames_are_as_long_as_the_profile_says() -> None:
    async with multiplexed() as (_, host):
        channel = host.open(1)
        await channel.command("AT&V")
        assert 128 == host.client.longest


@pytest.mark.parametrize("kind", [SERVICES, 0x2B, 0xFF])
async def test_unknown_messages_are_named_in_the_answer(kind: int) -> None:
    async with multiplexed() as (_, host):
        assert [Message(NOT_SUPPORTED, bytes((kind,)))] == host.tell(kind, b"whatever")


async def test_responses_and_fragments_are_left_alone() -> None:
    async with multiplexed() as (_, host):
        for message in (TEST & ~2, MODEM_STATUS & ~2, NOT_SUPPORTED, CLOSE_DOWN & ~2):
            assert [] == host.tell(message, b"\x03\x0d")
        for information_field in (b"", b"\x23", b"\x23\x09ab", b"\xe3\x03\x07", b"\x23\x08\x00"):
            host.line.host_write(frame(0x03, 0xEF, information_field))
        assert [] == [message for message in host.messages() if message.type != NOT_SUPPORTED]
        assert [Message(TEST & ~2, b"alive")] == host.tell(TEST, b"alive")


async def test_several_messages_fit_into_one_frame() -> None:
    async with multiplexed() as (_, host):
        host.line.host_write(frame(0x03, 0xEF, b"\x23\x03a\x23\x05bc"))
        assert [Message(TEST & ~2, b"a"), Message(TEST & ~2, b"bc")] == host.messages()


async def test_close_down_is_confirmed_and_gives_the_port_back() -> None:
    async with multiplexed() as (bench, host):
        host.open(1)
        host.open(2)
        assert [Message(CLOSE_DOWN & ~2, b"")] == host.tell(CLOSE_DOWN)[-1:]
        assert OK == await bench.command("AT")


async def test_disc_on_the_control_channel_gives_the_port_back() -> None:
    async with multiplexed() as (bench, host):
        host.open(1)
        assert Answer("UA", 0) == host.disconnect(0)
        assert OK == await bench.command("AT")


async def test_the_port_keeps_its_settings_meanwhile() -> None:
    async with multiplexed() as (bench, host):
        assert "AT+CMEE=2\r" + OK == await host.open(1).command("AT+CMEE=2")
        host.disconnect(0)
        assert information("+CMEE: 0") == await bench.command("AT+CMEE?")
        await host.start()
        assert "AT+CMEE?\r" + information("+CMEE: 2") == await host.open(1).command("AT+CMEE?")


async def test_a_host_that_never_opens_the_control_channel_gets_the_port_back() -> None:
    async with Bench() as bench:
        assert OK == await bench.command("AT+CMUX=0")
        await bench.advance(4.9)
        bench.send("AT\r")
        assert "" == bench.read()
        await bench.advance(0.2)
        assert OK == await bench.command("AT")


async def test_a_host_that_has_opened_it_may_be_silent_for_long() -> None:
    async with multiplexed() as (bench, host):
        await bench.advance(3600)
        assert [Message(TEST & ~2, b"still here")] == host.tell(TEST, b"still here")


async def test_a_host_that_leaves_ends_the_multiplexer() -> None:
    async with multiplexed() as (bench, host):
        host.open(1)
        bench.port.host_close()
        bench.port.host_open()
        assert OK == await bench.command("AT")


async def test_a_restart_ends_the_multiplexer() -> None:
    """What was typed on a channel is gone, and the port speaks AT."""
    async with multiplexed() as (bench, host):
        one, two = host.open(1), host.open(2)
        two.send("AT+CMEE=")
        assert "AT+CMEE=" == two.read()
        await one.command("ATE0")
        assert OK == await one.command("AT#REBOOT")
        await bench.advance(60)
        bench.read()
        bench.send("AT\r")
        assert "AT\r" + OK == bench.read()
        await bench.command("ATE0")
        await host.start()
        assert "AT\r" + OK == await host.open(2).command("AT")


@pytest.mark.parametrize("fault", ["reboot", "brown-out", "port-vanished"])
async def test_faults_end_the_multiplexer(fault: str) -> None:
    async with multiplexed() as (bench, host):
        host.open(1)
        bench.modem.faults.add(fault)
        await bench.advance(60)
        if fault == "port-vanished":
            bench.port.host_open()
        bench.read()
        await bench.command("ATE0")
        assert OK == await bench.command("AT")


async def test_a_channel_cannot_be_multiplexed() -> None:
    async with multiplexed() as (_, host):
        channel = host.open(1)
        await channel.command("ATE0")
        assert ERROR == await channel.command("AT+CMUX=0")
        await channel.command("AT+CMEE=1")
        assert cme(3) == await channel.command("AT+CMUX=0")
        assert OK == await channel.command("AT")


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_what_plus_cmux_takes(firmware: str) -> None:
    async with Bench(firmware) as bench:
        await bench.command("AT+CMEE=1")
        for wrong in (
            "AT+CMUX=1",
            "AT+CMUX=0,1",
            "AT+CMUX=",
            "AT+CMUX=0,0,9",
            "AT+CMUX=0,0,5,129",
            "AT+CMUX=0,0,5,0",
        ):
            assert cme(4) == await bench.command(wrong)
        further = ",5,128" if firmware == "GE910-QUAD" else ""
        assert information(f"+CMUX: 0,0{further}") == await bench.command("AT+CMUX?")
        assert OK == await bench.command("AT+CMUX=0,0")


async def test_the_ge910_takes_a_frame_size() -> None:
    """As a driver of oFono asks for it; what is negotiated later cannot be more."""
    async with Bench("GE910-QUAD") as bench:
        assert information("+CMUX: (0),(0),(1-8),(1-128)") == await bench.command("AT+CMUX=?")
        assert OK == await bench.command("AT+CMUX=0,0,5,64")
        host = MuxHost(bench)
        host.connect(0)
        asked = bytes((1, 0x00, 7, 10, 128, 0, 3, 2))
        assert [Message(NEGOTIATION & ~2, bytes((1, 0x00, 7, 10, 64, 0, 3, 2)))] == host.tell(NEGOTIATION, asked)
        await host.open(2).command("AT&V")
        assert 64 == host.client.longest


async def test_flow_control_of_all_channels_holds_and_releases() -> None:
    """FCoff and FCon (5.4.6.3.5, 6): nothing is lost, and the control channel goes on."""
    async with multiplexed() as (_, host):
        one, two = host.open(1), host.open(2)
        for channel in (one, two):
            await channel.command("ATE0")
        assert [Message(FLOW_OFF & ~2, b"")] == host.tell(FLOW_OFF)[-1:]
        one.send("AT+CGMM\r")
        two.send("AT+CSQ\r")
        assert ("", "") == (one.read(), two.read())
        assert [Message(TEST & ~2, b"x")] == host.tell(TEST, b"x")
        host.tell(FLOW_ON)
        assert information("HE910") == one.read()
        assert information("+CSQ: 20,0") == two.read()


async def test_flow_control_of_one_channel_is_for_that_channel_only() -> None:
    async with multiplexed() as (_, host):
        one, two = host.open(1), host.open(2)
        for channel in (one, two):
            await channel.command("ATE0")
        host.client.set_lines(1, FC | RTC | RTR)
        one.send("AT+CGMM\r")
        assert "" == one.read()
        assert OK == await two.command("AT")
        host.client.set_lines(1, RTC | RTR, 0x01)
        assert information("HE910") == one.read()


async def test_modem_status_is_confirmed_with_its_break() -> None:
    async with multiplexed() as (_, host):
        host.open(1)
        value = bytes((0x07, RTC | RTR | DV, 0x33))
        assert [Message(MODEM_STATUS & ~2, value)] == host.tell(MODEM_STATUS, value)
