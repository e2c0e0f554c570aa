"""Small hosts that read as drivers of these modules do: by counts of bytes, by contiguous texts, after fixed times."""

import pytest

from emulator.testing import Bench

FIRMWARES = ["HE910", "GE910-QUAD", "GL865-QUAD", "GL865-QUAD-V3"]
"""A model of each software line."""


def read_exactly(bench: Bench, count: int) -> str:
    """Read as a driver that waits until so many bytes have come, and takes them and no more."""
    assert bench.port.unread >= count, f"waits for {count} bytes for ever; {bench.read()!r} has come"
    return bench.port.host_read(count).decode("latin-1")


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_a_host_that_counts_the_echo_of_its_line_ends_gets_past_its_start(firmware: str) -> None:
    """Of CR LF both are echoed before the answer, so that each answer begins where the driver looks for it."""
    async with Bench(firmware, echo=True) as bench:
        for command, answer in [("AT", ""), ("AT+CMEE=1", ""), ("AT+CREG?", "\r\n+CREG: 0,1\r\n"), ("ATE0", "")]:
            bench.send(f"{command}\r\n")
            whole = f"{command}\r\n{answer}\r\nOK\r\n"
            assert whole == read_exactly(bench, len(whole))
        bench.send("AT\r\n")
        assert "\r\nOK\r\n" == read_exactly(bench, 6)
        assert "" == bench.read()


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_a_host_that_looks_for_echo_and_answer_in_one_piece_finds_them(firmware: str) -> None:
    """It cuts the answer out between the echo with an empty line, and the end with OK."""
    async with Bench(firmware, echo=True) as bench:
        for command in ("AT+CGMR", "AT+CGSN"):
            bench.send(f"{command}\r\n")
            heard = bench.read()
            begin, end = f"{command}\r\n\r\n", "\r\n\r\nOK\r\n"
            assert heard.startswith(begin)
            assert heard.endswith(end)
            assert heard[len(begin) : -len(end)].replace(".", "").isalnum()


@pytest.mark.parametrize("baud", [300, 1200, 9600, 115200])
async def test_on_a_slow_line_the_echo_of_both_stands_before_the_answer_too(baud: int) -> None:
    """However the bytes are carried: the line is longer or shorter than what arrives at once."""
    async with Bench(baud=baud, echo=True) as bench:
        for command in ("AT", "AT+CMEE=0", "AT+CREG=0", "AT+CMEE=0;+CREG=0;+CGREG=0", "ATE1"):
            bench.send(f"{command}\r\n")
            await bench.advance(5)
            assert f"{command}\r\n\r\nOK\r\n" == bench.read()


async def test_a_host_that_ends_lines_by_cr_alone_hears_cr_alone() -> None:
    """As it has typed."""
    async with Bench(echo=True) as bench:
        assert "AT\r\r\nOK\r\n" == await bench.command("AT")


@pytest.mark.parametrize("firmware", FIRMWARES)
@pytest.mark.parametrize("restart", ["AT#ENHRST=1,0", "AT#REBOOT", "AT+CFUN=1,1"])
async def test_a_host_that_waits_five_seconds_after_a_restart_is_answered(firmware: str, restart: str) -> None:
    """Exactly five seconds after the OK; it sends once and gives up without an answer."""
    async with Bench(firmware) as bench:
        assert "\r\nOK\r\n" == await bench.command(restart)
        bench.send("AT\r")
        await bench.advance(5.0)
        assert "" == bench.read()
        bench.send("AT#SELINT=2\r")

        assert "AT#SELINT=2\r\r\nOK\r\n" == bench.read()
