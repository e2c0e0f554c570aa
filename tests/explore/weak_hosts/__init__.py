"""Hosts that bring a report to a web server: a robust one in C and in Python, and weak ones with one mistake each."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

TEXT = b"pump 1 OK\r\npump 2 ERROR\r\nmodem NO CARRIER\r\ntank 87 %\r\n"
"""The report."""


def weak_hosts(language: str) -> list[str]:
    """Return the names of the weak hosts in `c` or `python`."""
    if language == "c":
        return sorted(folder.name for folder in (HERE / "c").iterdir() if folder.name != "robust")
    shared = {"__init__", "line", "at", "report", "online"}
    return sorted(file.stem for file in (HERE / "python").glob("*.py") if file.stem not in shared)


def python_host(name: str) -> list[str]:
    """Return the command of a host in Python, up to its arguments."""
    return ["env", f"PYTHONPATH={ROOT}", sys.executable, "-S", "-m", f"tests.explore.weak_hosts.python.{name}"]


def build_c_host(name: str, folder: Path) -> list[str]:
    """Compile a host in C: the robust one's files, in whose place those of the same name are taken; its command."""
    own = {file.name: file for file in (HERE / "c" / name).glob("*.c")}
    files = {file.name: file for file in (HERE / "c" / "robust").glob("*.c")} | own
    program = folder / name
    warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wstrict-prototypes", "-Werror"]
    options = ["-std=c11", "-D_DEFAULT_SOURCE", "-O1", "-fstack-protector-all", "-I", str(HERE / "c" / "robust")]
    subprocess.run(["cc", *options, *warnings, "-o", str(program), *map(str, files.values())], check=True)
    return [str(program)]
