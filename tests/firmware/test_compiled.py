"""Tests of what is kept of the shipped profiles between two starts."""

import sys
import tomllib
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from emulator.errors import UserError
from emulator.firmware.compiled import shipped_tables
from emulator.resources import PROFILES


@pytest.fixture
def keeps_bytecode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let Python keep bytecode, away from the tree."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.toml")), ids=lambda path: path.stem)
@pytest.mark.usefixtures("keeps_bytecode")
def test_a_profile_reads_the_same_when_it_is_kept(path: Path) -> None:
    """The first time it is parsed, the second time it comes from what was kept."""
    parsed = tomllib.loads(path.read_text(encoding="utf-8"))

    assert parsed == shipped_tables(path)
    assert Path(cache_from_source(str(path))).is_file()
    assert parsed == shipped_tables(path)


@pytest.mark.usefixtures("keeps_bytecode")
def test_a_profile_that_was_changed_is_parsed_anew(tmp_path: Path) -> None:
    """As a module of Python is."""
    path = tmp_path / "12.00.toml"
    path.write_text("size = 1")
    shipped_tables(path)

    path.write_text("size = 256")

    assert {"size": 256} == shipped_tables(path)


def test_a_profile_that_is_no_toml_or_is_missing_is_one_line(tmp_path: Path) -> None:
    """As every other profile."""
    path = tmp_path / "12.00.toml"
    with pytest.raises(UserError, match=r"12\.00\.toml: no such file"):
        shipped_tables(path)
    path.write_text("size =")

    with pytest.raises(UserError, match=r"12\.00\.toml: not TOML: "):
        shipped_tables(path)


def test_a_folder_that_is_read_only_does_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is kept, and the tables are there."""
    path = tmp_path / "12.00.toml"
    path.write_text("size = 1")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", "/dev/null/kept")

    assert {"size": 1} == shipped_tables(path)
