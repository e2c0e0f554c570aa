"""The next step that a reason names is one: the host types it, and the refused command passes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields

import pytest

from emulator.at.syntax import Call, parse_line
from emulator.commands.catalogue import command_table
from emulator.commands.remedies import WAYS
from emulator.device import needs
from emulator.errors import Need
from emulator.firmware.loader import list_models, load_firmware
from emulator.testing import Bench, FtpsServer
from tests.commands.peer import ObedientPeer
from tests.commands.reasons import say
from tests.commands.ssl_bench import HOST
from tests.peers.pki import ROOT

FTP = "ftp.example.com"
FIRMWARES = ("HE910", "GE865-QUAD")
_FILLED = {
    "<apn>": "internet",
    "<port>": "443",
    "<address>": HOST,
    "<size>": str(len(ROOT.pem)),
    "<server>": FTP,
    "<user>": "telit",
    "<password>": "public-demo",
    "<file>": "file.txt",
}
_ENTRIES: Mapping[str, bytes] = {"AT#SSLSECDATA=1,1,1,": ROOT.pem + b"\x1a"}
_MOST_STEPS = 8

Situation = tuple[tuple[str, ...], str]
"""What the host has done, and the command that is refused then."""

SITUATIONS: Mapping[str, Situation] = {
    "context": ((), f'AT#SD=1,0,443,"{HOST}",0,0,1'),
    "attachment": (('AT+CGDCONT=1,"IP","internet"', "AT+CGATT=0"), "AT#SGACT=1,1"),
    "registration": (("AT+COPS=2",), "AT+CGATT=1"),
    "radio": (("AT+CFUN=4",), "AT+CGATT=1"),
    "socket of a context": (
        ('AT+CGDCONT=2,"IP","internet"', *(f"AT#SCFG={n},1,300,90,600,50" for n in range(1, 7))),
        "AT#SGACT=2,1",
    ),
    "active context": (('AT+CGDCONT=1,"IP","internet"', "AT#SGACT=1,1"), 'AT+CGDCONT=1,"IP","other"'),
    "plain socket": ((), "AT#SSEND=1"),
    "listening socket": (
        ('AT+CGDCONT=1,"IP","internet"', "AT#SGACT=1,1", "AT#SL=1,1,5000"),
        f'AT#SD=1,0,443,"{HOST}",0,0,1',
    ),
    "certificate": (("AT#SSLEN=1,1", "AT#SSLSECCFG=1,0,1"), f'AT#SSLD=1,443,"{HOST}",0,1'),
    "secure socket": ((), "AT#SSLSEND=1"),
    "open secure socket": ((), "AT#SSLFASTD=1,1"),
    "FTP session": ((), "AT#FTPPWD"),
    "FTP upload": ((), "AT#FTPAPPEXT=3"),
    "FTP download": ((), "AT#FTPRECV=10"),
}


@pytest.fixture(scope="module")
def servers() -> Iterator[Mapping[str, str]]:
    """Routes to a TLS server and an FTP server."""
    with ObedientPeer() as tls, FtpsServer() as ftp:
        yield {HOST: f"127.0.0.1:{tls.port}", f"{FTP}:21": f"127.0.0.1:{ftp.port}"}


def _steps(reason: str) -> list[str]:
    """The lines of the first way that a reason names."""
    told = re.search(r": (AT.*?)(?: and wait [^:]*| until [^:]*)? first(?:, or .*)?$", reason)
    assert told is not None, reason
    return told[1].split(", then ")


async def _heal(bench: Bench, line: str) -> list[str]:
    """Type what the reasons name until the line passes; every reason on the way."""
    reasons: list[str] = []
    while (reason := await say(bench, line)) is not None:
        reasons.append(reason)
        assert len(reasons) <= _MOST_STEPS, reasons
        for step in _steps(reason):
            for placeholder, value in _FILLED.items():
                step = step.replace(placeholder, value)
            reasons += await _heal(bench, _with_entry(step))
    return reasons


def _with_entry(step: str) -> str:
    entry = next((data for begin, data in _ENTRIES.items() if step.startswith(begin)), None)
    return step if entry is None else f"{step}\n{entry.decode()}"


def _cases() -> Iterator[tuple[str, str]]:
    """Each situation on each firmware that has the command."""
    for firmware in FIRMWARES:
        table = command_table(load_firmware(firmware))
        for name, (_, line) in SITUATIONS.items():
            call = parse_line(line.removeprefix("AT"))[0]
            assert isinstance(call, Call)
            if table.find(call.name) is not None:
                yield name, firmware


@pytest.mark.parametrize(("name", "firmware"), list(_cases()))
async def test_the_named_step_makes_the_refused_command_pass(
    name: str, firmware: str, servers: Mapping[str, str]
) -> None:
    """From a new module on."""
    before, line = SITUATIONS[name]
    async with Bench(firmware, routes=servers) as bench:
        for step in before:
            assert await say(bench, step) is None, step

        assert await _heal(bench, line)


def test_every_need_has_its_way() -> None:
    """No refusal names a need that no command can meet."""
    declared = {kind for kind in vars(needs).values() if isinstance(kind, type) and issubclass(kind, Need)}

    assert declared - {Need} == set(WAYS)


def test_the_lines_of_each_way_have_no_more_parameters_than_each_firmware_takes() -> None:
    """Whatever the fields of the need are."""
    tables = [command_table(load_firmware(model.name)) for model in list_models()]
    for kind, ways in WAYS.items():
        need = kind(**{field.name: 1 for field in fields(kind)})
        for way in ways:
            for table in tables:
                if way.exists(table):
                    for call in (parse_line(line.removeprefix("AT"))[0] for line in way.lines(need)):
                        assert isinstance(call, Call)
                        bound = table.find(call.name)
                        assert bound is not None
                        assert len(call.arguments) <= len(bound._readers), (call, table)
