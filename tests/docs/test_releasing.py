"""`scripts/release`: makes a version in a copy of the source, and publishes nothing."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from emulator import __version__
from tests.docs.pages import ROOT, TIMEOUT, environment
from tests.docs.source import copy_source

CHANGELOG = "# Changelog\n\n## Unreleased\n\n- A new thing.\n\n## 0.1.0\n\n- A module.\n"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script, which has no suffix, as a module; its source stays as it is."""
    loader = SourceFileLoader("release", str(ROOT / "scripts" / "release"))
    spec = spec_from_loader("release", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the source in a repository of its own, with a changelog."""
    tree = tmp_path / "telit-emulator"
    copy_source(tree)
    (tree / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "release", tree / "scripts")
    shutil.copy(ROOT / ".gitignore", tree)
    (tree / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    git(tree, "init", "--quiet")
    git(tree, "config", "user.name", "A Maintainer")
    git(tree, "config", "user.email", "maintainer@example.com")
    git(tree, "add", ".")
    git(tree, "commit", "--quiet", "--message", "Begin")
    return tree


def git(tree: Path, *words: str) -> str:
    """What git prints."""
    return subprocess.run(["git", *words], cwd=tree, check=True, capture_output=True, text=True).stdout.strip()


def release(tree: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the script of that tree with the Python of the tests."""
    command = [sys.executable, str(tree / "scripts" / "release"), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, env=environment())


def test_a_release_is_a_commit_a_tag_and_two_archives(tree: Path) -> None:
    """Each of them says the new version, and the changelog begins anew."""
    pytest.importorskip("hatchling", reason="hatchling builds the archives (extra dev)")
    pytest.importorskip("build", reason="build builds the archives (extra dev)")

    done = release(tree, "7.8.9")

    assert 0 == done.returncode, done
    assert "" == git(tree, "status", "--porcelain")
    assert ("Release 7.8.9", "v7.8.9") == (git(tree, "log", "-1", "--format=%s"), git(tree, "describe"))
    assert {"emulator/__init__.py", "CHANGELOG.md"} == set(git(tree, "show", "--name-only", "--format=").split())
    changelog = re.sub(r"\d{4}-\d\d-\d\d", "DATE", (tree / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert CHANGELOG.replace("Unreleased", "Unreleased\n\n## 7.8.9 (DATE)") == changelog
    with zipfile.ZipFile(tree / "dist" / "telit_emulator-7.8.9-py3-none-any.whl") as wheel:
        assert b'__version__ = "7.8.9"' in wheel.read("emulator/__init__.py")
        assert "emulator/firmware_profiles/common.toml" in wheel.namelist()
    with tarfile.open(tree / "dist" / "telit_emulator-7.8.9.tar.gz") as sdist:
        assert "telit_emulator-7.8.9/firmware_profiles/common.toml" in sdist.getnames()


def test_a_release_that_fails_leaves_all_as_it_was(tree: Path) -> None:
    """Here the archives cannot be built: there is no profile to pack."""
    git(tree, "rm", "--quiet", "-r", "firmware_profiles")
    git(tree, "commit", "--quiet", "--message", "Lose the profiles")

    done = release(tree, "7.8.9")

    assert 1 == done.returncode
    assert done.stderr.startswith("scripts/release: the archives could not be built"), done
    assert ("", "Lose the profiles", "") == (
        git(tree, "status", "--porcelain"),
        git(tree, "log", "-1", "--format=%s"),
        git(tree, "tag"),
    )


def test_a_tree_with_changes_is_refused(tree: Path) -> None:
    """What is released is what is committed."""
    (tree / "README.md").write_text("changed", encoding="utf-8")

    done = release(tree, "7.8.9")

    assert (1, "scripts/release: the tree has changes; commit or stash them first\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("0.2", "'0.2' is no version; give three numbers, as in 0.2.0"),
        ("v0.2.0", "'v0.2.0' is no version; give three numbers, as in 0.2.0"),
        ("0.9.9", "0.9.9 does not come after 0.10.0, the version that there is"),
        ("0.10.0", "0.10.0 does not come after 0.10.0, the version that there is"),
    ],
)
def test_a_version_comes_after_the_last(script: ModuleType, new: str, said: str) -> None:
    """By its numbers, not by its letters."""
    with pytest.raises(script.Refusal, match=f"^{said}$"):
        script.check_version(new, "0.10.0")
    script.check_version("0.11.0", "0.10.0")


@pytest.mark.parametrize(
    "changelog", ["# Changelog\n", "## Unreleased\n\n## 0.1.0\n\n- A module.\n", "## Unreleased\n"]
)
def test_a_release_without_news_is_refused(script: ModuleType, changelog: str) -> None:
    """Users would read nothing of it."""
    with pytest.raises(script.Refusal, match=r"CHANGELOG\.md (has no line|says nothing)"):
        script.moved(changelog, "0.2.0", "2026-01-01")


def test_the_version_stands_in_one_place(script: ModuleType) -> None:
    """The project's metadata, the command line and the pages take it from there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert "version" in project["project"]["dynamic"]
    path = ROOT / project["tool"]["hatch"]["version"]["path"]
    assert __version__ == script.present_version(path.read_text(encoding="utf-8"))
    pages = [ROOT / name for name in ("README.md", "Containerfile", "action.yml", "docs/install.md", "docs/ci.md")]
    assert [] == [page.name for page in pages if __version__ in page.read_text(encoding="utf-8")]


def test_the_changelog_can_be_released(script: ModuleType) -> None:
    """It has the heading that the script looks for, with or without news below it."""
    before, _, after = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("## Unreleased\n")

    assert "## 99.0.0 (2026-01-01)\n\n- News." in script.moved(
        f"{before}## Unreleased\n\n- News.\n{after}", "99.0.0", "2026-01-01"
    )
