"""The JSON Schemas agree with the loaders, and with the traces that are written."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from emulator.cli.schema import NAMES, written
from emulator.errors import UserError
from emulator.faults.scenario import load_scenario
from emulator.firmware.loader import load_firmware
from emulator.resources import PROFILES
from emulator.testing import Bench
from tests.commands.peer import ObedientPeer
from tests.commands.ssl_bench import HOST, OK, prepare, routes_to, succeed

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCENARIOS = [
    block
    for page in sorted(DOCS.glob("*.md"))
    for block in re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    if "[[faults]]" in block
]


def flaws(name: str, value: Any) -> list[str]:
    """What the schema of that name finds wrong."""
    validator = jsonschema.Draft4Validator(json.loads(written(name)))
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(value)]


@pytest.mark.parametrize("name", NAMES)
def test_the_command_prints_a_valid_schema_which_the_documents_have_too(name: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "emulator", "schema", name], capture_output=True, text=True, check=True, timeout=60
    ).stdout

    jsonschema.Draft4Validator.check_schema(json.loads(printed))
    assert printed == (DOCS / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_profile_is_valid(path: Path) -> None:
    assert flaws("profile", tomllib.loads(path.read_text(encoding="utf-8"))) == []


GOOD_PROFILES = [
    'extends = "HE910"\nname = "board 7"\n[network]\nsignal = 9\n',
    'extends = "12.00"\nmodel = "HE910"\nversion = "12.00.005"\nunset = ["secure_socket"]\n',
    'extends = "GE865-QUAD"\n[commands]\n"#SD" = false\n"+CFUN" = { level = { range = [0, 1], default = 1 } }\n',
    'extends = "GE865-QUAD"\n[errors.sim_busy]\ncode = 99\ntext = "later"\n',
    'extends = "HE910"\n[answers."#FOO"]\nexecute = "bar"\n[times]\nfactor = 0.5\n',
]


@pytest.mark.parametrize("text", GOOD_PROFILES)
def test_what_the_loader_takes_is_valid(text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)

    load_firmware(str(path))

    assert flaws("profile", tomllib.loads(text)) == []


BAD_PROFILES = {
    "no extends": 'name = "board"\n',
    "unknown key": 'extends = "HE910"\nfoo = 1\n',
    "unknown key in a table": 'extends = "HE910"\n[network]\nsignals = 9\n',
    "type": 'extends = "HE910"\n[network]\nsignal = "good"\n',
    "range": 'extends = "HE910"\n[network]\nsignal = 120\n',
    "range of a float": 'extends = "HE910"\n[power]\nboot = -1.0\n',
    "above nothing": 'extends = "HE910"\n[times]\nfactor = 0\n',
    "enumeration": 'extends = "HE910"\n[calls]\nothers = "sings"\n',
    "length of a list": 'extends = "HE910"\n[times.start]\ncold = [1, 2]\n',
    "a cause that there is not": 'extends = "HE910"\n[errors.bad_luck]\ncode = 1\ntext = "x"\n',
    "a name of a cause": 'extends = "HE910"\n[pdp.refusals]\nundefined = "bad_luck"\n',
    "pattern": 'extends = "HE910"\n[pdp]\naddress = "1.2.3"\n',
    "a member that lacks a key": 'extends = "HE910"\n[[network.operators]]\nname = "X"\n',
    "what only a line has": 'extends = "HE910"\n[[since]]\nrelease = 3\n',
    "version": 'extends = "12.00"\nmodel = "HE910"\nversion = "12"\n',
}


@pytest.mark.parametrize("text", BAD_PROFILES.values(), ids=BAD_PROFILES)
def test_what_the_loader_refuses_is_not_valid(text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)

    with pytest.raises(UserError):
        load_firmware(str(path))

    assert flaws("profile", tomllib.loads(text)) != []


GOOD_FAULTS = [
    'fault = "connection-reset"\ncommand = "#SSLD"\nbyte = "2 kB"\ntimes = 3',
    'fault = "slow-network"\npreset = "GPRS"\ndownload = "80 kbit/s"\nlatency = 0.25',
    'fault = "sim-locked"\npin = 1234\nterminal = 2',
    'fault = "signal"\nrssi = 3\ntime = "2 min"\nprobability = 0.5',
    'fault = "handshake-cut"\nmessage = "certificate"',
    'fault = "activation-refused"\ncause = "sim_busy"',
    'fault = "activation-late"\nduration = "60s"',
]


@pytest.mark.parametrize("scenario", [*SCENARIOS, *(f"seed = 7\n[[faults]]\n{fault}\n" for fault in GOOD_FAULTS)])
def test_a_scenario_that_the_loader_takes_is_valid(scenario: str, tmp_path: Path) -> None:
    """Those of the documents among them."""
    path = tmp_path / "day.toml"
    path.write_text(scenario)

    load_scenario(path)

    assert flaws("scenario", tomllib.loads(scenario)) == []


def test_the_documents_have_scenarios() -> None:
    assert SCENARIOS


BAD_FAULTS = [
    'command = "#SSLD"',
    'fault = "earthquake"',
    'fault = "reboot"\nwhen = 3',
    'fault = "signal"',
    'fault = "signal"\nrssi = 120',
    'fault = "signal"\nrssi = "weak"',
    'fault = "reboot"\noccurrence = 0',
    'fault = "reboot"\nprobability = 0',
    'fault = "activation-late"\nduration = "3 weeks"',
    'fault = "activation-late"\nduration = -1',
    'fault = "activation-refused"\ncause = "bad_luck"',
    'fault = "connection-reset"\nat = "breakfast"',
    'fault = "slow-network"\npreset = "5G"',
]


@pytest.mark.parametrize("scenario", ['seed = "x"', "sed = 1", *(f"[[faults]]\n{fault}\n" for fault in BAD_FAULTS)])
def test_a_scenario_that_the_loader_refuses_is_not_valid(scenario: str, tmp_path: Path) -> None:
    path = tmp_path / "day.toml"
    path.write_text(scenario)

    with pytest.raises(UserError):
        load_scenario(path)

    assert flaws("scenario", tomllib.loads(scenario)) != []


async def test_a_real_trace_is_valid_line_by_line(tmp_path: Path) -> None:
    """A TLS session with a fault, refusals, a message, a restart."""
    path = tmp_path / "trace.jsonl"
    with ObedientPeer() as peer:
        async with Bench("HE910", routes=routes_to(peer.port), trace=path) as bench:
            await prepare(bench)
            await succeed(bench, f'AT#SSLD=1,443,"{HOST}",0,1', "AT+CMGF=1")
            bench.modem.receive_sms("+391234", "hello")
            bench.modem.faults.add("connection-reset")
            bench.modem.faults.add("registration-lost", time="1 s")
            await bench.until("NO CARRIER\r\n")
            await bench.command("AT#NOTHING=1")
            await bench.command("AT#SD=7")
            await bench.advance(2)
            assert OK == await bench.command("AT#REBOOT")
            await bench.advance(10)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    validator = jsonschema.Draft4Validator(json.loads(written("trace")))

    assert [line for line in lines if not validator.is_valid(line)] == []
    assert {"ready", "host-sent", "dialled", "tls-outcome", "fault", "refused", "state-changed"} <= {
        line["event"] for line in lines
    }


@pytest.mark.parametrize(
    "line",
    [
        {"event": "earthquake", "time": 0},
        {"event": "fault", "rule": "reboot"},
        {"event": "fault", "rule": 3, "time": 0},
        {"event": "fault", "rule": "reboot", "time": -1},
        {"event": "fault", "rule": "reboot", "time": 0, "more": 1},
    ],
    ids=["no such event", "no time", "type", "range", "unknown key"],
)
def test_a_line_that_is_none_is_not_valid(line: dict[str, Any]) -> None:
    assert flaws("trace", {"event": "fault", "rule": "reboot", "time": 0}) == []
    assert flaws("trace", line) != []
