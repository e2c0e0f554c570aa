"""What a module shows of itself is set back, whatever was set meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator import VirtualModem
from emulator.at.bound import BoundCommand
from emulator.at.limits import Numeric
from emulator.at.parameters import Number, Repeated
from emulator.at.syntax import Form
from emulator.commands.catalogue import command_table, declared_commands
from emulator.commands.kinds import SettingsCommand, TableCommand
from emulator.dte.module_line import ModuleLine
from emulator.dte.restoration import set_form
from emulator.dte.restorations import OTHERS, UNDECLARED, is_harmless, restoration_of
from emulator.dte.snapshot import kept, restore, take
from emulator.errors import UserError
from emulator.firmware.loader import Firmware, list_models, load_firmware
from emulator.resources import CERTS

LINES = sorted({model.line: model.name for model in list_models()}.values())
"""A model of each software line."""
SCALE = 20


@pytest.fixture(scope="module", params=LINES)
def firmware(request: pytest.FixtureRequest) -> Firmware:
    return load_firmware(request.param)


@pytest.fixture(scope="module")
def line(firmware: Firmware) -> Iterator[ModuleLine]:
    with VirtualModem(firmware.name, time_scale=SCALE) as modem, ModuleLine(modem.port, time_scale=SCALE) as line:
        yield line


def numbers(limits: Numeric) -> st.SearchStrategy[int]:
    if limits.choices is not None:
        return st.sampled_from(limits.choices)
    assert limits.range is not None
    return st.integers(*limits.range)


def set_forms(bound: BoundCommand, firmware: Firmware) -> st.SearchStrategy[str]:
    kinds = [parameter.kind for parameter, _ in bound.parameters if not isinstance(parameter.kind, Repeated)]
    limits = [kind.limits(firmware.profile) for kind in kinds if isinstance(kind, Number)]
    each = [numbers(one) for one in limits if one is not None]
    return st.tuples(*each).map(lambda values: set_form(bound.command.name, tuple(map(str, values))))


def tried(firmware: Firmware) -> st.SearchStrategy[list[str]]:
    numeric = [
        bound
        for bound in command_table(firmware)
        if is_harmless(bound) and isinstance(bound.command, SettingsCommand | TableCommand)
    ]
    return st.lists(st.sampled_from(numeric).flatmap(lambda bound: set_forms(bound, firmware)), min_size=5, max_size=40)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_settings_are_set_back(line: ModuleLine, firmware: Firmware, data: st.DataObject) -> None:
    """Whichever were set, in whatever order, and taken or refused."""
    commands = data.draw(tried(firmware))
    before = take(line, firmware)

    with kept(line, firmware) as keeping:
        for command in commands:
            line.ask(command)

    assert [] == keeping.left
    assert [] == before.differences(take(line, firmware))


ODD = (
    "AT+CREG=2",
    'AT+CGDCONT=1,"IP","web"',
    "ATS7=30",
    "AT&C0",
    'AT+CSCS="UCS2"',
    "AT+CMGF=1",
    "AT+CLIP=1",
    "ATX0",
    "AT&K0",
    "AT+CMEE=1",
    "ATE0",
)
OTHER = (
    "AT+CREG=1",
    'AT+CGDCONT=1,"IP","other"',
    'AT+CGDCONT=3,"IP","third"',
    "ATS7=31",
    "AT&C1",
    'AT+CSCS="GSM"',
    "AT+CMGF=0",
    "AT+CSMP=17,168,0,0",
    "AT+CLIP=0",
    "ATX1",
    "AT&K3",
    "AT#SCFG=2,1,500,80,500,40",
    "AT+CMEE=2",
    "AT&F1",
    "ATE1",
    "ATQ1V0",
)


def test_odd_settings_are_found_and_set_back(line: ModuleLine, firmware: Firmware) -> None:
    """A module that somebody has set up in his own way is left in it: also after the factory's settings."""
    with kept(line, firmware):
        for command in ODD:
            line.ask(command)
        before = take(line, firmware)
        with kept(line, firmware) as keeping:
            for command in OTHER:
                line.ask(command, 0.1)

        assert [] == keeping.left
        assert [] == before.differences(take(line, firmware))


def test_settings_behind_ssl_are_set_back_while_ssl_is_disabled() -> None:
    """A host that has never enabled SSL finds it disabled, and its settings as they were."""
    firmware = load_firmware("HE910")
    with VirtualModem("HE910", time_scale=SCALE) as modem, ModuleLine(modem.port, time_scale=SCALE) as line:
        with kept(line, firmware) as keeping:
            for command in ("AT#SSLEN=1,1", "AT#SSLSECCFG=1,0,1", "AT#SSLCFG=1,1,500,60,90,20"):
                assert line.ask(command).is_ok

        assert [] == keeping.left
        assert ["#SSLEN: 1,0"] == line.ask("AT#SSLEN?").lines


@pytest.mark.parametrize("model", ["HE910", "ME310G1"])
@pytest.mark.parametrize("file", ["public-demo-ca.pem", "public-demo-ca.der"])
def test_security_data_is_written_again(model: str, file: str) -> None:
    """Whatever the format, and what was not there is deleted; SSL is disabled before and afterwards."""
    firmware, data = load_firmware(model), (CERTS / file).read_bytes().decode("latin-1")
    with VirtualModem(model, time_scale=SCALE) as modem, ModuleLine(modem.port, time_scale=SCALE) as line:
        enter(line, 1, data)
        line.ask("AT#SSLEN=1,0")
        before = take(line, firmware)
        with kept(line, firmware) as keeping:
            enter(line, 1, (CERTS / "public-demo-other-ca.pem").read_text())
            enter(line, 0, (CERTS / "public-demo-client.pem").read_text())

        assert [] == keeping.left
        assert [data] == list(before.security.values())
        assert before.security == take(line, firmware).security


def enter(line: ModuleLine, kind: int, data: str) -> None:
    is_text = data.startswith("-----")
    line.ask("AT#SSLEN=1,1")
    line.ask(f"AT#SSLSECCFG=1,0,1,{is_text:d}")
    assert line.ask(f"AT#SSLSECDATA=1,1,{kind},{len(data)}").is_prompt
    assert line.enter(f"{data}{chr(26) if is_text else ''}").is_ok


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_the_module_is_set_back_after_an_error(error: type[BaseException]) -> None:
    """Also where the line is left at a prompt."""
    firmware = load_firmware("HE910")
    with VirtualModem("HE910", time_scale=SCALE) as modem, ModuleLine(modem.port, time_scale=SCALE) as line:
        with pytest.raises(error), kept(line, firmware):
            line.ask("AT+CREG=2")
            line.ask("AT+CMGF=1")
            assert line.ask('AT+CMGW="123"').is_prompt
            raise error

        assert ["+CREG: 0,1"] == line.ask("AT+CREG?").lines
        assert ["+CMGF: 0"] == line.ask("AT+CMGF?").lines
        assert ['+CPMS: "SM",0,20,"SM",0,20,"SM",0,20'] == line.ask("AT+CPMS?").lines


def test_a_difference_names_the_read_form_and_both_answers() -> None:
    """So that a report can say what could not be set back."""
    firmware = load_firmware("HE910")
    with VirtualModem("HE910", time_scale=SCALE) as modem, ModuleLine(modem.port, time_scale=SCALE) as line:
        before = take(line, firmware)
        line.ask("AT+CFUN=4")

        left = [str(one) for one in restore(line, before, firmware)]

    assert "AT+CFUN?: 1, now 4" in left


def test_a_port_that_is_lost_and_comes_back_is_opened_again(tmp_path: Path) -> None:
    """As that of a module on USB that restarts: it is set back then."""
    firmware, link = load_firmware("HE910"), tmp_path / "module"
    with VirtualModem("HE910", link=link) as modem, ModuleLine(str(link)) as line:
        line.ask("ATS7=30")
        with kept(line, firmware) as keeping:
            modem.stop()
            modem.start()
            with pytest.raises(UserError, match="the port"):
                line.ask("AT")

        assert [] == keeping.left
        assert ["030"] == line.ask("ATS7?").lines


def test_every_command_with_a_read_form_says_how_it_is_set_back() -> None:
    """A setting that nobody has thought of would be changed and left so; and no entry is for nothing."""
    commands = [bound for name in LINES for bound in command_table(load_firmware(name)) if bound.has(Form.READ)]
    undeclared = {bound.command.name for bound in commands if restoration_of(bound) == UNDECLARED}

    assert set() == undeclared
    names = {bound.command.name for bound in commands} | {command.name for command in declared_commands()}
    assert set() == OTHERS.keys() - names


def test_a_module_that_is_gone_for_good_is_named(tmp_path: Path) -> None:
    """One clear line: what was changed could not be set back."""
    firmware = load_firmware("HE910")
    modem = VirtualModem("HE910", link=tmp_path / "module").start()
    try:
        with (
            pytest.raises(UserError, match="name a serial port"),
            ModuleLine(modem.port, time_scale=100) as line,
            kept(line, firmware),
        ):
            line.ask("AT+CREG=2")
            modem.stop()
            line.ask("AT")
    finally:
        modem.stop()


def test_a_context_that_was_defined_and_activated_is_neither_afterwards() -> None:
    """It cannot be removed while it is active."""
    with VirtualModem("HE910") as modem, ModuleLine(modem.port) as line:
        with kept(line, load_firmware("HE910")) as keeping:
            assert line.ask('AT+CGDCONT=1,"IP","x"').is_ok
            assert line.ask("AT#SGACT=1,1").is_ok

        assert [] == keeping.left
