"""Basic commands: their forms, and that a refused one has changed nothing. V.250 5.2 to 5.6 and 6.2.6."""

import asyncio
import re

import pytest

from emulator.at.syntax import Form
from emulator.commands.catalogue import command_table
from emulator.device.connection.states import State
from emulator.testing import Bench
from tests.commands.lines import LINES
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import GSM, dial, prepare, socket_of, ssl_bench, succeed

OK, ERROR = "\r\nOK\r\n", "\r\nERROR\r\n"


async def test_a_basic_command_with_one_number_has_an_equals_sign_and_a_question_mark_too() -> None:
    """Public hosts send `ATE=0` and `AT&K?`; the number has three digits, as that of an S-register."""
    async with Bench(echo=True) as bench:
        assert f"ATE=0\r{OK}" == await bench.command("ATE=0")
        assert f"\r\n003\r\n{OK}" == await bench.command("AT&K?")
        assert OK == await bench.command("AT&K=0&D=2X=1")
        assert f"\r\n000\r\n\r\n002\r\n\r\n001\r\n{OK}" == await bench.command("AT&K?&D?X?")
        for line in ("AT&F=0", "ATZ=0", "AT&W=1", "ATH=0", "ATI=0"):
            assert (await bench.command(line)).endswith(OK)


async def test_every_basic_command_with_a_number_shows_what_was_set() -> None:
    """With and without the equals sign."""
    async with Bench() as bench:
        settings = bench.modem.instance.settings
        names = [name for name in settings if name[0] not in "+#" and name not in ("E", "V", "Q", "S3", "S4", "S5")]
        for name in names:
            definition = settings._definitions[name]
            for value in [number for number in range(256) if definition.allows(number)][:4]:
                form = f"{name}={value}" if name[0] == "S" or value % 2 else f"{name}{value}"
                assert OK == await bench.command(f"AT{form}")
                assert f"\r\n{value:03d}\r\n{OK}" == await bench.command(f"AT{name}?")


@pytest.mark.parametrize(
    "line",
    [
        *(
            "ATE=",
            "ATE=2",
            "ATE=x",
            "ATE0=1",
            "ATE0=",
            "ATE0,1",
            'ATE0"x"',
            "ATE0?",
            "AT&K=9",
            "AT&K1=",
            "AT&K1,2",
            "AT&K?1",
        ),
        *("ATS3=33,1", "ATS3=", "ATS3=200", "ATS12=19", "AT&F1=", "AT&F=2", "ATZ=", "AT&W=2"),
        *("AT+CMEE=2,1", "AT+CMEE=3", "AT+CMEE=1x", 'AT+CMEE="1"', "AT+CNMI=1,1,0,0,9", "AT+CSDH=1,", "AT#E2ESC=11"),
    ],
)
async def test_a_command_that_is_refused_has_changed_nothing(line: str) -> None:
    """No half of it is carried out: neither what its number could mean, nor its first parameters."""
    async with Bench(settings=["terminal.prompt_echo=false"]) as bench:
        await succeed(bench, "AT&K4", "AT&D2", "AT+CSDH=0")
        before = dict(bench.modem.instance.settings)
        heard = await bench.command(line)

        assert heard.endswith(ERROR)
        assert before == dict(bench.modem.instance.settings)


@pytest.mark.parametrize("model", LINES)
async def test_a_set_command_whose_last_number_is_out_of_range_has_changed_nothing(model: str) -> None:
    """All commands that take numbers alone: the first ones are right, and other than what is set."""
    async with Bench(model) as bench:
        await prepare(bench)
        instance, device = bench.modem.instance, bench.modem.device
        tried = 0
        for bound in command_table(bench.modem.firmware):
            name, readers = bound.command.name, [reader for _, reader in bound._readers]
            ranges = [re.fullmatch(r"\(([0-9]+)(?:[-,0-9]*?([0-9]+))?\)", reader.described) for reader in readers]
            if name[0] not in "+#" or not ranges or not all(ranges) or Form.SET not in bound.command.handlers:
                continue
            highest = [int(found[2] or found[1]) for found in ranges if found is not None]
            before = dict(instance.settings), device.nvm
            line = f"AT{name}={','.join(map(str, [*highest[:-1], highest[-1] + 1]))}"
            assert "ERROR" in await bench.command(line), line
            assert before == (dict(instance.settings), device.nvm), line
            tried += 1
        assert tried > 60


async def test_commands_before_a_refused_one_are_carried_out_and_those_behind_it_are_not() -> None:
    """V.250 5.6, whatever is wrong with it."""
    async with Bench() as bench:
        for wrong in ("&D=", "&D1,2", "+NOSUCH", "+CMEE=9", "!"):
            await succeed(bench, "AT&K3", "AT&S0")
            assert ERROR == await bench.command(f"AT&K=0;{wrong};&S1")
            settings = bench.modem.instance.settings
            assert (0, 0) == (settings["&K"], settings["&S"])


@pytest.mark.parametrize(
    ("setting", "heard"), [("V0", "3\r"), ("V1", "\r\nNO CARRIER\r\n"), ("V0Q1", ""), ("V1Q1", "")]
)
async def test_the_end_of_an_idle_connection_is_said_as_v_and_q_say(setting: str, heard: str) -> None:
    """NO CARRIER is a result code though nobody has asked for it (V.250 6.2.5 and 6.2.6)."""
    with ObedientPeer() as peer:
        async with ssl_bench(GSM, peer.port) as bench:
            await dial(bench)
            bench.send(f"AT{setting}\r")
            bench.read()
            peer.close()
            await eventually(lambda: socket_of(bench).state is State.LOST, "the connection has ended")
            await asyncio.sleep(0)

            assert heard == bench.read()


@pytest.mark.parametrize(("text", "number"), [("NO CARRIER", 3), ("RING", 2), ("BUSY", 7)])
async def test_every_basic_result_that_nobody_has_asked_for_is_a_number_under_v0(text: str, number: int) -> None:
    """Codes of the extended syntax have no number."""
    async with Bench() as bench:
        bench.send("ATV0\r")
        bench.read()
        bench.modem.instance.notify(text)
        bench.modem.instance.notify("+CREG: 1")

        assert f"{number}\r\r\n+CREG: 1\r\n" == bench.read()
