"""`telit-emulator init`: what it writes passes as it is written, and nothing is overwritten."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

CONFTEST = "tests/telit/conftest.py"
TEST = "tests/telit/test_host.py"
WORKFLOW = ".github/workflows/telit.yml"


def init(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "emulator", "init", str(folder)], capture_output=True, text=True, timeout=60, cwd="/"
    )


def run_pytest(folder: Path, *options: str) -> str:
    """The last line of pytest in that folder."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
    )
    return done.stdout.strip().splitlines()[-1] if done.returncode == 0 else done.stdout + done.stderr


def test_the_tests_pass_as_they_are_written(tmp_path: Path) -> None:
    """In an empty folder, on the two families."""
    done = init(tmp_path / "project")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"wrote {CONFTEST}, {TEST}, {WORKFLOW}"
    assert run_pytest(tmp_path / "project", "--firmware", "HE910,GE865-QUAD").startswith("6 passed")


def test_they_pass_beside_a_conftest_of_the_projects_own(tmp_path: Path) -> None:
    """One at the top, and one where its own would go: that one stays."""
    own = "import pytest\n\n\n@pytest.fixture\ndef number():\n    return 7\n"
    (tmp_path / "conftest.py").write_text(own)
    (tmp_path / "tests" / "telit").mkdir(parents=True)
    (tmp_path / CONFTEST).write_text(own)

    done = init(tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"there already, and left alone: {CONFTEST}"
    assert (tmp_path / CONFTEST).read_text() == (tmp_path / "conftest.py").read_text() == own
    assert run_pytest(tmp_path).startswith("3 passed")


def test_a_second_time_writes_nothing(tmp_path: Path) -> None:
    init(tmp_path)
    (tmp_path / TEST).write_text("# mine\n")

    done = init(tmp_path)

    assert done.stdout == f"there already, and left alone: {CONFTEST}, {TEST}, {WORKFLOW}\n"
    assert (tmp_path / TEST).read_text() == "# mine\n"


def test_a_place_that_is_no_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    done = init(tmp_path / "file")

    assert done.returncode == 2
    assert done.stderr.startswith("telit-emulator: init: ")
    assert len(done.stderr.splitlines()) == 1


def test_the_ci_file_installs_from_where_the_emulator_can_be_had(tmp_path: Path) -> None:
    """No package index has it: the place is to be filled in, and a comment says so."""
    init(tmp_path)
    text = (tmp_path / WORKFLOW).read_text()
    workflow = yaml.safe_load(text)
    (job,) = workflow["jobs"].values()

    assert "FILL-IN" in workflow["env"]["TELIT_EMULATOR"]
    assert "in no package index" in text
    assert any("$TELIT_EMULATOR" in step.get("run", "") for step in job["steps"])
    assert any("--firmware all" in step.get("run", "") for step in job["steps"])
