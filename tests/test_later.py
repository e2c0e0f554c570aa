"""Tests of the parts that are loaded when they are used."""

import subprocess
import sys
from pathlib import Path

import pytest

_LOADING = """if True:
    import os, resource, sys
    sys.path.insert(0, sys.argv[1])
    from emulator.later import later, loading

    def no_descriptor_left():
        free = os.open(os.devnull, os.O_RDONLY)
        os.close(free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
"""


def _run(program: str, folder: Path) -> str:
    """Run a program that finds the modules of a folder."""
    lines = "\n".join(f"    {line}" for line in program.strip().splitlines())
    command = [sys.executable, "-c", f"{_LOADING}\n{lines}", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """A folder with a part that needs another one, and a part that cannot be loaded."""
    (tmp_path / "upper.py").write_text("from lower import VALUE\nprint('loaded')\n")
    (tmp_path / "lower.py").write_text("VALUE = 7\n")
    (tmp_path / "broken.py").write_text("import no_such_module\n")
    return tmp_path


def test_a_part_is_loaded_once_by_its_first_use(parts: Path) -> None:
    """Not before."""
    said = _run("upper = later('upper')\nprint(upper)\nprint(upper.VALUE, upper.VALUE)", parts)

    assert ["<upper, not loaded yet>", "loaded", "7 7"] == said.splitlines()


def test_a_part_that_loads_another_one_may_need_further_modules(parts: Path) -> None:
    """The descriptor stays free until the outer one is there."""
    (parts / "outer.py").write_text("from emulator.later import later\nlater('upper').VALUE\nimport third\n")
    (parts / "third.py").write_text("print('third')\n")
    said = _run("outer = later('outer')\nno_descriptor_left()\nprint(outer.third)", parts)

    assert ["loaded", "third"] == said.splitlines()[:2]


def test_a_part_is_loaded_by_a_process_that_may_open_no_more_files(parts: Path) -> None:
    """Also the next one, and what they need themselves."""
    said = _run(
        """
upper, empty = later('upper'), later('this')
no_descriptor_left()
try:
    open('/dev/null')
except OSError as error:
    print(error.strerror)
print(upper.VALUE)
import shutil
""".replace("import shutil", "print(bool(empty.s))"),
        parts,
    )

    assert ["Too many open files", "loaded", "7"] == said.splitlines()[:3]
    assert "True" == said.splitlines()[-1]


def test_a_part_that_cannot_be_loaded_stops_no_other(parts: Path) -> None:
    """While nothing else happens; its use tells why."""
    said = _run(
        """
broken, upper = later('broken'), later('upper')
print([*loading()], [*loading()])
try:
    broken.anything
except ImportError as error:
    print(error)
""",
        parts,
    )

    assert ["loaded", "['upper'] []", "No module named 'no_such_module'"] == said.splitlines()
