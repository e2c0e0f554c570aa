"""Somebody types on the page: beside the host, or as the only host of the port."""

import pytest

from emulator.control.requests import hang_up, type_at
from emulator.errors import UserError
from emulator.testing import Bench
from emulator.trace.events import HostPresence
from tests.line.mux.hosts import multiplexed


def presence(bench: Bench) -> list[bool]:
    """What was told of hosts since the bench's own has opened the port."""
    return [event.present for event in bench.events if isinstance(event, HostPresence)][1:]


async def test_what_is_typed_stands_in_the_host_s_line() -> None:
    """As on a line with two senders."""
    async with Bench() as bench:
        bench.send("AT+C")
        type_at(bench.modem, "SQ\r")

        assert "\r\n+CSQ: 20,0\r\n\r\nOK\r\n" == await bench.answer()
        assert [] == presence(bench)


async def test_whoever_types_is_the_host_where_there_is_none() -> None:
    """Until they leave; the command is carried out, although nobody hears the answer at the port."""
    async with Bench() as bench:
        bench.port.host_close()
        type_at(bench.modem, "AT+CMEE=2\r")
        assert [False, True] == presence(bench)

        hang_up(bench.modem)
        hang_up(bench.modem)

        assert [False, True, False] == presence(bench)
        bench.port.host_open()
        assert "\r\n+CMEE: 2\r\n\r\nOK\r\n" == await bench.command("AT+CMEE?")


async def test_a_host_that_comes_finds_a_port_that_nobody_else_has() -> None:
    """DTR falls and rises for it, and it stays the host when the one who has typed leaves."""
    async with Bench() as bench:
        bench.port.host_close()
        type_at(bench.modem, "AT+C")
        bench.port.host_open()

        assert [False, True, False, True] == presence(bench)
        assert "\r\n+CSQ: 20,0\r\n\r\nOK\r\n" == await bench.command("AT+CSQ")
        hang_up(bench.modem)
        assert [False, True, False, True] == presence(bench)
        bench.port.host_close()
        assert [False, True, False, True, False] == presence(bench)


async def test_a_channel_of_the_multiplexer_is_typed_into_by_its_name() -> None:
    """And nothing into the frames of the port."""
    async with multiplexed() as (bench, host):
        channel = host.open(1)
        type_at(bench.modem, "ATE0\r", "1.1")
        assert "OK" in await channel.answer()

        type_at(bench.modem, "AT+CSQ\r", "1.1")

        assert "\r\n+CSQ: 20,0\r\n\r\nOK\r\n" == await channel.answer()
        with pytest.raises(UserError, match="port 1 carries the frames of a multiplexer"):
            type_at(bench.modem, "AT\r")


async def test_what_cannot_be_typed_is_refused_with_its_reason() -> None:
    async with Bench() as bench:
        with pytest.raises(UserError, match="'€' cannot be typed; a line carries bytes, given as Latin-1"):
            type_at(bench.modem, "AT€\r")
        with pytest.raises(UserError, match="there is no port '2'; `terminal` may be one of 1"):
            type_at(bench.modem, "AT\r", "2")
        give_back = bench.modem.at_ports["1"].take_away()
        with pytest.raises(UserError, match="port 1 is gone; type when it is back"):
            type_at(bench.modem, "AT\r")
        hang_up(bench.modem)
        give_back()


async def test_a_module_that_does_not_read_is_not_typed_to_without_an_end() -> None:
    """What waits is bounded, as for any host."""
    async with Bench() as bench:
        bench.send("AT+COPS=?\r")
        with pytest.raises(UserError, match="port 1 takes nothing more"):
            bench.modem.instance.host.pause(True)
            for _ in range(100):
                type_at(bench.modem, "x" * 4096)
