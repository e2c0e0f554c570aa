"""action.yml: its steps, run as GitHub runs them, with the inputs of a workflow and the defaults of the others."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.pages import ROOT, TIMEOUT, block, environment
from tests.docs.test_ci import HOST, WEAK_HOST

pytestmark = pytest.mark.no_cover  # processes as a page starts them; the tests of each command measure it

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


def expand(text: str, values: dict[str, str]) -> str:
    """Put the values for expressions; one that is not known fails."""
    return EXPRESSION.sub(lambda match: values[match[1]], text)


def run_step(name: str, folder: Path, **given: str) -> "subprocess.CompletedProcess[str]":
    """Run that step in the folder of a workflow, with an emulator that is installed already."""
    inputs = {key: value.get("default", "") for key, value in ACTION["inputs"].items()}
    inputs.update({key.replace("_", "-"): value for key, value in given.items()})
    values = {**{f"inputs.{key}": value for key, value in inputs.items()}, "runner.temp": str(folder / "temp")}
    installed = folder / "temp" / "telit-emulator" / "bin"
    if not installed.exists():
        installed.mkdir(parents=True)
        (installed / "telit-emulator").symlink_to(Path(sys.executable).parent / "telit-emulator")
    (step,) = [step for step in STEPS if step.get("name") == name]
    assert "bash" == step["shell"]
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={
            **environment(),
            **{key: expand(text, values) for key, text in step["env"].items()},
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        },
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )


def write_host(folder: Path, text: str) -> None:
    """A host in a folder with a space in its name, as words of a shell have to bear."""
    (folder / "my hosts").mkdir()
    (folder / "my hosts" / "host").write_text(text, encoding="utf-8")
    (folder / "my hosts" / "host").chmod(0o755)


def kept(folder: Path) -> set[str]:
    """What the artifact has."""
    return {path.name for path in (folder / ACTION["inputs"]["reports"]["default"]).iterdir()}


def test_the_matrix_keeps_its_reports_and_tells_in_the_summary(tmp_path: Path) -> None:
    """Words of the command and of the options are those of a shell."""
    write_host(tmp_path, HOST)

    done = run_step(
        "matrix",
        tmp_path,
        host="'my hosts/host' --port {port}",
        firmware="HE910",
        matrix_options='--set "network.signal=9"',
    )

    assert 1 == done.returncode, done
    assert "stderr ends with: not today" in (tmp_path / "summary.md").read_text()
    assert {"matrix.xml", "matrix.json", "matrix.html", "matrix-traces"} == kept(tmp_path)


def test_explore_keeps_what_breaks_the_host(tmp_path: Path) -> None:
    """With its own firmware, budget and options."""
    write_host(tmp_path, WEAK_HOST)

    done = run_step(
        "explore",
        tmp_path,
        host="'my hosts/host' --port {port}",
        budget="12",
        jobs="1",
        options="",
        explore_options="--kinds urcs",
    )

    assert 1 == done.returncode, done
    assert "needless-failure" in (tmp_path / "summary.md").read_text()
    assert {"explore.xml", "explore.json", "explore.html", "findings"} == kept(tmp_path)


def test_a_command_that_nobody_can_run_fails_the_step(tmp_path: Path) -> None:
    """By its own line, not by silence."""
    done = run_step("matrix", tmp_path, host="./no-host {port}", firmware="HE910", options="")

    assert 2 == done.returncode, done
    assert "no-host" in done.stderr


def test_every_input_is_described_and_used() -> None:
    """And no step asks for an input that there is not."""
    used = set(re.findall(r"inputs\.([\w-]+)", str(STEPS)))

    assert set(ACTION["inputs"]) == used
    assert [] == [name for name, told in ACTION["inputs"].items() if not told.get("description", "").endswith(".")]
    assert ["host"] == [name for name, told in ACTION["inputs"].items() if "default" not in told]


def test_no_step_has_an_input_in_its_script() -> None:
    """It is handed over as a variable, so that its words stay words."""
    assert [] == [step["name"] for step in STEPS if EXPRESSION.search(step.get("run", ""))]


def test_the_page_uses_inputs_that_there_are() -> None:
    """The recipe gives what is required."""
    steps = yaml.safe_load(block("docs/ci.md", "yaml", "uses: ./telit-emulator"))["jobs"]["firmwares"]["steps"]
    (given,) = [step["with"] for step in steps if step.get("uses") == "./telit-emulator"]

    assert {"host"} <= set(given) <= set(ACTION["inputs"])
