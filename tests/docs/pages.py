"""Reads what a page prints, and runs it as printed.

The language of a block says what it is: `console` has commands behind `$` and what they print, `sh` a command that runs
on, and `control` what programs say to the control socket. `…` stands for what differs from run to run.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TIMEOUT = 60.0


def blocks(page: str, language: str) -> list[str]:
    """The blocks of that language on a page, `docs/control.md` or so, in their order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def block(page: str, language: str, having: str = "") -> str:
    """The one block that has this in it."""
    (found,) = [text for text in blocks(page, language) if having in text]
    return found


def assert_as_printed(printed: str, said: str) -> None:
    """Compare, with `…` for anything."""
    pattern = ".*".join(map(re.escape, printed.split("…")))
    assert re.fullmatch(pattern, said, re.DOTALL), f"printed:\n{printed}\nbut it was:\n{said}"


def environment() -> dict[str, str]:
    """This process's, in which `telit-emulator` and `python` are those under test."""
    folder = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}


def run_console(text: str, folder: Path, variables: Mapping[str, str] | None = None, within: float = TIMEOUT) -> None:
    """Run each command of a block, and compare what it prints; `within` is the longest time of one in seconds."""
    for command, printed in _commands(text):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=folder,
            env=variables or environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=within,
        )
        assert_as_printed(f"$ {command}\n{printed}", f"$ {command}\n{done.stdout}")


def _commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        match = re.match(r"((?:.*\\\n)*.*\n)", part)
        assert match is not None
        yield match[1].rstrip("\n"), part[match.end() :]


@contextmanager
def running(command: str, folder: Path, ready: str) -> Iterator[None]:
    """The command of a block that runs on, from the line that has `ready` in it to the end of the block."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}"],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if ready in line:
                break
        else:
            raise AssertionError(f"{command} has ended: {said}")
        yield
    finally:
        process.kill()
        process.wait(TIMEOUT)
        process.stdout.close()
