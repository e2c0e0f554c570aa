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
PACKED = re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
"""What the Containerfile copies: a wheel must be made of that."""


@pytest.fixture
def variables() -> dict[str, str]:
    """The environment, in which a new virtual environment finds the libraries of this one."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel (extra dev)")
    return {**environment(), **INSTALLED, "PYTHONPATH": sysconfig.get_path("purelib")}


def copy_source(folder: Path) -> None:
    """The files that the container gets, and no others."""
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


def test_the_container_installs_the_same() -> None:
    """Of the same files as the test above."""
    containerfile = (ROOT / "Containerfile").read_text(encoding="utf-8")
    build, run = (stage.replace("\\\n", "").split() for stage in containerfile.split("FROM python:3.13-slim")[1:])

    assert "COPY . /source RUN python -m venv /opt/telit-emulator && /opt/telit-emulator/bin/pip" in " ".join(build)
    assert "'/source[lab]'" == build[-1]
    assert "COPY --from=build /opt/telit-emulator /opt/telit-emulator" in " ".join(run)
    assert 'PATH="/opt/telit-emulator/bin:$PATH"' in run
    assert 'ENTRYPOINT ["telit-emulator"]' in " ".join(run)


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
