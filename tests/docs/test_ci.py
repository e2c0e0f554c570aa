"""The recipes of docs/ci.md: the files that they keep are those that their commands write."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.pages import TIMEOUT, block, environment

pytestmark = pytest.mark.no_cover  # processes as a page starts them; the tests of each command measure it

HOST = """#!/usr/bin/env python3
import sys, serial
with serial.Serial(sys.argv[2], timeout=20) as port:
    port.write(b"AT+CSQ\\r")
    port.read_until(b"OK\\r\\n")
sys.exit("not today")
"""


WEAK_HOST = """#!/usr/bin/env python3
import sys, serial
with serial.Serial(sys.argv[2], timeout=1) as port:
    port.write(b"AT+CSQ\\r")
    sys.exit(b"CSQ: 20" not in port.readline() + port.readline())
"""
"""Its answer is the first line that is not the echo."""


def _run(script: str, folder: Path, variables: dict[str, str], host: str = HOST) -> subprocess.CompletedProcess[str]:
    """Run a part of a recipe, with one firmware, few runs and without pytest."""
    (folder / "my_host").write_text(host)
    (folder / "my_host").chmod(0o755)
    short = script.replace("matrix --lab", "matrix --firmware HE910,GE865-QUAD")
    short = short.replace("explore --lab", "explore --kinds urcs").replace("--budget 100", "--budget 12")
    return subprocess.run(
        ["bash", "-e", "-c", short],
        cwd=folder,
        env={**environment(), **variables},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )


def _github(name: str) -> tuple[str, set[str]]:
    """The command of that step, and what the job keeps."""
    steps: list[dict[str, Any]] = yaml.safe_load(block("docs/ci.md", "yaml", "every firmware"))["jobs"]["firmwares"][
        "steps"
    ]
    (command,) = [step["run"] for step in steps if step.get("name") == name]
    (kept,) = [step["with"]["path"].split() for step in steps if "upload-artifact" in step.get("uses", "")]
    return command, set(kept)


def test_the_recipe_for_github_actions(tmp_path: Path) -> None:
    """Its artefacts are written, and the summary of the step."""
    matrix, kept = _github("every firmware")

    done = _run(matrix, tmp_path, {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")})

    assert 1 == done.returncode, done
    assert "stderr ends with: not today" in (tmp_path / "summary.md").read_text()
    written = {name for name in kept if (tmp_path / name).exists()}
    assert {"matrix.xml", "matrix.html", "matrix-traces"} == written


def test_the_recipe_for_github_actions_finds_what_breaks_the_host(tmp_path: Path) -> None:
    """What it finds is kept, and told in the summary."""
    explore, kept = _github("what breaks it")

    done = _run(explore, tmp_path, {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}, WEAK_HOST)

    assert 1 == done.returncode, done
    assert "needless-failure" in (tmp_path / "summary.md").read_text()
    written = {name for name in kept if (tmp_path / name).exists()}
    assert {"explore.xml", "explore.html", "findings"} == written
    left = {"matrix.xml", "matrix.html", "matrix-traces", "tests.xml", "traces/**/trace.jsonl"}
    assert left == kept - written


def _gitlab() -> tuple[list[str], set[str]]:
    """The lines of the job that run without anything else, and what it keeps."""
    job = yaml.safe_load(block("docs/ci.md", "yaml", "firmwares:\n  image:"))["firmwares"]
    script = [line for line in job["script"] if not line.startswith(("pip ", "make ", "pytest "))]
    return script, {*job["artifacts"]["paths"], *job["artifacts"]["reports"]["junit"]}


def test_the_recipe_for_gitlab_ci(tmp_path: Path) -> None:
    """The job fails at its end, and its reports are there."""
    script, kept = _gitlab()

    done = _run("\n".join(line for line in script if " explore " not in line), tmp_path, {})

    assert 1 == done.returncode, done
    assert {"matrix.xml", "matrix.html", "matrix-traces"} == {name for name in kept if (tmp_path / name).exists()}


def test_the_recipe_for_gitlab_ci_finds_what_breaks_the_host(tmp_path: Path) -> None:
    """The job fails at its end, and what it has found is there."""
    script, kept = _gitlab()

    done = _run("\n".join(line for line in script if " matrix " not in line), tmp_path, {}, WEAK_HOST)

    assert 1 == done.returncode, done
    written = {name for name in kept if (tmp_path / name).exists()}
    assert {"explore.xml", "explore.html", "findings"} == written
    left = {"matrix.xml", "matrix.html", "matrix-traces", "tests.xml", "traces/**/trace.jsonl"}
    assert left == kept - written


_SHARDS = 4


def test_the_recipe_for_several_machines_on_github(tmp_path: Path) -> None:
    """Each machine keeps its report, also where it fails; what is merged fails as the whole does."""
    jobs = yaml.safe_load(block("docs/ci.md", "yaml", "name: firmwares on four machines"))["jobs"]
    assert [str(number) for number in range(1, _SHARDS + 1)] == jobs["shard"]["strategy"]["matrix"]["shard"]
    (part,) = [step["run"] for step in jobs["shard"]["steps"] if "SHARD" in step.get("env", ())]
    (whole,) = [step["run"] for step in jobs["merge"]["steps"] if "telit-emulator merge" in step.get("run", "")]

    codes = [_run(part, tmp_path, {"SHARD": str(number)}).returncode for number in range(1, _SHARDS + 1)]
    done = _run(whole, tmp_path, {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")})

    assert [1, 1, 0, 0] == codes
    assert 1 == done.returncode, done
    assert "2 firmwares: 2 failed" in (tmp_path / "summary.md").read_text()
    kept = jobs["merge"]["steps"][-1]["with"]["path"].split()
    assert ["matrix.xml", "matrix.html"] == [name for name in kept if (tmp_path / name).exists()]


def test_the_recipe_for_several_machines_on_gitlab(tmp_path: Path) -> None:
    """The jobs of the shards may fail; the one that merges tells so."""
    jobs = yaml.safe_load(block("docs/ci.md", "yaml", "stages: [shards, merge]"))
    part, whole = (
        "\n".join(line for line in jobs[name]["script"] if line.startswith("telit-emulator"))
        for name in ("shard", "all firmwares")
    )
    assert _SHARDS == jobs["shard"]["parallel"]

    codes = [
        _run(part, tmp_path, {"CI_NODE_INDEX": str(number), "CI_NODE_TOTAL": str(_SHARDS)}).returncode
        for number in range(1, _SHARDS + 1)
    ]
    done = _run(whole, tmp_path, {})

    assert [1, 1, 0, 0] == codes
    assert {1} == {jobs["shard"]["allow_failure"]["exit_codes"], done.returncode}
    assert (tmp_path / "matrix.xml").exists()
    assert all((tmp_path / name).exists() for name in jobs["all firmwares"]["artifacts"]["paths"])
