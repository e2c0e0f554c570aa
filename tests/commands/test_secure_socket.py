"""The SSL socket: enabling it, configuring it, and what each state of it refuses. Guide 3.1, 3.2 and 3.4."""

from pathlib import Path

import pytest

from emulator.testing import Bench
from tests.commands.peer import ObedientPeer
from tests.commands.ssl_bench import (
    ERROR,
    GSM,
    HOST,
    RINGING,
    UMTS,
    cme,
    dial,
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


async def test_everything_fails_until_ssl_is_enabled_but_its_tests_and_its_state() -> None:
    """Guide 3.1, warning; with +CMEE=0 the failure is a plain ERROR."""
    async with Bench(GSM) as bench:
        for command in (*_COMMANDS, "AT#SSLFASTD=1"):
            assert ERROR == await bench.command(command)
        await succeed(bench, "AT+CMEE=1")
        for command in (*_COMMANDS, "AT#SSLFASTD=1"):
            assert cme(836) == await bench.command(command)
        assert information("#SSLEN: 1,0") == await bench.command("AT#SSLEN?")
        assert information("#SSLS: 1,0") == await bench.command("AT#SSLS=1")
        assert information("#SSLEN: (1),(0,1)") == await bench.command("AT#SSLEN=?")


async def test_ssl_is_enabled_once_and_disabled_once() -> None:
    """A second time either is an error."""
    async with ssl_bench() as bench:
        assert cme(835) == await bench.command("AT#SSLEN=1,1")
        assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
        await succeed(bench, "AT#SSLEN=1,0")
        assert cme(836) == await bench.command("AT#SSLEN=1,0")
        await succeed(bench, "AT+CMEE=2")
        assert "\r\n+CME ERROR: SSL not activated\r\n" == await bench.command("AT#SSLEN=1,0")


async def test_ssl_belongs_to_the_instance_that_enabled_it() -> None:
    """Another AT instance is refused until the owner has disabled SSL (guide 3.1, note)."""
    async with ssl_bench() as bench:
        socket_of(bench).owner = object()
        for command in _COMMANDS:
            assert cme(835) == await bench.command(command)
        assert cme(835) == await bench.command("AT#SSLEN=1,1")
        assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")


@pytest.mark.parametrize(
    ("firmware", "expected"),
    [
        (GSM, ["#SSLSECCFG: (1),(0-3),(0-2)", "#SSLH: (1),(0,1)", "#SSLFASTD: (1),(0,1),(10-5000)"]),
        (UMTS, ["#SSLSECCFG: (1),(0-4),(0-2),(0-1)", "#SSLH: (1),(0)", None]),
    ],
)
async def test_the_ranges_are_those_of_the_firmware(firmware: str, expected: list[str | None]) -> None:
    """The test forms, as the firmware narrows them."""
    async with Bench(firmware) as bench:
        for name, line in zip(("#SSLSECCFG", "#SSLH", "#SSLFASTD"), expected, strict=True):
            assert (ERROR if line is None else information(line)) == await bench.command(f"AT{name}=?")
        closures, most = ("(0)", 1000) if firmware == UMTS else ("(0,1)", 1500)
        for line in (
            f"#SSLD: (1),(1-65535),,{closures},(0,1),(10-5000)",
            "#SSLSECDATA: (1),(0-2),(0-2),(1-2047)",
            "#SSLS: (1)",
            "#SSLO: (1)",
            "#SSLSEND: (1),(1-5000)",
            "#SSLSENDEXT: (1),(1-1500),(1-5000)",
            f"#SSLRECV: (1),(1-{most}),(1-5000)",
        ):
            assert information(line) == await bench.command(f"AT{line.partition(':')[0]}=?")


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
        "AT#SSLRECV=1,1501",
        "AT#SSLRECV=1",
        "AT#SSLSENDEXT=1,0",
    ],
)
async def test_a_value_out_of_range_is_not_supported(line: str) -> None:
    """Facts 1: operation not supported, under +CMEE=2 as text."""
    async with ssl_bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=2")
        assert "\r\n+CME ERROR: operation not supported\r\n" == await bench.command(line)


async def test_the_certificate_format_is_read_back_only_once_it_was_given() -> None:
    """Guide 3.2, note: hidden until given, then the last one given; a new power session hides it again."""
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


@pytest.mark.parametrize(
    ("firmware", "shown"),
    [(GSM, "1,1,1000,0,5000,1,0,0,0,0"), (UMTS, "1,1,1000,0,5000,1"), (RINGING, "1,1,1000,0,5000,1,0,0,0,0")],
)
async def test_the_configuration_is_read_back_as_the_firmware_prints_it(firmware: str, shown: str) -> None:
    """Six values, and on some firmwares four more."""
    async with ssl_bench(firmware) as bench:
        await succeed(bench, "AT#SSLCFG=1,1,1000,0,5000,1")
        assert information(f"#SSLCFG: {shown}") == await bench.command("AT#SSLCFG?")


async def test_settings_outlive_the_emulator_in_its_state_folder(tmp_path: Path) -> None:
    """#SSLEN, #SSLSECCFG and #SSLCFG are kept at once, and the next instance that uses SSL owns it."""
    async with ssl_bench(RINGING, state=tmp_path) as bench:
        await succeed(bench, "AT#SSLSECCFG=1,3,0", "AT#SSLCFG=1,1,500,60,70,8,1")
    async with Bench(RINGING, state=tmp_path) as bench:
        assert information("#SSLEN: 1,1") == await bench.command("AT#SSLEN?")
        assert information("#SSLSECCFG: 1,3,0") == await bench.command("AT#SSLSECCFG?")
        assert information("#SSLCFG: 1,1,500,60,70,8,1,0,0,0") == await bench.command("AT#SSLCFG?")
        assert information('+CGDCONT: 1,"IP","ibox.tim.it","",0,0') == await bench.command("AT+CGDCONT?")


async def test_an_open_socket_refuses_what_only_a_closed_one_allows() -> None:
    """And a closed one what only an open one allows."""
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
