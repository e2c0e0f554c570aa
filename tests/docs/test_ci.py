"""The recipes of docs/ci.md: the files that they keep are those that their commands write."""

import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.docs.pages import TIMEOUT, block, environment

_HOST = """#!/usr/bin/env python3
import sys, serial
with serial.Serial(sys.argv[2], timeout=20) as port:
    port.write(b"AT+CSQ\\r")
    port.read_until(b"OK\\r\\n")
sys.exit("not today")
"""


def _run(script: str, folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the part of a recipe that runs the matrix, with one firmware and without pytest."""
    (folder / "my_host").write_text(_HOST)
    (folder / "my_host").chmod(0o755)
    short = script.replace("matrix --lab", "matrix --firmware HE910")
    return subprocess.run(
        ["bash", "-e", "-c", short],
        cwd=folder,
        env={**environment(), **variables},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )


def test_the_recipe_for_github_actions(tmp_path: Path) -> None:
    """Its artefacts are written, and the summary of the step."""
    steps: list[dict[str, Any]] = yaml.safe_load(block("docs/ci.md", "yaml", "jobs:"))["jobs"]["firmwares"]["steps"]
    (matrix,) = [step["run"] for step in steps if step.get("name") == "every firmware"]
    (kept,) = [step["with"]["path"].split() for step in steps if "upload-artifact" in step.get("uses", "")]

    done = _run(matrix, tmp_path, {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")})

    assert 1 == done.returncode, done
    assert "stderr ends with: not today" in (tmp_path / "summary.md").read_text()
    written = {name for name in kept if (tmp_path / name).exists()}
    assert {"matrix.xml", "matrix.html", "matrix-traces"} == written
    assert {"tests.xml", "traces/**/trace.jsonl"} == set(kept) - written


def test_the_recipe_for_gitlab_ci(tmp_path: Path) -> None:
    """The job fails at its end, and its reports are there."""
    job = yaml.safe_load(block("docs/ci.md", "yaml", "artifacts:"))["firmwares"]
    script = "\n".join(line for line in job["script"] if not line.startswith(("pip ", "make ", "pytest ")))
    kept = {*job["artifacts"]["paths"], *job["artifacts"]["reports"]["junit"]}

    done = _run(script, tmp_path, {})

    assert 1 == done.returncode, done
    assert {"matrix.xml", "matrix.html", "matrix-traces"} == {name for name in kept if (tmp_path / name).exists()}
    assert {"tests.xml", "traces/**/trace.jsonl"} == {name for name in kept if not (tmp_path / name).exists()}
