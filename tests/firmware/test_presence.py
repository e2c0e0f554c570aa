"""Which commands and parameters a firmware has: said by the layers of its profile, and by nothing else."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from emulator.api import VirtualModem
from emulator.at.syntax import Form
from emulator.at.table import CommandTable
from emulator.commands.catalogue import command_table, declared_commands
from emulator.errors import UserError
from emulator.firmware import keys, lines
from emulator.firmware.layers import KeyPath, merge, value_at
from emulator.firmware.limits import Numeric
from emulator.firmware.loader import load_firmware
from emulator.firmware.schema.profile import Profile
from emulator.firmware.version import Version
from emulator.testing import Bench
from tests.commands.lines import GE910, GL865, LINES
from tests.commands.ssl_bench import ERROR, GSM, UMTS, information

UMTS_ONLY = {"#PSNT", "+CGEQMIN", "+CGEQREQ"}
OF_10_00_ONLY = {"#COPSMODE", "#OSC32KHZ", "#CSURVP", "#CSURVPC", "#SGPO", "#GGPI"}
SOUND = {"#AXE", "#PRST", "#PSAV", "#PSEL", "#PSET"}
FAX = {"+FMI", "+FMM", "+FMR", "+FPR", "+FDD"}
HTTP = {"#HTTPCFG", "#HTTPQRY", "#HTTPSND", "#HTTPRCV"}
EASY_GPRS = {
    "#SKTD", "#SKTL", "@SKTL", "#SKTOP", "#SKTSET", "#SKTSAV", "#SKTRST", "#SKTCT", "#PKTSZ", "#DSTO",
}  # fmt: skip
GNSS = {"$GPSP", "$GPSR", "$GPSAT", "$GPSNMUN", "$GPSACP", "$GPSSAV", "$GPSRST", "$GPSSW"}
"""Those of models with a receiver, of which the HE910 is the one here."""
LACKS = {
    GSM: {*UMTS_ONLY, "#PORTCFG", *GNSS, "#SMTPCL", "+CPLS", "+CTZR", "#NTP", *HTTP, "#SLASTCLOSURE", "#AGPSSND"},
    GE910: {*UMTS_ONLY, "#PORTCFG", *GNSS, "#SMTPCL", "+CPLS", "+CTZR", *OF_10_00_ONLY, *SOUND, "#CPUMODE", "#SKTOP"},
    GL865: {*UMTS_ONLY, "#PORTCFG", *GNSS, "#SMTPCL", "+CPLS", "+CTZR", *OF_10_00_ONLY, "#SKTOP"},
    UMTS: {
        *OF_10_00_ONLY,
        *FAX,
        *EASY_GPRS,
        *SOUND,
        "#CPUMODE",
        "#SSLFASTD",
        "#SMSMODE",
        "#ENAUSIM",
        "#QTEMP",
        "+MS",
        "#JDR",
        "+CCID",
        "#CMUXSCR",
    },
}
"""What a line lacks of the commands that others have."""

SSL = {
    "#SSLEN", "#SSLSECCFG", "#SSLCFG", "#SSLD", "#SSLO", "#SSLH", "#SSLS", "#SSLSEND", "#SSLSENDEXT", "#SSLRECV",
    "#SSLRCV", "#SSLSECDATA",
}  # fmt: skip


EVENTS = {"#EVMONI", "#ENAEVMONI", "#ENAEVMONICFG"}


def table(spec: str, *overrides: str) -> CommandTable:
    return command_table(load_firmware(spec, overrides))


def names(commands: CommandTable) -> set[str]:
    return {name for bound in commands for name in bound.command.names if commands.find(name)}


def signature(commands: CommandTable, name: str) -> str:
    bound = commands.find(name)
    assert bound is not None
    return bound.signature()


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Where a user's own profile stands; `write` fills it."""
    return tmp_path / "board.toml"


def write(path: Path, text: str, extends: str = UMTS) -> str:
    path.write_text(f'extends = "{extends}"\n{text}', encoding="utf-8")
    return str(path)


def complaint(spec: str, *overrides: str) -> str:
    with pytest.raises(UserError) as caught:
        table(spec, *overrides)
    return str(caught.value)


@pytest.mark.parametrize("model", LACKS)
def test_a_line_lacks_what_its_sources_lack(model: str) -> None:
    """Guide 4.1 and 4.4; the index of the AT guide; the LE910's guide as the only source of #SLASTCLOSURE."""
    everywhere = set.union(*(names(table(other)) for other in LACKS))

    assert LACKS[model] == everywhere - names(table(model))


@pytest.mark.parametrize(("model", "before"), [(UMTS, "12.00.003"), (GSM, "10.00.004")])
def test_a_release_before_ssl_lacks_every_ssl_command_and_the_events(model: str, before: str) -> None:
    """The layer of such a release takes the secure socket away, which those commands require; events came later."""
    fast_dial = {"#SSLFASTD"} & names(table(model))

    assert SSL | fast_dial | EVENTS == names(table(model)) - names(table(f"{model}@{before}"))


@pytest.mark.parametrize(("model", "most"), [(GSM, 1500), (GE910, 1500), (GL865, 1500), (UMTS, 1000)])
def test_one_read_of_the_secure_socket_takes_as_much_as_the_line_allows(model: str, most: int) -> None:
    """A GL868 was asked for 1499; a 3G module refused more than 1000."""
    assert f"<max_num_byte> (1-{most})" in signature(table(model), "#SSLRECV")


async def test_a_command_that_a_profile_takes_away_is_unknown(profile: Path) -> None:
    """A plain ERROR in every form, whatever +CMEE is; the others stay."""
    async with Bench(write(profile, '[commands]\n"#SD" = false\n"+CRC" = false')) as bench:
        await bench.command("ATE0")
        await bench.command("AT+CMEE=2")
        for line in ("AT#SD=1,0,80,host", "AT#SD=?", "AT+CRC=0", "AT+CRC?"):
            assert ERROR == await bench.command(line)
        assert information("#SH: (1-6)") == await bench.command("AT#SH=?")


async def test_a_profile_gives_a_command_back_that_a_layer_below_took_away(profile: Path) -> None:
    """The last layer that speaks of a command wins."""
    path = write(profile, '[commands]\n"#SLASTCLOSURE" = true', GSM)
    async with Bench(path) as bench:
        await bench.command("ATE0")

        assert information("#SLASTCLOSURE: 1,0") == await bench.command("AT#SLASTCLOSURE=1")


async def test_a_profile_changes_and_takes_away_parameters(profile: Path) -> None:
    """Other numbers, with the default as declared where none is given; one parameter less."""
    text = '[commands]\n"#PING" = { count = { range = [1, 10] }, ttl = false }\n"#SA".mode.choices = [0]'
    path = write(profile, text)
    async with Bench(path) as bench:
        await bench.command("ATE0")

        assert information("#PING: ,(1-10),(32-1460),(1-600)") == await bench.command("AT#PING=?")
        assert ERROR == await bench.command('AT#PING="127.0.0.1",11')
        assert ERROR == await bench.command('AT#PING="127.0.0.1",1,32,10,64')
        assert information("#SA: (1-6),(0)") == await bench.command("AT#SA=?")
        assert "<count> (1-10) = 4" in signature(table(path), "#PING")


async def test_a_parameter_that_is_taken_away_has_the_default_of_the_profile(profile: Path) -> None:
    """As if the host had left it out."""
    async with Bench(write(profile, '[commands]\n"#SGACTCFG" = { delay = false, reported = false }')) as bench:
        await bench.command("ATE0")

        assert ERROR == await bench.command("AT#SGACTCFG=1,3,200")
        assert "\r\nOK\r\n" == await bench.command("AT#SGACTCFG=1,3")
        assert "\r\n#SGACTCFG: 1,3,180,0\r\n" in await bench.command("AT#SGACTCFG?")


def test_a_default_that_a_profile_gives_takes_the_place_of_the_declared_one() -> None:
    """Also of a fixed one; and a parameter that had none may be left out then."""
    fixed = table(UMTS, 'commands."+CLCK".classes={range=[1,3],default=1}')
    mandatory = table(UMTS, 'commands."#SD".port={choices=[80],default=80}')

    assert signature(fixed, "+CLCK").endswith("[<classes> (1-3) = 1]")
    assert "[<port> (80) = 80], <address>" in signature(mandatory, "#SD")


def test_another_name_of_a_command_goes_alone_and_the_command_with_all_its_names() -> None:
    """#SSLRCV is what the guide prints for #SSLRECV."""
    without_alias = table(UMTS, 'commands."#SSLRCV"=false')
    without_both = table(UMTS, 'commands."#SSLRECV"=false')

    assert {"#SSLRCV"} == SSL - names(without_alias)
    assert {"#SSLRCV", "#SSLRECV"} == SSL - names(without_both)


def test_a_command_is_there_as_soon_as_the_profile_has_what_it_reads() -> None:
    """An HE910 of 12.00 has no #CPUMODE because no layer gives its modes."""
    assert table(UMTS).find("#CPUMODE") is None
    assert "<mode> (0-4)" == signature(table(UMTS, "power.cpu_modes={range=[0,4],default=0}"), "#CPUMODE")


def test_line_release_and_model_speak_in_this_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes away, gives back or narrows what the ones before it said."""
    text = """
        extends = "common"
        status = "public"
        models = [
            { name = "A", version = "99.00.001" },
            { name = "B", version = "99.00.001", overrides = { unset = ["firewall"], commands = { "#SA" = true } } },
        ]
        [commands]
        "#SD" = false
        "#SA" = false
        "#PING".count.range = [1, 9]
        [[since]]
        release = 2
        unset = ["commands.\\"#PING\\".count"]
        [since.commands]
        "#SD" = true
        "#PING".ttl = false
    """
    (tmp_path / "99.00.toml").write_text(text)
    shared = lines.common().tables.get("commands", {})
    monkeypatch.setattr(lines, "PROFILES", tmp_path)
    line = lines.read_line("99.00")
    monkeypatch.setattr(lines, "line_named", lambda name: {"99.00": line}[name])
    first, second = line.models

    def commands(entry: lines.ModelEntry, version: str) -> Any:
        said = merge(lines.shipped_layers(entry, Version.parse(version)))["commands"]
        return {name: value for name, value in said.items() if name not in shared}

    before = {"#SD": False, "#SA": False, "#PING": {"count": {"range": [1, 9]}}}
    assert before == commands(first, "99.00.001")
    assert {"#SD": True, "#SA": False, "#PING": {"ttl": False}} == commands(first, "99.00.002")
    assert {"#SD": True, "#SA": True, "#PING": {"ttl": False}} == commands(second, "99.00.012")
    assert "firewall" not in merge(lines.shipped_layers(second, Version.parse("99.00.001")))


WRONG = {
    '"#SLASTCLOSUR" = false': 'commands."#SLASTCLOSUR": no command declares it; the nearest is #SLASTCLOSURE',
    '"#slastclosure" = false': 'commands."#slastclosure": no command declares it; the nearest is #SLASTCLOSURE',
    '"*" = true': 'commands."*": no command declares it',
    '"#SD" = 1': (
        'commands."#SD" is 1; give true or false, or a table by name, each true or false, or a table of range, choices,'
        " zero, default"
    ),
    '"#SD".closur = false': (
        'commands."#SD".closur: the command has no such parameter, only connection_id, protocol, port, address,'
        " closure, local_port, mode, interval, address_type; the nearest is closure"
    ),
    '"+CIMI".x = false': 'commands."+CIMI".x: the command has no such parameter',
    '"#SD".port = false': 'commands."#SD".port: the command cannot do without it',
    '"#SD".closure = "no"': (
        'commands."#SD".closure is "no"; give true or false, or a table of range, choices, zero, default'
    ),
    '"#SD".closure.range = [9]': (
        'commands."#SD".closure.range is [9]; give a list of 2, each a whole number from 0 to 4294967295'
    ),
    '"#SD".closure = {}': 'commands."#SD".closure: give either `range` or `choices`',
    '"#SD".address.range = [0, 1]': (
        'commands."#SD".address: it is no number and has no limits; give true or false'
    ),
    '"#PING".count.range = [7, 9]': (
        'commands."#PING".count: its default 4 is outside the values given; give a `default`'
    ),
    '"+CLCK".classes.range = [1, 3]': (
        'commands."+CLCK".classes: its default 7 is outside the values given; give a `default`'
    ),
    '"#CGPADDR".cids = { range = [1, 2], default = 1 }': 'commands."#CGPADDR".cids: it is repeated and has no default',
    '"#SSLRCV".max_num_byte = false': 'commands."#SSLRCV": it is another name of #SSLRECV; give the limits there',
    '"#CPUMODE" = true': 'commands."#CPUMODE": it needs power.cpu_modes, which the profile lacks',
}  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), WRONG.items(), ids=WRONG)
def test_what_is_wrong_with_a_command_is_one_line_that_names_file_and_key(
    profile: Path, line: str, expected: str
) -> None:
    """With the nearest name where there is one."""
    path = write(profile, f"[commands]\n{line}")

    assert f"{path}: {expected}" == complaint(path)


def test_the_command_line_is_named_where_it_gave_the_wrong_name() -> None:
    """And the lowest of several layers where that one did."""
    assert (
        '--set commands."#SDD": commands."#SDD": no command declares it; the nearest is #SD'
        == complaint(UMTS, 'commands."#SDD"=false')
    )  # fmt: skip


def test_a_modem_does_not_start_with_a_command_that_there_is_not(profile: Path) -> None:
    """The mistake is found before a port is opened."""
    path = write(profile, '[commands]\n"#SDD" = false')

    with pytest.raises(UserError, match="the nearest is #SD"), VirtualModem(path):
        pass


def test_check_refuses_a_command_that_there_is_not(profile: Path) -> None:
    """`telit-emulator profiles --check`."""
    path = write(profile, '[commands]\n"#SDD" = false')
    command = [sys.executable, "-m", "emulator", "profiles", "--check", path]

    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    expected = f'telit-emulator: {path}: commands."#SDD": no command declares it; the nearest is #SD\n'
    assert (2, "", expected) == (result.returncode, result.stdout, result.stderr)


def test_a_comparison_shows_what_a_profile_has_taken_away(profile: Path) -> None:
    """`telit-emulator profiles --diff`: commands of one only, and the parameters that differ."""
    path = write(profile, 'name = "board"\n[commands]\n"#SD" = false\n"#PING".ttl = false')
    command = [sys.executable, "-m", "emulator", "profiles", "--diff", UMTS, path]

    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert ["Commands of HE910@12.00.004 only", "  #SD"] == result.stdout.splitlines()[2:4]
    assert ["Parameters", "  #PING"] == result.stdout.splitlines()[5:7]
    assert 9 == len(result.stdout.splitlines())


def test_one_firmware_is_shown_with_its_commands() -> None:
    """`telit-emulator profiles FIRMWARE`: each command that it has, its parameters and forms."""
    command = [sys.executable, "-m", "emulator", "profiles", GSM]

    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    shown = {line.split()[0]: line for line in result.stdout.splitlines() if line}
    assert "#SSLFASTD" in shown and "#PSNT" not in shown
    assert shown["#SA"].endswith("<connection_id> (1-6), [<mode> (0,1) = 0] (set, test)")


class TestUnset:
    """`unset` takes away keys that the layers below give."""

    def test_a_key_is_as_if_nobody_had_given_it(self, profile: Path) -> None:
        """With what requires it."""
        path = write(profile, 'unset = ["secure_socket", "network.utran_cell", "network.packet_technology"]')

        firmware = load_firmware(path)

        assert firmware.profile.secure_socket is None
        assert firmware.profile.network.utran_cell is None
        assert SSL | UMTS_ONLY == names(table(UMTS)) - names(command_table(firmware))
        assert load_firmware(UMTS).profile.secure_socket is not None

    def test_what_lower_layers_say_of_a_command_goes_with_the_part_that_it_requires(self, profile: Path) -> None:
        """A later layer that speaks of it is refused all the same."""
        unset = 'unset = ["mqtt", "secure_socket"]'
        path = write(profile, unset, "ME310G1")

        assert table(path).find("#SSLI") is None
        write(profile, f'{unset}\n[commands]\n"#SSLI" = true', "ME310G1")
        assert f'{path}: commands."#SSLI": it needs secure_socket, which the profile lacks' == complaint(path)

    def test_a_layer_may_give_a_table_anew(self, profile: Path) -> None:
        """What it does not give then is missing, or has the schema's default."""
        path = write(profile, 'unset = ["pdp.factory"]\n[pdp]\nfactory = [{ cid = 2, type = "IP", apn = "a" }]')
        base = write(profile.with_name("base.toml"), '[[pdp.factory]]\ncid = 1\ntype = "IP"\napn = "b"')
        profile.write_text(profile.read_text(encoding="utf-8").replace(f'"{UMTS}"', f'"{base}"', 1), encoding="utf-8")

        assert [2] == [context.cid for context in load_firmware(path).profile.pdp.factory]

    def test_the_command_line_can_do_it_too(self) -> None:
        """`--set 'unset=["…"]'`."""
        assert load_firmware(UMTS, ['unset=["network.packet_technology"]']).profile.network.packet_technology is None

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('unset = "sim.pin"', 'unset is no list of keys; one reads like unset = ["power.cpu_modes"]'),
            ('unset = ["sim.pni"]', "unset: unknown key sim.pni; the nearest is pin"),
            ('unset = ["sim.pin"]', "unset: nothing sets sim.pin; the nearest is sim.pin2"),
            ('unset = ["network.signal"]', "network.signal is missing; give a whole number from 0 to 99"),
            (
                "unset = ['settings.\"+CRC\"']",
                'unset: every module has settings."+CRC"; commands."+CRC" = false takes commands away',
            ),
            ('unset = ["stored"]', "unset: every module has stored; commands takes commands away"),
        ],
    )  # fmt: skip
    def test_a_wrong_one_is_one_line_that_names_file_and_key(self, profile: Path, text: str, expected: str) -> None:
        """With the nearest key where there is one."""
        path = write(profile, text)

        assert f"{path}: {expected}" == complaint(path)


def optional(table: type[msgspec.Struct], above: KeyPath) -> Iterator[KeyPath]:
    for name, kind in keys.kinds(table).items():
        path = (*above, name)
        if type(None) in get_args(kind):
            yield path
        if keys.is_table(keys.plain(kind)) and not issubclass(keys.plain(kind), Numeric):
            yield from optional(keys.plain(kind), path)


OPTIONAL = [keys.written(path) for path in optional(Profile, ())]


def test_the_keys_that_a_firmware_may_lack_are_known() -> None:
    """Those on which commands depend are among them."""
    required = {command.requires for command in declared_commands() if command.requires}

    assert required <= set(OPTIONAL)
    assert {
        "secure_socket",
        "secure_socket.extended_security",
        "power.cpu_modes",
        "network.packet_technology",
        "network.eutran_cell",
        "network.iot_technologies",
        "gnss.software",
        "mqtt",
        "sim.files.operator_networks",
        "sockets.extension",
        "sockets.datagram_sizes",
        "email.configuration",
        "time_service.cids",
        "calendar.clock_modes",
        "identity.package",
    } == required


def lacked() -> Iterator[tuple[str, str]]:
    """Each line and a key that it may lack; none within a table that it has not."""
    for model in LINES:
        tables = msgspec.to_builtins(load_firmware(model).profile)
        yield from ((model, key) for key in OPTIONAL if isinstance(value_at(tables, tuple(key.split(".")[:-1])), dict))


@pytest.mark.parametrize(("model", "key"), lacked())
async def test_a_module_does_without_any_key_that_it_may_lack(profile: Path, model: str, key: str) -> None:
    """It starts, and each of its commands answers in its test form."""
    given = value_at(msgspec.to_builtins(load_firmware(model).profile), tuple(key.split(".")))
    nothing = (None, value_at({}, ("nothing",)))
    path = write(profile, f'unset = ["{key}"]' if given not in nothing else "", model)
    async with Bench(path) as bench:
        await bench.command("ATE0")
        for bound in command_table(load_firmware(path)):
            if bound.has(Form.TEST):
                assert await bench.command(f"AT{bound.command.name}=?") != ERROR


@pytest.mark.parametrize("text", ["secure_socket.fast_dial = false", "[secure_socket]\nfast_dial = true"])
def test_a_key_that_has_moved_names_the_new_one(profile: Path, text: str) -> None:
    """`secure_socket.fast_dial` of earlier profiles."""
    path = write(profile, text)

    assert f'{path}: secure_socket.fast_dial has moved; write commands."#SSLFASTD"' == complaint(path)


def test_a_moved_key_of_the_command_line_names_the_new_one() -> None:
    """Whole, and by its last part."""
    for key in ("fast_dial", "secure_socket.fast_dial"):
        expected = f'--set {key}: secure_socket.fast_dial has moved; write commands."#SSLFASTD"'
        assert expected == complaint(UMTS, f"{key}=true")


@pytest.mark.parametrize(
    ("key", "moved"),
    [
        ("terminal.multiplexer.patience", "terminal.multiplexer.opening_timeout"),
        ("name_service.patience", "name_service.answer_timeout"),
        ("sockets.send_patience", "sockets.send_timeout"),
    ],
)
def test_keys_that_were_renamed_name_the_new_one(profile: Path, key: str, moved: str) -> None:
    """In a file and on the command line."""
    path = write(profile, f"{key} = 9.0")

    assert f"{path}: {key} has moved; write {moved}" == complaint(path)
    assert f"--set {key}: {key} has moved; write {moved}" == complaint(UMTS, f"{key}=9")
