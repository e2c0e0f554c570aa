"""What has places, on every model: the test form, the range that is written, and the storage agree. 27.007, 27.005."""

import re

import pytest

from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from tests.commands.lines import EVERY_MODEL, MODELS, refused
from tests.commands.ssl_bench import OK, enter, information, succeed
from tests.commands.test_messages import cms

_BY_MEMORIES = {repr(load_firmware(model.name).profile.sms.storages): model.name for model in MODELS}
FILLED = pytest.mark.parametrize("model", sorted(_BY_MEMORIES.values()))
"""A model of each kind of memories."""


async def highest(bench: Bench, command: str) -> int:
    """The highest index that a test form begins with."""
    found = re.match(rf"\r\n{re.escape(command)}: \(1-(\d+)\)", await bench.command(f"AT{command}=?"))
    assert found is not None
    return int(found[1])


async def storages(bench: Bench, command: str) -> list[str]:
    """The names that the first parameter takes."""
    found = re.match(rf"\r\n{re.escape(command)}: \(([^)]*)\)", await bench.command(f"AT{command}=?"))
    assert found is not None
    return re.findall(r'"(\w+)"', found[1])


@EVERY_MODEL
async def test_each_phonebook_has_the_places_that_it_names(model: str) -> None:
    """The last place can be read and, where the list is for writing, written; the next one is none."""
    async with Bench(model, settings=["sim.pin2='5599'"]) as bench:
        await succeed(bench, "AT+CACM=5599")
        profile = bench.modem.firmware.profile.sim.phonebook
        assert [one.name for one in profile.storages] == await storages(bench, "+CPBS")
        for storage in profile.storages:
            await succeed(bench, f'AT+CPBS="{storage.name}"', "AT+CMEE=1")
            last = await highest(bench, "+CPBR")
            assert (storage.size, storage.size) == (last, await highest(bench, "+CPBW"))
            assert information(f'+CPBS: "{storage.name}",0,{last}') == await bench.command("AT+CPBS?")
            await succeed(bench, f"AT+CPBR=1,{last}")
            await refused(bench, f"AT+CPBR={last + 1}", f"AT+CPBR=1,{last + 1}", "AT+CPBR=0", code=21)
            if storage.writable:
                await succeed(bench, f'AT+CPBW={last},"1"')
                assert information(f'+CPBR: {last},"1",129,""') == await bench.command(f"AT+CPBR=1,{last}")
                assert information(f'+CPBS: "{storage.name}",1,{last}') == await bench.command("AT+CPBS?")
                await refused(bench, f'AT+CPBW={last + 1},"1"', code=21)


@EVERY_MODEL
async def test_numbers_and_names_are_as_long_as_the_phonebook_says(model: str) -> None:
    """By +CPBR=?, +CPBF=? and +CPBW=? alike."""
    async with Bench(model) as bench:
        read, found, written = [await bench.command(f"AT+CPB{letter}=?") for letter in "RFW"]
        lengths = re.search(r"\),(\d+),(\d+)\r", read)
        assert lengths is not None
        number, name = lengths.groups()
        assert f"+CPBF: {number},{name}\r\n" in found
        assert f"),{number},(129,145),{name}\r\n" in written
        await succeed(bench, f'AT+CPBW=1,"{"1" * int(number)}",129,"{"n" * int(name)}"', "AT+CMEE=0")
        assert OK != await bench.command(f'AT+CPBW=1,"{"1" * (int(number) + 1)}"')
        assert OK != await bench.command(f'AT+CPBW=1,"1",129,"{"n" * (int(name) + 1)}"')


@EVERY_MODEL
async def test_the_list_of_networks_has_the_places_that_it_names(model: str) -> None:
    """+CPOL: the last place can be written."""
    async with Bench(model) as bench:
        last = await highest(bench, "+CPOL")
        assert bench.modem.firmware.profile.sim.files.preferred_places == last
        await succeed(bench, f'AT+CPOL={last},2,"20801"')
        assert f'+CPOL: {last},2,"20801"' in await bench.command("AT+CPOL?")
        await refused(bench, f'AT+CPOL={last + 1},2,"20801"')


@FILLED
async def test_each_memory_of_messages_takes_what_it_says(model: str) -> None:
    """+CPMS shows its size; when it is full, +CMGL and +CMGD=? list as many, and +CMGW has no room."""
    async with Bench(model) as bench:
        await succeed(bench, "AT+CMGF=1", "AT+CMEE=1")
        for name in [one.name for one in bench.modem.firmware.profile.sms.storages]:
            assert name in await storages(bench, "+CPMS")
            shown = re.match(r"\r\n\+CPMS: 0,(\d+),0,\1,", await bench.command(f'AT+CPMS="{name}","{name}"'))
            assert shown is not None
            size = int(shown[1])
            for number in range(1, size + 1):
                assert information(f"+CMGW: {number}") == await enter(bench, 'AT+CMGW="1"', "x\x1a")
            assert cms(322) == await enter(bench, 'AT+CMGW="1"', "x\x1a")
            assert size == (await bench.command('AT+CMGL="ALL"')).count("+CMGL: ")
            indices = ",".join(map(str, range(1, size + 1)))
            assert information(f"+CMGD: ({indices}),(0-4)") == await bench.command("AT+CMGD=?")
            assert "+CMGR: " in await bench.command(f"AT+CMGR={size}")
            assert cms(321) == await bench.command(f"AT+CMGR={size + 1}")
            assert cms(321) == await bench.command(f"AT+CMGD={size + 1}")
            await succeed(bench, f"AT+CMGD={size}", "AT+CMGD=1,4")
            assert f'"{name}",0,{size}' in await bench.command("AT+CPMS?")
