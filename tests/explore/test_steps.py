"""The steps aside at every place of a run: what scenarios take, and what modules can show."""

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from emulator.explore.exploration import Limits, explore
from emulator.explore.steps.answer import parse
from emulator.explore.steps.kind import Kind
from emulator.explore.steps.step import Nature, Step
from emulator.explore.subjects import SUBJECTS, all_kinds, all_steps
from emulator.explore.trials.scenario import scenario_text
from emulator.explore.trials.setting import Setting
from emulator.faults.census import Census
from emulator.faults.fault import Place
from emulator.faults.scenario import load_scenario
from emulator.lab import Lab
from emulator.options import ModemOptions
from emulator.testing import Bench
from emulator.trace.events import Fault as FaultEvent
from tests.explore.conversation import census_of_conversation, enter

KINDS: list[Kind] = [kind for kinds in all_kinds().values() for kind in kinds]


async def census_of(*lines: str, **options: Any) -> Census:
    async with Bench(**options) as bench:
        census = bench.modem.faults.take_census()
        for line in lines:
            await bench.command(line, within=60)
    return census


def urcs(census: Census, command: str | None = None) -> set[str]:
    """Return the names of the URCs that are proposed, at a command or anywhere."""
    found = (step for step in all_steps(census) if step.kind.startswith("URC"))
    return {step.detail.partition(" at byte")[0] for step in found if command in (None, step.command)}


async def test_scenarios_take_every_step(tmp_path: Path) -> None:
    """Each fault as it is written to a file; and each step has its row, its column, its source and a sane duration."""
    steps = list(all_steps(await census_of_conversation()))

    file = tmp_path / "all.toml"
    file.write_text(scenario_text([fault for step in steps for fault in step.faults]), encoding="utf-8")
    assert sum(len(step.faults) for step in steps) == len(load_scenario(file).faults)
    assert {kind.name for kind in KINDS} >= {step.kind for step in steps}
    assert all(step.source and 0 <= step.lasts <= 120 * 3 and step.tier in (1, 2) for step in steps)
    assert len(steps) == len(
        {(step.kind, step.command, step.occurrence, str(step.faults), step.firmware) for step in steps}
    )


async def test_every_kind_is_proposed_somewhere() -> None:
    """By the conversation, or by a host that uses what the kind is about."""
    censuses = [
        await census_of_conversation(),
        await census_of("AT+CSQ", "AT+COPS?", "AT+CPIN?", "AT+CMEE=2", "AT+CSQ?", "AT+CNMI=2,1", "AT+CMGF=1"),
    ]
    proposed = {step.kind for census in censuses for step in all_steps(census)}

    assert {"slow processor"} == {kind.name for kind in KINDS} - proposed  # of lines with #CPUMODE, in a handshake


async def test_a_urc_that_was_not_enabled_is_not_proposed() -> None:
    """A host that enables nothing hears of calls alone; where the firmware has none, of nothing."""
    lines = ("ATE0", "AT+CREG?", "AT+CGREG?", "AT+CSQ")

    assert {"RING"} == urcs(await census_of(*lines))
    assert set() == urcs(await census_of(*lines, firmware="HE910-D"))


@pytest.mark.parametrize(
    ("enabling", "name"),
    [
        ("AT+CREG=1", "+CREG"),
        ("AT+CGREG=1", "+CGREG"),
        ("AT+CMER=2,0,0,2", "+CIEV"),
        ("AT#PSNT=1", "#PSNT"),
        ("AT#QSS=2", "#QSS"),
        ("AT#NITZ=7,1", "#NITZ"),
        ("AT+CTZR=1", "+CTZV"),
        ("AT+CUSD=1", "+CUSD"),
        ("AT#MWI=1", "#MWI"),
    ],
)
async def test_a_urc_is_proposed_from_the_command_on_that_enables_it(enabling: str, name: str) -> None:
    """Right behind its OK for the first time."""
    census = await census_of("AT+CSQ", enabling, "AT+CGMM")
    first, second, third = census.at(Place.ANSWER)

    assert name not in urcs(census, first.command)
    assert name in urcs(census, third.command)
    kinds = {step.kind for step in all_steps(census) if step.command == second.command and name in step.detail}
    assert {"URC right after an answer"} == kinds


async def test_a_registration_with_its_cell_is_reported_as_this_firmware_writes_it() -> None:
    """With the fields that the answer to the read command has; where the host has never asked, it is left out."""
    asked = await census_of("AT+CREG=2", "AT+CREG?", "AT+CSQ")
    never_asked = await census_of("AT+CREG=2", "AT+CSQ")

    texts = {fault["text"] for step in all_steps(asked) if "+CREG" in step.detail for fault in step.faults}
    assert {'+CREG: 1,"EF8D","52D2388",2'} == texts
    assert "+CREG" not in urcs(never_asked)


async def test_no_urc_comes_in_data_mode_nor_into_an_entry() -> None:
    """At every line of a conversation that has both, the byte is one at which a line may stand."""
    census = await census_of_conversation()
    answers = {(one.terminal, one.command, one.occurrence): one for one in census.at(Place.ANSWER)}

    for step in all_steps(census):
        for fault in step.faults:
            if fault["fault"] == "unsolicited-line":
                answer = parse(answers[fault["terminal"], fault["command"], fault.get("occurrence", 1)].data)
                allowed = (0, *answer.between, *([] if answer.opens_data_mode else [answer.size]))
                place = {key: fault[key] for key in ("line", "byte") if key in fault}
                assert place in [answer.place(byte) for byte in allowed]


async def test_a_message_that_is_announced_is_there() -> None:
    """It comes in the end, and +CMTI names where it is."""
    census = await census_of("AT+CNMI=2,1", "AT+CSQ")
    *_, step = (step for step in all_steps(census) if step.kind == "message comes" and step.command == "+CSQ")

    async with Bench() as bench:
        for fault in step.faults:
            bench.modem.faults.make(fault["fault"], {key: fault[key] for key in fault if key != "fault"})
        await bench.command("AT+CNMI=2,1")
        bench.send("AT+CSQ\r")
        assert '\r\n+CSQ: 20,0\r\n\r\nOK\r\n\r\n+CMTI: "SM",1\r\n' == bench.read()
        await bench.command("AT+CMGF=1")
        assert "Hello" in await bench.command("AT+CMGR=1")


async def test_data_that_waits_is_rung_for_again_at_the_instance_that_has_the_connection() -> None:
    """With <srMode> 1, in command mode, and nowhere else."""
    with Lab() as lab:
        async with Bench(routes=lab.routes, ports=2) as bench:
            census = bench.modem.faults.take_census()
            for line in ("AT#SCFGEXT=1,1,0,0", 'AT+CGDCONT=1,"IP","x"', "AT#SGACT=1,1"):
                await bench.command(line)
            await bench.command('AT#SD=1,0,7,"echo.lab",0,0,1')
            await enter(bench, "AT#SSEND=1", b"hello\x1a")
            await bench.until("SRING: 1,5\r\n")
            await bench.command("AT+CSQ")
            await bench.hosts[1].command("AT+CGMM")

    assert "SRING, SSLSRING" in urcs(census, "+CSQ")
    assert "SRING, SSLSRING" not in urcs(census, "+CGMM") | urcs(census, "#SGACT=")


async def test_data_is_cut_before_what_looks_like_a_result() -> None:
    """In data mode, where a host may read it by itself."""
    with Lab() as lab:
        async with Bench(routes=lab.routes) as bench:
            census = bench.modem.faults.take_census()
            for line in ('AT+CGDCONT=1,"IP","x"', "AT#SGACT=1,1", "AT#SCFG=1,1,300,90,600,1"):
                await bench.command(line)
            await bench.command('AT#SD=1,0,7,"echo.lab"')
            bench.send("pump OK\r\nNO CARRIER, says the tank\r\n")
            await bench.until("tank\r\n", within=1)

    cut = [step for step in all_steps(census) if step.kind == "data mode in two pieces" and step.tier == 1]
    steps = cut[:2]  # behind these, the module may have said NO CARRIER itself
    assert ["after byte 5 of the data", "after byte 9 of the data"] == [step.detail for step in steps]
    assert [{"line": "end", "byte": 5}, {"line": "end", "byte": 9}] == [
        {key: step.faults[0][key] for key in ("line", "byte")} for step in steps
    ]


def first_of_each_kind(census: Census) -> list[Step]:
    """Return a step of each kind and command, as it happens without another one before it."""
    found: dict[tuple[str, str], Step] = {}
    for step in all_steps(census):
        if step.kind in ("port vanished", "other firmware of the line", "registration takes its time"):
            continue  # the bench has no port to come back to, and its host begins at once
        if step.occurrence == 1:
            found.setdefault((step.kind, step.command), step)
    return list(found.values())


async def test_steps_happen_where_they_are_addressed() -> None:
    """Each alone, in the run whose census proposed it: the first of each kind at each command."""
    lines = ("AT+CREG=1", "AT+CREG?", "AT+CPIN?", 'AT+CGDCONT=1,"IP","x"', "AT#SGACT=1,1", "AT+CSQ")
    missed = []
    for step in first_of_each_kind(await census_of(*lines)):
        async with Bench() as bench:
            for fault in step.faults:
                bench.modem.faults.make(fault["fault"], {key: fault[key] for key in fault if key != "fault"})
            for line in lines:
                bench.send(f"{line}\r")
                await bench.advance(20)
            if len([event for event in bench.events if isinstance(event, FaultEvent)]) < len(step.faults):
                missed.append(f"{step.kind} at {step.command}")

    assert [] == missed


async def test_steps_at_one_place_are_few_where_a_command_is_repeated() -> None:
    """A status that is polled for a hundred times is no hundred places."""
    census = await census_of(*["AT+CREG?"] * 100)
    places = defaultdict(set)
    for step in all_steps(census):
        places[step.kind].add(step.occurrence)

    assert {1, 2, 3, 4, 5, 100} == places["answer in two pieces"]
    assert {100} == {step.occurrence for step in all_steps(census) if step.tier == 1 and step.occurrence > 1}


async def test_the_time_that_a_step_lasts_has_the_start_of_the_module_in_it() -> None:
    """So that a host's patience is measured by what really happens."""
    plain, realistic = await census_of("AT+CSQ"), await census_of("AT+CSQ", realistic=True)

    def reboot(census: Census) -> float:
        return next(step.lasts for step in all_steps(census) if step.kind == "reboot")

    assert 4.0 == reboot(plain)  # power.boot
    assert reboot(realistic) > 30


async def test_only_later_firmware_of_the_line_takes_the_place_of_the_one_that_is_explored() -> None:
    """An earlier release may lack what the host uses."""
    steps = [step for step in all_steps(await census_of("AT+CSQ")) if step.firmware is not None]

    assert steps
    assert all(step.firmware is not None and "@12.00.00" in step.firmware for step in steps)
    assert not any(step.firmware is not None and step.firmware.endswith("12.00.000") for step in steps)
    assert "HE910@12.00.004" not in [step.firmware for step in steps]


ROBUST = '''
import os, select, sys, time
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)

def lines_until_final(command, seconds=60):
    """Read line by line up to the final result; what is not asked for is passed over."""
    os.write(port, command.encode() + b"\\r")
    said, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        if select.select([port], [], [], 1)[0]:
            said += os.read(port, 1024)
        lines = said.split(b"\\r\\n")
        for line in lines[:-1]:
            if line in (b"OK", b"ERROR") or line.startswith(b"+CME ERROR"):
                return lines[:-1]
    sys.exit(f"no answer to {command}")

lines_until_final("ATE0")
lines_until_final("AT+CMEE=2")
lines_until_final("AT+CREG=1")
for _ in range(60):
    states = [line for line in lines_until_final("AT+CREG?") if line.startswith(b"+CREG: 1,")]
    if states and states[-1] in (b"+CREG: 1,1", b"+CREG: 1,5"):
        break
    time.sleep(0.05)
else:
    sys.exit("not registered")
lines_until_final("AT+COPS?")
lines_until_final("AT#SGACT?")
'''


def test_a_host_that_reads_lines_survives_every_variation(tmp_path: Path) -> None:
    """Of the first tier, on a real modem: none of them is a module's fault."""
    program = tmp_path / "robust.py"
    program.write_text(ROBUST, encoding="utf-8")
    setting = Setting([sys.executable, str(program), "{port}"], ModemOptions(time_scale=20))
    kinds = frozenset(kind.name for kind in KINDS if kind.nature is Nature.VARIATION)

    exploration = explore(setting, "HE910", limits=Limits(budget=40, timeout=20, kinds=kinds))

    assert [] == [finding.outcome for finding in exploration.findings]


def test_every_subject_is_listed_once() -> None:
    """And declares kinds of its own."""
    assert len(SUBJECTS) == len({id(subject) for subject in SUBJECTS})
    assert all(subject.KINDS for subject in SUBJECTS)
