"""docs/install.md and the Containerfile: what they type installs an emulator that runs.

Nothing is fetched: what the emulator depends on is that of this environment, and so is what builds the wheel.
"""

import json
import re
import shlex
import subprocess
import sysconfig
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, TIMEOUT, blocks, environment, run_console, running
from tests.docs.source import copy_source

INSTALLED = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_CACHE_DIR": "1"}
"""Pip's own names of its options; NO_BUILD_ISOLATION 0 is how it spells --no-build-isolation."""


@pytest.fixture
def variables() -> dict[str, str]:
    """The environment, in which a new virtual environment finds the libraries of this one."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel (extra dev)")
    return {**environment(), **INSTALLED, "PYTHONPATH": sysconfig.get_path("purelib")}


def test_the_page_installs_from_the_source_and_from_a_wheel(tmp_path: Path, variables: dict[str, str]) -> None:
    """Each command as printed, in the folder that holds the source."""
    copy_source(tmp_path / "telit-emulator")
    source, wheel = blocks("docs/install.md", "console")

    run_console(source, tmp_path, variables)
    assert list((tmp_path / "venv/lib").glob("*/site-packages/emulator/firmware_profiles/common.toml"))
    run_console("$ venv/bin/pip uninstall --quiet --yes telit-emulator\n", tmp_path, variables)
    run_console(wheel, tmp_path, variables)
    run_console("$ venv/bin/telit-emulator profiles HE910 | grep -c '^#SSLD'\n…", tmp_path, variables)


def test_the_container_installs_the_same() -> None:
    """Of the same files as the test above."""
    build, run = instructions()

    assert ("ARG", "EXTRAS=lab") in build
    assert ("COPY", ". /source") in build
    (installation,) = [rest for word, rest in build if word == "RUN"]
    assert installation.startswith("python -m venv /opt/telit-emulator && /opt/telit-emulator/bin/pip install ")
    assert installation.endswith('"/source[$EXTRAS]"')
    assert ("COPY", "--from=build /opt/telit-emulator /opt/telit-emulator") in run
    assert ("ENV", 'PATH="/opt/telit-emulator/bin:$PATH"') in run
    assert ("ENTRYPOINT", '["telit-emulator"]') in run


def instructions() -> list[list[tuple[str, str]]]:
    """The instructions of each stage of the Containerfile, as word and rest."""
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    found: list[list[tuple[str, str]]] = []
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        elif word and not word.startswith("#"):
            found[-1].append((word, " ".join(rest.split())))
    return found


def test_a_container_is_healthy_once_its_module_can_be_opened(tmp_path: Path) -> None:
    """Its command prints that it is ready, and from then on the check passes: no sooner, and not after its end."""
    told = dict(instructions()[1])
    command, check = (
        [word.replace("/tmp/", f"{tmp_path}/") for word in json.loads(told[name].partition("CMD")[2] or told[name])]
        for name in ("CMD", "HEALTHCHECK")
    )
    assert check[1:] == ["ctl", f"{tmp_path}/modem.ctl", "show", "power"]
    assert 0 != healthy(check).returncode

    with running(shlex.join(["telit-emulator", *command]), tmp_path, '{"event":"ready"'):
        assert (0, "running\n") == (healthy(check).returncode, healthy(check).stdout)
        assert (tmp_path / "modem").is_char_device()

    assert 0 != healthy(check).returncode


def healthy(check: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run the check of the container."""
    return subprocess.run(check, env=environment(), capture_output=True, text=True, timeout=TIMEOUT)


def test_the_page_has_every_extra() -> None:
    """And no other one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")

    assert sorted(project["optional-dependencies"]) == sorted(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


def test_no_page_installs_what_is_not_published() -> None:
    """By its bare name pip would fetch whatever somebody puts there."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").rglob("*.md")]
    bare = re.compile(r"pip install(?! --no-index)\b.*[ '\"]telit-emulator(?![\w/-])")

    assert bare.search("pip install telit-emulator") and bare.search("pip install 'telit-emulator[lab]' pytest")
    assert not bare.search("pip install './telit-emulator[lab]'")
    assert [] == [
        (page.name, line)
        for page in pages
        for line in page.read_text(encoding="utf-8").splitlines()
        if bare.search(line) and "does not find it" not in line
    ]
