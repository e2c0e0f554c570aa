"""The commands of a module and the values of their parameters, found out over its line."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.api import VirtualModem
from emulator.at.answers import Information
from emulator.at.syntax import Form
from emulator.commands.catalogue import command_table, declared_commands
from emulator.commands.context import Context
from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ANSWER, ModuleLine
from emulator.firmware.keys import written
from emulator.firmware.layers import KeyPath, merge, value_at
from emulator.firmware.limits import Numeric
from emulator.firmware.loader import Firmware, load_firmware
from emulator.learning.answers.ranges import allows, joined
from emulator.learning.asking.factory_line import restore_factory_settings
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.presence import presence_of
from emulator.learning.asking.trying import values_taken
from emulator.learning.claims.claim import ABSENT, Claim
from emulator.learning.probe import Probe
from emulator.learning.probes import commands, factory, other_commands

Probes = Callable[[Inquiry], Iterator[Probe]]

PAIRS = [
    ("GC864-QUAD", "HE910"),
    ("HE910", "ME910C1-E1"),
    ("GE910-QUAD", "GC864-QUAD"),
    ("HE920", "HE910"),
    ("GL865-DUAL-V3", "HE910"),
    ("LE910-EUG", "GC864-QUAD"),
    ("LE910-EU-V2", "LE910C1-EU"),
    ("LE910C1-EU", "LE910-EUG"),
    ("ME910C1-E1", "HE910"),
    ("ME310G1-WW", "LE910-EU-V2"),
]


@contextmanager
def inquiry_of(module: str, base: str, settings: Sequence[str] = ()) -> Iterator[Inquiry]:
    """Ask a module of one firmware from the profile of another one."""
    with VirtualModem(firmware=module, settings=tuple(settings)) as modem, ModuleLine(modem.port) as line:
        line.ask("ATE0")
        yield Inquiry(line, load_firmware(base))


def learned(inquiry: Inquiry, probes: Probes = commands.probes) -> list[Claim]:
    """Run all probes."""
    return [claim for probe in probes(inquiry) for claim in probe.run(inquiry)]


def wrong(claims: Sequence[Claim], module: Firmware) -> list[str]:
    """Return the claims that are not so."""
    return [f"{written(claim.path)} = {claim.value}" for claim in claims if not is_right(claim, claims, module)]


def is_right(claim: Claim, claims: Sequence[Claim], module: Firmware) -> bool:
    """Return whether a claim is what the module's profile has, or cannot be told from it."""
    *above, last = claim.path
    if claim.path[0] == "commands" and len(claim.path) == 2:
        return (command_table(module).find(str(last)) is not None) is claim.value
    if claim.path[0] == "commands" and claim.value is False:
        bound = command_table(module).find(str(above[-1]))
        return bound is not None and all(parameter.name != last for parameter, _ in bound.parameters)
    if last in ("range", "choices", "zero"):
        together = {str(one.path[-1]): one.value for one in claims if one.path[:-1] == claim.path[:-1]}
        return allowed(together) == allowed(limits_at(module, claim.path[:-1]))
    found = value_at(merge(module.layers), claim.path)
    return bool(found == claim.value)


def allowed(limits: dict[str, object]) -> tuple[object, ...]:
    """Return the values that limits allow, without those that differ in form only."""
    numeric = Numeric(**{key: limits[key] for key in ("range", "choices", "zero") if limits.get(key)})  # type: ignore[arg-type]
    return (numeric.range, numeric.zero) if numeric.highest > 300 else tuple(sorted({*numeric.values}))


def limits_at(module: Firmware, path: KeyPath) -> dict[str, object]:
    """Return the limits that a profile has at a key; those of a parameter where they are of its declaration."""
    found = value_at(merge(module.layers), path)
    if isinstance(found, dict):
        return found
    bound = command_table(module).find(str(path[1]))
    assert bound is not None, f"{written(path)} is not there"
    kind = next(parameter.kind for parameter, _ in bound.parameters if parameter.name == path[2])
    limits = kind.limits(module.profile)  # type: ignore[attr-defined]  # it is a number
    return {"range": limits.range, "choices": limits.choices, "zero": limits.zero}


@pytest.mark.parametrize(("module", "base"), PAIRS)
def test_a_module_of_one_line_is_learned_from_the_profile_of_another(module: str, base: str) -> None:
    """No claim is wrong, all commands that differ are found, and so are all limits; the module is as it was."""
    firmware = load_firmware(module)
    with inquiry_of(module, base) as inquiry:
        before = [inquiry.module.ask(f"AT{name}?").said for name in READ]

        claims = learned(inquiry)

        after = [inquiry.module.ask(f"AT{name}?").said for name in READ]
    assert [] == wrong(claims, firmware)
    assert before == after
    assert missed_commands(claims, firmware, inquiry.base) == []
    assert len(inquiry.exchanges) < 1500


READ = ("+CMEE", "+CREG", "S7", "&K", "#SCFG", "#SLED", "+CNMI", "#FTPCFG", "+CSCS", "#TCPMAXDAT")


def missed_commands(claims: Sequence[Claim], module: Firmware, base: Firmware) -> list[str]:
    """Return the commands in which a module differs from its base and that nobody has claimed."""
    there, known = set(command_table(module).names()), set(command_table(base).names())
    claimed = {str(claim.path[1]) for claim in claims if claim.path[0] == "commands"}
    cannot = NOT_SAID | {name for name in there - known if base.profile.commands.get(name) is not False}
    return sorted((there ^ known) - claimed - cannot - {*module.profile.answers, *base.profile.answers})


NOT_SAID = {"#SSLRCV"}
"""Another name, which goes with its command."""


CHANGES: dict[KeyPath, str] = {
    ("ftp", "timeout"): "ftp.timeout={range=[200,4000],default=300}",
    ("http", "resource_length"): "http.resource_length=77",
    ("http", "secure"): "http.secure={choices=[0,1],default=0}",
    ("pdp", "types"): 'pdp.types=["IP"]',
    ("pdp", "classes"): 'pdp.classes=["B","CC"]',
    ("settings", "S7"): "settings.S7.range=[2,99]",
    ("settings", "&C"): 'settings."&C".range=[0,1]',
    ("settings", "#E2SLRI"): 'settings."#E2SLRI".range=[70,90]',
    ("settings", "#E2SMSRI"): 'settings."#E2SMSRI"={range=[0,90],zero=false}',
    ("stored", "#CACHEDNS"): 'stored."#CACHEDNS".default=1',
    ("stored", "#CSURVF"): 'stored."#CSURVF".choices=[0,2,5]',
    ("time_service", "zones"): "time_service.zones=[-12,12]",
    ("commands", "#SLUDP", "port"): 'commands."#SLUDP".port.range=[5,50]',
    ("commands", "#SO", "connection_id"): 'commands."#SO".connection_id.range=[1,3]',
    ("commands", "#SRS", "seconds"): 'commands."#SRS".seconds=false',
    ("commands", "+GMI"): 'commands."+GMI"=false',
    ("commands", "#QDNS"): 'commands."#QDNS"=false',
}


def test_changed_values_are_found() -> None:
    """Some values of a profile are changed: they are claimed as they are, and nothing else is claimed to differ."""
    module = load_firmware("HE910", list(CHANGES.values()))
    with inquiry_of("HE910", "HE910", list(CHANGES.values())) as inquiry:
        claims = learned(inquiry)
    base = merge(inquiry.base.layers)
    changed = [claim.path for claim in claims if value_at(base, claim.path) != claim.value]
    parts = ("range", "choices", "zero", "default")
    assert {path[:-1] if path[-1] in parts else path for path in changed} == CHANGES.keys()
    assert [] == wrong(claims, module)


def test_a_table_that_a_module_lacks_is_claimed_to_be_absent() -> None:
    """The last five parameters of +CMUX come from one table and are missing together; #HTTPCFG lacks one."""
    absent = [("http", "packet_size"), ("terminal", "multiplexer", "timers")]
    unset = f"unset={[written(path) for path in absent]}"
    with inquiry_of("ME910C1-E1", "ME910C1-E1", [unset]) as inquiry:
        claims = learned(inquiry, lambda _: map(commands.CommandsOf, ("basic", "http")))
    base = merge(inquiry.base.layers)
    changed = [claim for claim in claims if value_at(base, claim.path) != claim.value]
    assert [(path, ABSENT) for path in absent] == sorted((claim.path, claim.value) for claim in changed)


def test_a_base_that_lacks_a_command_is_told_of_it() -> None:
    """A command that the base takes away and the module has is claimed to be there."""
    with inquiry_of("GC864-QUAD", "HE910") as inquiry:
        claims = learned(inquiry)
    assert True in [claim.value for claim in claims if claim.path == ("commands", "#SKTOP")]


def test_edges_win_where_the_test_form_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module names fewer values than it takes: what it takes counts, and the lie is kept beside it."""

    def lie(at: Context) -> Information:
        return Information.of(f"#CSURVF: {at.values('value').replace('0-2', '0,1')}")

    command = next(command for command in declared_commands() if command.name == "#CSURVF")
    monkeypatch.setitem(command.handlers, Form.TEST, lie)
    with inquiry_of("HE910", "HE910") as inquiry:
        claims = [claim for claim in learned(inquiry) if claim.path[:2] == ("stored", "#CSURVF")]
    limits = next(claim for claim in claims if claim.path[-1] == "range")
    assert [0, 2] == limits.value
    assert ["AT#CSURVF=?"] == [exchange.sent for exchange in limits.despite]
    assert "AT#CSURVF=3;#CSURVF=0" in [exchange.sent for exchange in limits.shown_by]


def test_nothing_is_claimed_of_a_command_that_takes_all_and_shows_always_the_same() -> None:
    """Fixed answers are no proof: the command that says 0 to 9 takes 10 and more, too."""
    fixed = """answers."#CSURVF"={test="#CSURVF: (0-9)",read="#CSURVF: 0",set=""}"""
    with inquiry_of("HE910", "HE910", ['commands."#CSURVF"=false', fixed]) as inquiry:
        claims = learned(inquiry)
    assert [] == [claim.path for claim in claims if "#CSURVF" in claim.path and claim.path[-1] != "default"]


@given(st.lists(st.integers(0, 45), min_size=1, max_size=45), st.lists(st.integers(0, 45), min_size=1, max_size=12))
def test_tries_find_the_values_that_are_taken_or_nothing(taken: list[int], shown: list[int]) -> None:
    """Whatever `=?` says, what is found is what is taken at each value that was tried; else nothing is found."""
    tried: set[int] = set()

    def takes(value: int) -> bool:
        tried.add(value)
        return value in taken

    found = values_taken(takes, joined(shown), taken[0])

    assert found is None or all(allows(found, value) is (value in taken) for value in tried)
    assert len(tried) < 100


@given(st.integers(0, 4_294_967_000), st.integers(50, 4_294_967_295), st.booleans())
def test_the_ends_of_a_wide_range_are_found(low: int, width: int, zero: bool) -> None:
    """A range that has nothing in common with what `=?` says is found by halves, and 0 beside it."""
    high = min(low + width, 4_294_967_294)

    found = values_taken(lambda value: low <= value <= high or (zero and value == 0), [(100, 50_000)], high)

    assert found is not None
    assert (*found[-1],) == (low, high) or (zero and low == 1 and (*found[-1],) == (0, high))


FACTORY = {
    "S7": 'settings.S7={range=[2,99],default=9,part="extended"}',
    "+CREG": 'settings."+CREG".part="none"',
    "+CNMI.mt": 'settings."+CNMI.mt"={default=2,part="base"}',
    "&K": 'settings."&K"={default=1,part="extended"}',
    "S12": "settings.S12.default=40",
    "#DVI.port": 'settings."#DVI.port".default=2',
    "+IPR": 'settings."+IPR".default=9600',
}


def test_factory_settings_and_their_parts_are_learned() -> None:
    """&F shows the value of a setting and the part it belongs to; afterwards all is as it was before."""
    module = load_firmware("HE910", list(FACTORY.values()))
    with inquiry_of("HE910", "HE910", list(FACTORY.values())) as inquiry:
        for command in ("AT+CMEE=1", "ATS7=33", "AT&K2", "AT+CREG=2", "AT#E2ESC=3"):
            inquiry.module.ask(command)
        before = [inquiry.module.ask(f"AT{name}?").said for name in (*READ, "#E2ESC", "S3", "E", "+IPR")]

        claims = learned(inquiry, factory.probes)

        after = [inquiry.module.ask(f"AT{name}?").said for name in (*READ, "#E2ESC", "S3", "E", "+IPR")]
    base = merge(inquiry.base.layers)
    changed = {str(claim.path[1]) for claim in claims if value_at(base, claim.path) != claim.value}
    assert FACTORY.keys() == changed
    assert [] == [one for one in wrong(claims, module) if ".part" not in one]
    parts = {str(claim.path[1]): claim.value for claim in claims if claim.path[-1] == "part"}
    assert all(part == module.profile.settings[name].part for name, part in parts.items())
    assert before == after
    assert len(inquiry.exchanges) < 250


def test_factory_settings_are_left_alone_where_flow_control_cannot_be_put_back() -> None:
    """A module that does not show &K may be deaf afterwards: it is not asked at all."""
    with inquiry_of("HE910", "HE910", ['commands."&K"=false']) as inquiry:
        claims = learned(inquiry, factory.probes)
    assert [] == claims
    assert not any("&F" in exchange.sent for exchange in inquiry.exchanges)


def test_factory_settings_leave_the_line_as_it_is() -> None:
    """The speed and the flow control with which a host talks to a module are put back by the same command line."""
    with inquiry_of("HE910", "HE910") as inquiry:
        for command in ("AT+IPR=9600", "AT&K1", "AT+CREG=2"):
            inquiry.module.ask(command)

        restore_factory_settings(inquiry)

        assert "AT&F1E0V1Q0&K1\\Q3S0=0S2=43S3=13S4=10S5=8+FCLASS=0;+IPR=9600;+ICF=3,0" == inquiry.exchanges[-1].sent
        shown = {name: inquiry.module.ask(f"AT{name}?").lines[0] for name in ("+IPR", "&K", "+CREG", "E")}
    assert {"+IPR": "+IPR: 9600", "&K": "001", "+CREG": "+CREG: 0,1", "E": "000"} == shown


def test_commands_that_the_emulator_lacks_are_answered_as_the_module_does() -> None:
    """The texts of =? and ? are fixed answers; one that may hold a name or a number is kept from the profile."""
    answers = """answers={"#FOO"={test="#FOO: (0-3)",read="#FOO: 2",execute=""},"#BAR"={test="",read='#BAR: "Ann"'}}"""
    with inquiry_of("HE910", "HE910", [answers]) as inquiry:
        claims = learned(inquiry, other_commands.probes)
    found = {claim.path[1:]: claim.value for claim in claims}
    assert {("#FOO", "test"): "#FOO: (0-3)", ("#FOO", "read"): "#FOO: 2", ("#BAR", "test"): ""} == found
    assert not any(exchange.sent in ("AT#FOO", "AT#BAR") for exchange in inquiry.exchanges)


def test_a_fixed_answer_of_the_base_that_the_module_lacks_is_absent() -> None:
    """The base answers #CCIOTOPT with a text, and the module does not know it."""
    with inquiry_of("HE910", "ME910C1-E1") as inquiry:
        claims = learned(inquiry, other_commands.probes)
    assert [(("answers", "#CCIOTOPT"), ABSENT)] == [(claim.path, claim.value) for claim in claims]


@pytest.mark.parametrize(
    ("settings", "there"),
    [
        ([], (True, False)),
        (['answers."#NOTHING".execute=""'], (None, False)),
        (['commands."+CGMM"=false'], (True, None)),
    ],
    ids=["it tells", "what is unknown is refused with a number", "what has no such form is refused by ERROR"],
)
def test_a_refusal_shows_a_command_only_where_it_differs_from_that_of_an_unknown_one(
    settings: list[str], there: tuple[bool | None, bool | None]
) -> None:
    """+GSN has no test form and #AXE is unknown: a module may refuse both alike, and then nothing is claimed."""
    with inquiry_of("HE910", "HE910", settings) as inquiry:
        inquiry.ask("AT+CMEE=2")
        assert there == tuple(presence_of(inquiry, name).is_there for name in ("+GSN", "#AXE"))


class BrokenOff(Inquiry):
    """An inquiry that is broken off once, as by Ctrl-C, before its n-th exchange."""

    left = 0

    def ask(self, command: str, within: float = ANSWER) -> Exchange:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt
        return super().ask(command, within)


@pytest.mark.parametrize("number", (110, 139, 168))
def test_factory_settings_that_are_broken_off_are_undone(number: int) -> None:
    """Each setting is afterwards what it was before; while they are put back, a Ctrl-C waits."""
    with inquiry_of("HE910", "HE910") as plain:
        for command in ("AT+CMEE=1", "ATS7=33", "AT&K2", "AT+CREG=2", "AT#E2ESC=3", "AT+CNMI=1,2", "AT&D2"):
            plain.module.ask(command)
        before = [plain.module.ask(f"AT{name}?").said for name in (*READ, "#E2ESC", "S3", "E", "+IPR", "&D")]
        inquiry = BrokenOff(plain.module, plain.base)
        inquiry.left = number

        with suppress(KeyboardInterrupt):
            learned(inquiry, factory.probes)

        after = [plain.module.ask(f"AT{name}?").said for name in (*READ, "#E2ESC", "S3", "E", "+IPR", "&D")]
    assert inquiry.left < 0
    assert before == after
