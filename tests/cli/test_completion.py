"""Tab in a shell, set up as the README says."""

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.programs import COMMAND, TIMEOUT

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
INTERACTIVE = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}
BEFORE = {"bash": "", "zsh": "autoload -U compinit; compinit -D; "}


def line_of(shell: str) -> str:
    """The line that the README has for a shell."""
    match = re.search(rf"^\| {shell} \| .*? \| `(.*?)` \|$", README, re.MULTILINE)
    assert match is not None
    return match[1].replace("\\|", "|")


@pytest.fixture
def environment() -> dict[str, str]:
    """One in which `telit-emulator` is found."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "TERM": "dumb", "PS1": "$ "}


def need(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed; scripts/setup.sh installs it on Debian")


class Typing:
    """Keys typed at a shell, and what it shows."""

    def __init__(self, descriptor: int) -> None:
        self._terminal = os.fdopen(descriptor, "r+b", buffering=0)

    def type(self, keys: str) -> None:
        self._terminal.write(keys.encode())

    def wait_for(self, text: str) -> None:
        """Until it is shown; the timeout of the test ends a vain wait."""
        shown = b""
        while text.encode() not in shown:
            shown += self._terminal.read(4096)


@contextmanager
def typing_at(shell: str, environment: dict[str, str]) -> Iterator[Typing]:
    """A shell at a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        INTERACTIVE[shell], stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    try:
        yield Typing(master)
    finally:
        process.kill()
        process.wait(TIMEOUT)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_tab_completes_at_a_prompt(shell: str, environment: dict[str, str]) -> None:
    """An AT command without its sign, and a firmware."""
    need(shell)
    with typing_at(shell, environment) as typing:
        typing.type(f"{BEFORE[shell]}{line_of(shell)}; echo rea''dy\n")
        typing.wait_for("ready")
        typing.type("telit-emulator commands SSLFA\t")
        typing.wait_for("SSLFASTD")
        typing.type("\x15telit-emulator run GE865-Q\t")
        typing.wait_for("GE865-QUAD")


def test_fish_completes(environment: dict[str, str]) -> None:
    """What it would show for a line."""
    need("fish")
    script = f"{line_of('fish')}; complete -C 'telit-emulator commands SSLFA'; complete -C 'telit-emulator run GE865'"

    done = subprocess.run(
        ["fish", "--no-config", "-c", script], capture_output=True, text=True, env=environment, timeout=TIMEOUT
    )

    assert done.stdout.split() == ["SSLFASTD", "GE865-QUAD"]


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("comm", ["commands"]),
        ("commands at#sslf", ["AT#SSLFASTD"]),
        ("commands #SSLF", ["#SSLFASTD"]),
        ("commands $GPSPS", ["$GPSPS"]),
        ("commands SSLEN --firmware GE910-G", ["GE910-GNSS"]),
        ("run --set sig", ["network.signal=", "secure_socket.hello.signature_algorithms="]),
        ("run --set network.sig", ["network.signal="]),
        ("matrix --firmware ev", ["every"]),
        ("explore --kinds answer-in", ["answer-in-two-pieces"]),
        ("explore --kinds noise,-port-v", ["noise,-port-vanished"]),
        ("profiles --diff HE910 GE865", ["GE865-QUAD"]),
        ("faults registration-d", ["registration-denied"]),
        ("ctl /tmp/x fault registration-d", ["registration-denied"]),
    ],
)
def test_what_is_completed(line: str, completed: list[str], environment: dict[str, str]) -> None:
    """By the protocol that all shells use."""
    words = ["telit-emulator", *line.split()]
    asking = {"_TELIT_EMULATOR_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(words)}
    script = "import sys; sys.argv[0] = 'telit-emulator'; from emulator.cli import main; main()"

    done = subprocess.run(
        [COMMAND[0], "-c", script],
        capture_output=True,
        text=True,
        env={**environment, **asking, "COMP_CWORD": str(len(words) - 1)},
        timeout=TIMEOUT,
    )

    found = [answer.removeprefix("plain,") for answer in done.stdout.splitlines()]
    assert completed == found
