"""`matrix --shard` and `merge`: all shards together tell what the whole tells."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest

from emulator.errors import UserError
from emulator.firmware.selection import choose
from emulator.matrix.reports import json_report
from emulator.matrix.reports.facts import MatrixFacts
from emulator.matrix.reports.merging import merge
from emulator.matrix.reports.model import Report
from emulator.matrix.reports.shard_facts import ShardFacts
from emulator.matrix.run import Plan, matrix_workers, run_matrix
from emulator.matrix.shard import Shard
from emulator.options import ModemOptions
from tests.cli.programs import COMMAND, TIMEOUT, failing

_HOST = """
import sys, serial
with serial.Serial(sys.argv[1], timeout=20) as port:
    for line, end in [("ATE0", "OK"), ("AT+CMEE=2", "OK"), ("AT+FOO", "ERROR"), ("AT#SSLFASTD=?", "OK")]:
        port.write(line.encode() + b"\\r")
        heard = b""
        while not heard.endswith((b"OK\\r\\n", b"ERROR\\r\\n")):
            heard += port.readline()
        if end.encode() not in heard:
            sys.exit("failed")
"""
FIRMWARES = "HE910,GE865-QUAD,UE910-EUR,GL865-QUAD-V3"
"""Those of the first of two shards are without #SSLFASTD."""
FORMATS = ("junit", "json_report", "html", "markdown", "table")


def _run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=TIMEOUT, cwd=folder)


def _facts(path: Path) -> list[tuple[Any, ...]]:
    """What does not depend on the time, of each run."""
    runs = json.loads(path.read_text())["runs"]
    keys = ("firmware", "outcome", "seed", "replay", "why", "errors", "missing_commands", "first_difference")
    return [tuple(run[key] for key in keys) for run in runs]


@pytest.fixture(scope="module")
def sharded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole, its shards, and what was merged of them, with what was printed and the exit code."""
    folder = tmp_path_factory.mktemp("sharded")
    (folder / "host.py").write_text(_HOST)
    matrix = ["matrix", "--firmware", FIRMWARES, "--seed", "7", "--jobs", "2"]
    host = ["--", sys.executable, "host.py", "{port}"]
    done = [
        _run(folder, *matrix, "--json", "whole.json", *host),
        *(_run(folder, *matrix, "--shard", f"{number}/2", "--json", f"{number}.json", *host) for number in (1, 2)),
        _run(folder, "merge", "--json", "merged.json", "2.json", "1.json"),
    ]
    assert [1, 1, 0, 1] == [each.returncode for each in done]
    return folder


def test_the_shards_together_run_what_the_whole_runs(sharded: Path) -> None:
    """Each run in exactly one of them, and with the same outcome, reason and seed."""
    parts = [_facts(sharded / f"{number}.json") for number in (1, 2)]
    whole, merged = (_facts(sharded / f"{name}.json") for name in ("whole", "merged"))

    assert whole == merged
    assert [each[0] for each in whole] == [each[0] for pair in zip(*parts, strict=True) for each in pair]


def test_a_run_is_compared_with_those_of_all_shards(sharded: Path) -> None:
    """In the first one nothing has passed."""
    alone, together = ([each[-1] for each in _facts(sharded / name)] for name in ("1.json", "merged.json"))

    assert [None, None] == alone
    assert ["AT#SSLFASTD=?"] * 2 == [difference["said"] for difference in together if difference is not None]


@pytest.fixture(scope="module")
def reports(sharded: Path) -> tuple[Report, Report]:
    """A matrix, and the same runs merged from two shards."""
    firmwares = choose(FIRMWARES.split(","))
    command = [sys.executable, str(sharded / "host.py"), "{port}"]
    with matrix_workers(1) as workers:
        runs = run_matrix(Plan(command, firmwares, ModemOptions(seed=7)), workers, lambda run: None)
    words, names = ("telit-emulator", "matrix", "--lab"), tuple(one.name for one in firmwares)
    whole = Report(command, words, runs, datetime(2026, 11, 27, 5, 0, 1, tzinfo=UTC), 60.0)
    parts = []
    for shard in (Shard(1, 2), Shard(2, 2)):
        own = [replace(run, difference=None) for place, run in enumerate(runs) if shard.takes(place)]
        facts = ShardFacts("matrix", shard.number, shard.of, names, 7, words, words)
        started = whole.started + timedelta(seconds=shard.number - 1)
        part = json_report.render(replace(whole, runs=own, started=started, shard=facts))
        parts.append(msgspec.json.decode(part, type=MatrixFacts))
    return whole, merge(parts)


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_merged_is_the_whole_byte_for_byte(form: str, reports: tuple[Report, Report]) -> None:
    whole, merged = (import_module(f"emulator.matrix.reports.{form}").render(report) for report in reports)

    assert whole == merged


def test_a_shard_without_a_firmware_passes(tmp_path: Path) -> None:
    """Its report says so, and is merged with the others."""
    matrix = ["matrix", "--firmware", "HE910", "--shard"]
    done = [_run(tmp_path, *matrix, f"{number}/2", "--json", f"{number}.json", "--", "true") for number in (1, 2)]
    merged = _run(tmp_path, "merge", "1.json", "2.json")

    assert [0, 0, 0] == [each.returncode for each in (*done, merged)]
    assert (done[0].stdout, "") == (merged.stdout, done[1].stdout)


_CHANGES: dict[str, tuple[list[Any], str]] = {
    "a kind": (["shard", "kind", "explore"], "kinds, matrix and explore"),
    "a version": (["shard", "version", "0"], "versions of telit-emulator"),
    "a host": (["command", 0, "other"], "hosts"),
    "a seed": (["shard", "seed", 8], "seeds, 7 and 8"),
    "a number": (["shard", "of", 3], "numbers of shards, 2 and 3"),
    "firmwares": (["shard", "firmwares", ["HE910"]], "firmwares"),
    "options": (["shard", "shared", ["--lab"]], "options"),
}


@pytest.mark.parametrize("changed", _CHANGES)
def test_shards_of_another_whole_are_not_merged(changed: str, sharded: Path, tmp_path: Path) -> None:
    (*way, key, value), told = _CHANGES[changed]
    facts = json.loads((sharded / "2.json").read_text())
    within = facts
    for each in way:
        within = within[each]
    within[key] = value
    (tmp_path / "2.json").write_text(json.dumps(facts))

    error = failing("merge", str(sharded / "1.json"), str(tmp_path / "2.json"))

    assert f"{sharded / '1.json'} and {tmp_path / '2.json'}: they have different {told}" in error
    assert 1 == len(error.splitlines())


@pytest.mark.parametrize(
    ("reports", "told"),
    [
        (["1.json"], "shard 2/2 is missing; give its report, too"),
        (["1.json", "2.json", "1.json"], "1.json and 1.json: both are shard 1/2; give each shard once"),
        (["1.json", "whole.json"], "whole.json: it is of a whole, not of a shard"),
        (["host.py"], "host.py: it is no such report"),
        (["none.json"], "none.json: No such file or directory"),
        (["--json", "1.json", "1.json", "2.json"], "--json 1.json: it is one of the reports that are merged"),
    ],
)
def test_what_cannot_be_merged_is_told_in_one_line(reports: list[str], told: str, sharded: Path) -> None:
    error = failing("merge", *reports, folder=sharded)

    assert told in error
    assert 1 == len(error.splitlines())


@pytest.mark.parametrize("text", ["", "2", "0/2", "3/2", "1/0", "a/2", "1/2/3", "-1/2"])
def test_a_shard_is_one_of_so_many(text: str) -> None:
    with pytest.raises(UserError, match="2/5"):
        Shard.parse(text)
