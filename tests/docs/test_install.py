"""docs/install.md and the Containerfile: what they type installs an emulator that runs.

Nothing is fetched: what the emulator depends on is that of this environment, and so is what builds the wheel.
"""

import re
import shutil
import sysconfig
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks, environment, run_console

INSTALLED = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_CACHE_DIR": "1"}
"""Pip's own names of its options; NO_BUILD_ISOLATION 0 is how it spells --no-build-isolation."""
PACKED = ("emulator", "firmware_profiles", "certs", "pyproject.toml", "README.md", "LICENSE")
"""What a wheel is made of, in the words of .dockerignore."""


@pytest.fixture
def variables() -> dict[str, str]:
    """The environment, in which a new virtual environment finds the libraries of this one."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel (extra dev)")
    return {**environment(), **INSTALLED, "PYTHONPATH": sysconfig.get_path("purelib")}


def copy_source(folder: Path) -> None:
    """The files that the container gets, and no other."""
    folder.mkdir()
    for name in PACKED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)


def test_the_page_installs_from_the_source_and_from_a_wheel(tmp_path: Path, variables: dict[str, str]) -> None:
    """Each command as printed, in the folder that holds the source."""
    copy_source(tmp_path / "telit-emulator")
    source, wheel = blocks("docs/install.md", "console")

    run_console(source, tmp_path, variables)
    assert list((tmp_path / "venv/lib").glob("*/site-packages/emulator/firmware_profiles/common.toml"))
    run_console("$ venv/bin/pip uninstall --quiet --yes telit-emulator\n", tmp_path, variables)
    run_console(wheel, tmp_path, variables)
    run_console("$ venv/bin/telit-emulator profiles HE910 | grep -c '^#SSLD'\n…", tmp_path, variables)


def test_the_container_is_made_of_what_it_copies(tmp_path: Path, variables: dict[str, str]) -> None:
    """Its first stage, at other paths, with the files that .dockerignore lets through; its command runs."""
    ignored = (ROOT / ".dockerignore").read_text()
    assert list(PACKED) == re.findall(r"^!(.*)$", ignored, re.MULTILINE)
    containerfile = (ROOT / "Containerfile").read_text()
    copy_source(tmp_path / "source")
    assert "COPY . /source" in containerfile
    (install,) = re.findall(r"^RUN (python -m venv (?:.*\\\n)*.*)$", containerfile, re.MULTILINE)
    program = f"{tmp_path}/opt/bin/telit-emulator"

    script = install.replace("/opt/telit-emulator", f"{tmp_path}/opt").replace("'/source", f"'{tmp_path}/source")
    run_console(f"$ ({script}) >log 2>&1 || cat log\n$ {program} --version\ntelit-emulator…\n", tmp_path, variables)

    assert 'ENTRYPOINT ["telit-emulator"]' in containerfile
    assert "COPY --from=build /opt/telit-emulator /opt/telit-emulator" in containerfile
    assert 'PATH="/opt/telit-emulator/bin:$PATH"' in containerfile


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
