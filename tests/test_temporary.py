"""Temporary folders of processes that were killed are removed, and no other ones."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.temporary import FolderHold, TemporaryFolder

_PREFIX = "telit-test-"
_HOLDER = f"""
import sys
from emulator.temporary import TemporaryFolder
folder = TemporaryFolder({_PREFIX!r})
print(folder.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let temporary files of the test, and of what it starts, go to a folder of their own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


class Holder:
    """A process with a temporary folder."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _HOLDER]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.folder = Path(self.process.stdout.readline().strip())

    def end(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.communicate()


def test_the_folder_of_a_killed_process_is_removed_by_the_next_one(temporary: Path) -> None:
    """With all that is in it; that of a living process stays."""
    killed, living = Holder(), Holder()
    (killed.folder / "file").write_text("left")
    killed.end(signal.SIGKILL)
    assert sorted((killed.folder, living.folder)) == sorted(temporary.iterdir())

    with TemporaryFolder(_PREFIX) as own:
        assert sorted((Path(own), living.folder)) == sorted(temporary.iterdir())

    assert [living.folder] == list(temporary.iterdir())
    living.end(signal.SIGKILL)


def test_a_folder_that_another_process_holds_stays(temporary: Path) -> None:
    """As that of a worker whose parent was killed, or of a process in another container."""
    killed = Holder()
    hold = FolderHold(killed.folder)
    killed.end(signal.SIGKILL)
    TemporaryFolder(_PREFIX).cleanup()
    assert killed.folder.is_dir()

    hold.close()
    TemporaryFolder(_PREFIX).cleanup()
    assert not killed.folder.exists()


def test_nothing_else_is_removed(temporary: Path) -> None:
    """Folders of other names, links, and files."""
    killed = Holder()
    killed.end(signal.SIGKILL)
    number, name = killed.process.pid, killed.folder.name
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text("kept")
    (temporary / f"{_PREFIX}{number}-link").symlink_to(elsewhere)
    (temporary / f"{_PREFIX}{number}-file").write_text("kept")
    (temporary / f"{_PREFIX}abc").mkdir()
    (temporary / f"other-{number}-abc").mkdir()
    before = {path.name for path in temporary.iterdir()}

    TemporaryFolder(_PREFIX).cleanup()

    assert before - {name} == {path.name for path in temporary.iterdir()}
    assert (elsewhere / "file").read_text() == "kept"


def test_a_folder_ends_with_its_block(temporary: Path) -> None:
    """And its name tells whose it is."""
    with TemporaryFolder(_PREFIX) as name:
        assert Path(name).name.startswith(f"{_PREFIX}{os.getpid()}-")

    assert [] == list(temporary.iterdir())
