"""Kinds of commands that the chapters share, on the modem: settings of every place, and answers to `=?`."""

from typing import Any

import pytest

from emulator.at.syntax import Form
from emulator.commands.catalogue import command_table
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, attribute, nvm_field, stored
from emulator.errors import DeviceError
from emulator.firmware.limits import Numeric
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, LINES
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, information


def settings_commands(model: str) -> list[SettingsCommand]:
    found = (bound.command for bound in command_table(load_firmware(model)))
    return [command for command in found if isinstance(command, SettingsCommand)]


@pytest.mark.parametrize("model", LINES)
def test_what_only_sets_numbers_is_a_declaration(model: str) -> None:
    """With all three forms; `+CMEE`, which only the profile names, as well as `+ICF`, which has parameters by name."""
    names = {command.name for command in settings_commands(model)}

    assert {"+CMEE", "+ICF", "+CREG", "+CNMI", "#NITZ", "#AUTOBND", "#SELINT", "#SGACTAUTH", "S7"} <= names
    for command in settings_commands(model):
        assert {Form.SET, Form.READ} <= command.handlers.keys()


@EVERY_LINE
async def test_a_number_that_is_left_out_is_required_default_or_unchanged(firmware: str) -> None:
    """+ICF asks for its format and gives the parity its default; the parity of +CBST is one of three defaults."""
    async with Bench(firmware) as bench:
        assert ERROR == await bench.command("AT+ICF=")
        assert OK == await bench.command("AT+ICF=2,1")
        assert information("+ICF: 2,1") == await bench.command("AT+ICF?")
        assert OK == await bench.command("AT+ICF=2")
        assert information("+ICF: 2,0") == await bench.command("AT+ICF?")


async def test_a_second_number_stays_as_it_is() -> None:
    """The UMTS bands, where #BND names the GSM ones only."""
    async with Bench(UMTS) as bench:
        assert OK == await bench.command("AT#BND=1,2")
        assert OK == await bench.command("AT#BND=3")
        assert information("#BND: 3,2") == await bench.command("AT#BND?")


async def test_numbers_of_one_command_are_kept_together_or_not_at_all() -> None:
    """The memory fails while #BND keeps two, or #NITZ one in NVM and one in the instance."""
    async with Bench(UMTS) as bench:
        before = await bench.command("AT#BND?"), await bench.command("AT#NITZ?")
        bench.modem.device.store.power_failure = lambda: lambda: None

        assert ERROR == await bench.command("AT#BND=1,2")
        assert ERROR == await bench.command("AT#NITZ=1,1")
        assert before == (await bench.command("AT#BND?"), await bench.command("AT#NITZ?"))


@pytest.mark.parametrize("order", [("volatile", "kept"), ("kept", "volatile")])
async def test_what_can_fail_is_kept_first(order: tuple[str, str]) -> None:
    """The lamp shows nothing of a command whose number in NVM is refused, in whichever order it takes them."""
    numbers: dict[str, Any] = {
        "volatile": attribute(lambda at: at.device.lamp, "on", lambda profile: Numeric(range=(1, 100))),
        "kept": stored("#SLED.on"),
    }
    command = SettingsCommand("#BLINK", "Set both.", source="a guide", **{name: numbers[name] for name in order})
    async with Bench(UMTS) as bench:
        instance: Any = None  # neither place is there
        at = Context(bench.modem.device, instance, "#BLINK")
        before = command.shown(at)
        bench.modem.device.store.power_failure = lambda: lambda: None

        with pytest.raises(DeviceError):
            command.handlers[Form.SET](at, **dict.fromkeys(order, 77))

        assert before == command.shown(at)


def test_a_command_has_one_place_in_nvm() -> None:
    """With two, the second could fail after the first."""
    with pytest.raises(TypeError, match="two places in NVM"):
        SettingsCommand(
            "#BOTH", "Set both.", source="a guide", one=stored("#BND"), two=nvm_field("interface_style", lambda _: None)
        )


@pytest.mark.parametrize(
    ("override", "line", "answer"),
    [
        ('commands."#FRWL".action={range=[0,1]}', "#FRWL", "(0-1)"),
        ('commands."#GPIO".mode={range=[0,1]}', "#GPIO", "(1-8),(0-1),(0-2)"),
        ('commands."+CCFC".reason={range=[0,3]}', "+CCFC", "(0-3)"),
        ('commands."+CCWA".report={choices=[0]}', "+CCWA", "(0)"),
        ('commands."#SGACT".cid={range=[1,2]}', "#SGACT", "(1-2),(0,1)"),
        ('commands."+CMER".mode={range=[0,1],default=0}', "+CMER", "(0-1),(0),(0),(0-2),(0,1)"),
        ('commands."+CGDCONT".cid={range=[1,2]}', "+CGDCONT", '(1-2),"IP",,,(0-1),(0-1)'),
        ('commands."+CGQREQ".peak={range=[0,3]}', "+CGQREQ", '"IP",(0-3),(0-4),(0-5),(0-3),(0-18,31)'),
        ('commands."#FTPPUT".mode={choices=[0],default=0}', "#FTPPUT", "200,(0)"),
        ("ftp.name_length=100", "#FTPGETPKT", "100,(0,1)"),
    ],
)
async def test_what_a_profile_says_of_a_parameter_is_in_the_answer(override: str, line: str, answer: str) -> None:
    """The answer to `=?` comes from the parameters, also where it shows only some of them, or in another order."""
    async with Bench(GSM, settings=[override, "pdp.types=['IP']"]) as bench:
        assert information(f"{line}: {answer}") == await bench.command(f"AT{line}=?")
