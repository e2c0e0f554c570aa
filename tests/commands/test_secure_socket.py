"""The SSL socket in command mode: enabling, configuring, dialling, sending, receiving, closing."""

import asyncio
from pathlib import Path

import pytest

from emulator.testing import Bench
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    CONNECT,
    ERROR,
    GSM,
    HOST,
    NO_CARRIER,
    OK,
    PROMPT,
    RINGING,
    UMTS,
    cme,
    dial,
    enter,
    has_come,
    information,
    socket_of,
    ssl_bench,
    succeed,
)

_COMMANDS = [
    "AT#SSLSECCFG=1,0,0",
    "AT#SSLSECCFG?",
    "AT#SSLCFG=1,1,300,90,100,50",
    "AT#SSLCFG?",
    "AT#SSLSECDATA=1,2,0",
    "AT#SSLSECDATA?",
    f'AT#SSLD=1,443,"{HOST}",0,1',
    "AT#SSLO=1",
    "AT#SSLH=1",
    "AT#SSLSEND=1",
    "AT#SSLSENDEXT=1,10",
    "AT#SSLRECV=1,10",
    "AT#SSLEN=1,0",
]


def test_everything_fails_until_ssl_is_enabled_but_its_tests_and_its_state() -> None:
    """Guide 3.1, warning; with +CMEE=0 the failure is a plain ERROR."""

    async def scenario() -> None:
        async with Bench(GSM) as bench:
            for command in (*_COMMANDS, "AT#SSLFASTD=1"):
                assert ERROR == await bench.command(command)
            await succeed(bench, "AT+CMEE=1")
            for command in (*_COMMANDS, "AT#SSLFASTD=1"):
                assert cme(836) == await bench.command(command)
            assert information("#SSLEN: 1,0") == await bench.command("AT#SSLEN?")
            assert information("#SSLS: 1,0") == await bench.command("AT#SSLS=1")
            assert information("#SSLEN: (1),(0,1)") == await bench.command("AT#SSLEN=?")

    asyncio.run(scenario())


def test_ssl_is_enabled_once_and_disabled_once() -> None:
    """A second time either is an error."""

    async def scenario() -> None:
        async with ssl_bench() as bench:
            assert cme(835) == await bench.command("AT#SSLEN=1,1")
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
            await succeed(bench, "AT#SSLEN=1,0")
            assert cme(836) == await bench.command("AT#SSLEN=1,0")
            await succeed(bench, "AT+CMEE=2")
            assert "\r\n+CME ERROR: SSL not activated\r\n" == await bench.command("AT#SSLEN=1,0")

    asyncio.run(scenario())


def test_ssl_belongs_to_the_instance_that_enabled_it() -> None:
    """Another AT instance is refused until the owner has disabled SSL (guide 3.1, note)."""

    async def scenario() -> None:
        async with ssl_bench() as bench:
            socket_of(bench).owner = object()
            for command in _COMMANDS:
                assert cme(835) == await bench.command(command)
            assert cme(835) == await bench.command("AT#SSLEN=1,1")
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("firmware", "expected"),
    [
        (GSM, ["#SSLSECCFG: (1),(0-3),(0-2)", "#SSLH: (1),(0,1)", "#SSLFASTD: (1),(0,1),(10-5000)"]),
        (UMTS, ["#SSLSECCFG: (1),(0-4),(0-2),(0-1)", "#SSLH: (1),(0)", None]),
    ],
)
def test_the_ranges_are_those_of_the_firmware(firmware: str, expected: list[str | None]) -> None:
    """The test forms, as the firmware narrows them."""

    async def scenario() -> None:
        async with Bench(firmware) as bench:
            for name, line in zip(("#SSLSECCFG", "#SSLH", "#SSLFASTD"), expected, strict=True):
                assert (ERROR if line is None else information(line)) == await bench.command(f"AT{name}=?")
            closures = "(0)" if firmware == UMTS else "(0,1)"
            for line in (
                f"#SSLD: (1),(1-65535),,{closures},(0,1),(10-5000)",
                "#SSLSECDATA: (1),(0-2),(0-2),(1-2047)",
                "#SSLS: (1)",
                "#SSLO: (1)",
                "#SSLSEND: (1),(1-5000)",
                "#SSLSENDEXT: (1),(1-1500),(1-5000)",
                "#SSLRECV: (1),(1-1000),(1-5000)",
            ):
                assert information(line) == await bench.command(f"AT{line.partition(':')[0]}=?")

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "line",
    [
        "AT#SSLEN=2,1",
        "AT#SSLEN=1",
        "AT#SSLSECCFG=1,4,0",
        "AT#SSLSECCFG=1,0,0,1",
        "AT#SSLCFG=1,2,300,90,100,50",
        "AT#SSLCFG=1,1,1501,90,100,50",
        "AT#SSLCFG=1,1,300,90,9,50",
        "AT#SSLD=1,0,host,0,1",
        "AT#SSLD=1,443,,0,1",
        "AT#SSLD=1,443,host",
        "AT#SSLD=1,443,host,2",
        "AT#SSLD=1,443,host,0,2",
        "AT#SSLD=1,443,host,0,1,9",
        "AT#SSLRECV=1,1001",
        "AT#SSLRECV=1",
        "AT#SSLSENDEXT=1,0",
    ],
)
def test_a_value_out_of_range_is_not_supported(line: str) -> None:
    """Facts 1: operation not supported, under +CMEE=2 as text."""

    async def scenario() -> None:
        async with ssl_bench(GSM) as bench:
            await succeed(bench, "AT+CMEE=2")
            assert "\r\n+CME ERROR: operation not supported\r\n" == await bench.command(line)

    asyncio.run(scenario())


def test_the_certificate_format_is_read_back_only_once_it_was_given() -> None:
    """Guide 3.2, note: hidden until given, then the last one given; a new power session hides it again."""

    async def scenario() -> None:
        async with ssl_bench() as bench:
            for given, shown in (
                ("1,0,0", "1,0,0"),
                ("1,0,1,0", "1,0,1,0"),
                ("1,0,2", "1,0,2,0"),
                ("1,3,0,1", "1,3,0,1"),
                ("1,4,0,", "1,4,0,1"),
            ):
                await succeed(bench, f"AT#SSLSECCFG={given}")
                assert information(f"#SSLSECCFG: {shown}") == await bench.command("AT#SSLSECCFG?")
            await succeed(bench, "AT#REBOOT")
            await bench.advance(10)
            await bench.command("ATE0")
            assert information("#SSLSECCFG: 1,4,0") == await bench.command("AT#SSLSECCFG?")

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("firmware", "shown"),
    [(GSM, "1,1,1000,0,5000,1,0,0,0,0"), (UMTS, "1,1,1000,0,5000,1"), (RINGING, "1,1,1000,0,5000,1,0,0,0,0")],
)
def test_the_configuration_is_read_back_as_the_firmware_prints_it(firmware: str, shown: str) -> None:
    """Six values, and on some firmwares four more."""

    async def scenario() -> None:
        async with ssl_bench(firmware) as bench:
            await succeed(bench, "AT#SSLCFG=1,1,1000,0,5000,1")
            assert information(f"#SSLCFG: {shown}") == await bench.command("AT#SSLCFG?")

    asyncio.run(scenario())


def test_settings_outlive_the_emulator_in_its_state_folder(tmp_path: Path) -> None:
    """#SSLEN, #SSLSECCFG and #SSLCFG are kept at once, and the next instance that uses SSL owns it."""

    async def scenario() -> None:
        async with ssl_bench(RINGING, state=tmp_path) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,3,0", "AT#SSLCFG=1,1,500,60,70,8,1")
        async with Bench(RINGING, state=tmp_path) as bench:
            assert information("#SSLEN: 1,1") == await bench.command("AT#SSLEN?")
            assert information("#SSLSECCFG: 1,3,0") == await bench.command("AT#SSLSECCFG?")
            assert information("#SSLCFG: 1,1,500,60,70,8,1,0,0,0") == await bench.command("AT#SSLCFG?")
            assert information('+CGDCONT: 1,"IP","ibox.tim.it","",0,0') == await bench.command("AT+CGDCONT?")

    asyncio.run(scenario())


def test_an_open_socket_refuses_what_only_a_closed_one_allows() -> None:
    """And a closed one what only an open one allows."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(GSM, peer.port) as bench:
                for command in ("AT#SSLO=1", "AT#SSLH=1", "AT#SSLSEND=1", "AT#SSLSENDEXT=1,5", "AT#SSLRECV=1,5"):
                    assert cme(833) == await bench.command(command)
                await dial(bench)
                for command in (*_COMMANDS[0:1], *_COMMANDS[2:3], *_COMMANDS[4:5], "AT#SSLEN=1,0", "AT#SSLFASTD=1"):
                    assert cme(834) == await bench.command(command)
                assert cme(834) == await bench.command(f'AT#SSLD=1,443,"{HOST}",0,1')
                assert cme(835) == await bench.command("AT#SSLEN=1,1")
                await succeed(bench, "AT#SSLH=1")
                assert cme(833) == await bench.command("AT#SSLH=1")

    asyncio.run(scenario())


def test_sending_takes_the_text_up_to_ctrl_z() -> None:
    """BS deletes, what is over the limit is dropped, ESC sends nothing (facts 3, #SSLSEND)."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                assert OK == await enter(bench, "AT#SSLSEND=1", b"Send thiz\x08s\x1a")
                assert OK == await enter(bench, "AT#SSLSEND=1,10", b"nothing\x1b")
                assert OK == await enter(bench, "AT#SSLSEND=1", b"x" * 1030 + b"\x1a")
                await eventually(lambda: len(peer.received) >= 9 + 1023, "all of it is heard")
                assert b"Send this" + b"x" * 1023 == peer.received

    asyncio.run(scenario())


def test_counted_sending_takes_every_byte_as_data() -> None:
    """#SSLSENDEXT: Ctrl-Z, ESC, BS and +++ among them."""

    async def scenario() -> None:
        data = bytes(range(256)) + b"+++"
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                assert OK == await enter(bench, f"AT#SSLSENDEXT=1,{len(data)},600", data)
                await eventually(lambda: len(peer.received) >= len(data), "all of it is heard")
                assert data == peer.received

    asyncio.run(scenario())


@pytest.mark.parametrize("name", ["#SSLRECV", "#SSLRCV"])
def test_the_answer_to_a_read_carries_the_name_that_was_used(name: str) -> None:
    """At most as many bytes as asked for; CRLF CRLF OK after the data."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                peer.say(b"Response of the server!")
                await has_come(bench, 23)
                assert information(f"{name}: 15", "Response of the") == await bench.command(f"AT{name}=1,15")
                assert information(f"{name}: 8", " server!") == await bench.command(f"at{name.lower()}=1,15")

    asyncio.run(scenario())


def test_a_read_waits_for_data_and_then_answers_at_once() -> None:
    """Blocking mode, guide 4.2.2."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port, settings=["terminal.prompt_echo=false"]) as bench:
                await dial(bench)
                bench.send("AT#SSLRECV=1,1000,5000\r")
                await bench.advance(499)
                assert "" == bench.read()
                peer.say(b"!")
                assert information("#SSLRECV: 1", "!") == await bench.answer()

    asyncio.run(scenario())


@pytest.mark.parametrize(("parameter", "seconds"), [(",7", 0.7), ("", 4.0)])
def test_a_read_gives_up_after_its_timeout_or_the_default_one(parameter: str, seconds: float) -> None:
    """`#SSLRECV: 0`, `TIMEOUT`, OK; without a timeout of its own <defTo> counts (guide 3.4, 4.2.2.2)."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await succeed(bench, "AT#SSLCFG=1,1,300,90,40,50")
                await dial(bench)
                bench.send(f"AT#SSLRECV=1,10{parameter}\r")
                await bench.advance(seconds - 0.1)
                assert "" == bench.read()
                await bench.advance(0.1)
                assert information("#SSLRECV: 0", "TIMEOUT") == bench.read()
                assert information("#SSLS: 1,2,3") == await bench.command("AT#SSLS=1")

    asyncio.run(scenario())


def test_no_carrier_follows_the_last_byte_that_a_closed_peer_sent() -> None:
    """Guide 4.3 and the note of 4.5.2; then no #SSLH is needed, and sending says that the peer is gone."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                peer.say(b"Farewell")
                peer.close()
                await has_come(bench, 8)
                await eventually(lambda: "closed" in repr(socket_of(bench)._channel), "close_notify has come")
                assert cme(840) == await enter(bench, "AT#SSLSEND=1", b"too late\x1a")
                assert information("#SSLRECV: 4", "Fare") == await bench.command("AT#SSLRECV=1,4")
                assert information("#SSLRECV: 4", "well") + NO_CARRIER == await bench.command("AT#SSLRECV=1,4")
                assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
                assert cme(840) == await bench.command("AT#SSLSEND=1")
                assert cme(833) == await bench.command("AT#SSLRECV=1,4")
                assert cme(833) == await bench.command("AT#SSLH=1")
                await dial(bench)

    asyncio.run(scenario())


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_a_peer_that_ends_with_nothing_left_to_read_is_reported_at_once(ending: str) -> None:
    """In order or by a reset: NO CARRIER, once, and the socket is closed."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                getattr(peer, ending)()
                assert NO_CARRIER == await bench.until(NO_CARRIER)
                assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
                await bench.advance(1000)
                assert "" == bench.read()

    asyncio.run(scenario())


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_a_blocked_read_ends_with_no_carrier_when_the_peer_ends(ending: str) -> None:
    """The read itself says it, and nothing says it again."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                bench.send("AT#SSLRECV=1,10,5000\r")
                await bench.advance(1)
                getattr(peer, ending)()
                assert NO_CARRIER == await bench.answer()
                assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")

    asyncio.run(scenario())


def test_a_profile_can_say_disconnected_instead() -> None:
    """Public hosts know both; the guide says NO CARRIER."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port, settings=["secure_socket.peer_closed=DISCONNECTED"]) as bench:
                await dial(bench)
                bench.send("AT#SSLRECV=1,10,5000\r")
                await bench.advance(1)
                peer.close()
                assert information("#SSLRECV: 0", "DISCONNECTED") == await bench.answer()

    asyncio.run(scenario())


def test_the_peer_may_end_while_the_host_is_at_the_prompt() -> None:
    """The entry fails as disconnected; the end is said after it."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                assert PROMPT == await bench.command("AT#SSLSEND=1")
                peer.close()
                await eventually(lambda: "closed" in repr(socket_of(bench)._channel), "close_notify has come")
                assert "" == bench.read()
                bench.send("late\x1a")
                assert cme(840) + NO_CARRIER == await bench.answer()

    asyncio.run(scenario())


def test_a_peer_that_takes_nothing_blocks_sending_until_the_timeout() -> None:
    """An entry that fails this way was not sent; later ones may be."""

    async def scenario() -> None:
        with ObedientPeer(deaf=True) as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                channel = socket_of(bench)._channel
                assert channel is not None
                while not channel.congested:
                    channel.send(bytes(16384))
                assert PROMPT == await bench.command("AT#SSLSEND=1,20")
                bench.send("in vain\x1a")
                await bench.advance(1.9)
                assert "" == bench.read()
                await bench.advance(0.1)
                assert cme(838) == bench.read()
                assert information("#SSLS: 1,2,3") == await bench.command("AT#SSLS=1")
                peer.reset()
                assert NO_CARRIER == await bench.until(NO_CARRIER)

    asyncio.run(scenario())


def test_sending_goes_on_as_soon_as_the_peer_takes_data_again() -> None:
    """Nothing is lost on the way."""

    async def scenario() -> None:
        with ObedientPeer(deaf=True) as peer:
            async with ssl_bench(port=peer.port, tls_engine="native") as bench:
                await succeed(bench, "AT#SSLSECCFG=1,4,0")
                await dial(bench)
                channel = socket_of(bench)._channel
                assert channel is not None
                sent = 0
                while not channel.congested:
                    channel.send(bytes(16384))
                    sent += 16384
                assert PROMPT == await bench.command("AT#SSLSEND=1,5000")
                bench.send("at last\x1a")
                await bench.advance(1)
                peer._deaf = False
                assert OK == await bench.answer()
                await eventually(lambda: len(peer.received) >= sent + 7, "all of it is heard")
                assert peer.received.endswith(b"\0at last")

    asyncio.run(scenario())


def test_the_module_says_close_notify_before_it_closes() -> None:
    """The peer sees an orderly end, so does a host that closes by #SSLH."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                await succeed(bench, "AT#SSLH=1")
                (session,) = await asyncio.to_thread(peer.server.wait_for, 1)
                assert "" == session.error

    asyncio.run(scenario())


def test_ssls_shows_the_suite_that_was_agreed_on() -> None:
    """By its number in the firmware's table (guide 2.2.1), NULL only when asked for."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(UMTS, peer.port, tls_engine="native") as bench:
                for number in (1, 2, 3, 4):
                    await succeed(bench, f"AT#SSLSECCFG=1,{number},0")
                    await dial(bench)
                    assert information(f"#SSLS: 1,2,{number}") == await bench.command("AT#SSLS=1")
                    await succeed(bench, "AT#SSLH=1")

    asyncio.run(scenario())


def test_a_socket_opened_in_command_mode_can_go_online() -> None:
    """Guide 4.2.2, note: at any moment, by #SSLO."""

    async def scenario() -> None:
        with ObedientPeer() as peer:
            async with ssl_bench(port=peer.port) as bench:
                await dial(bench)
                peer.say(b"waiting")
                await has_come(bench, 7)
                bench.send("AT#SSLO=1\r")
                assert f"{CONNECT}waiting" == await bench.until("waiting")

    asyncio.run(scenario())
