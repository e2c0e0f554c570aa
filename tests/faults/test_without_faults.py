"""An emulator whose folder of faults is missing: it works, and says in one line that it has none."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.sockets import TIMEOUT

DIALOGUES = Path(__file__).parent.parent / "dialogues"
WITHOUT_FAULTS = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[:2] == ["emulator", "faults"]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
"""
MAIN = "from emulator.cli import main\nmain()\n"
NO_FAULTS = "this emulator has no faults; its folder emulator/faults is missing\n"
FROM_PYTHON = """
from emulator import VirtualModem
with VirtualModem("HE910") as modem:
    print(modem.faults.rules)
    modem.faults.add("reboot")
"""
BY_CONTROL = """
import json
from emulator.control.requests import answer
from emulator.bench import Bench
import asyncio

async def ask():
    async with Bench("HE910") as bench:
        for request in ("show", "fault", "say"):
            fields = {"fault": {"name": "reboot", "parameters": {}}, "say": {"text": "RING"}}.get(request, {})
            done = await answer(bench.modem, json.dumps({"do": request, **fields}).encode())
            print(done.line.decode(), end="")

asyncio.run(ask())
"""


def run(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", WITHOUT_FAULTS + program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)


@pytest.mark.parametrize("name", ["4.5.2-command-mode", "4.5.1-online-mode"])
def test_a_dialogue_of_the_guide_is_played(name: str) -> None:
    """With a real TLS server, from the command line."""
    done = run(MAIN, "play", str(DIALOGUES / f"{name}.txt"))

    assert (0, "") == (done.returncode, done.stderr)
    assert name in done.stdout


def test_the_command_line_says_that_there_are_none(tmp_path: Path) -> None:
    scenario = tmp_path / "bad.toml"
    scenario.write_text('[[faults]]\nfault = "reboot"\n')

    listed = run(MAIN, "faults")
    played = run(MAIN, "play", "--scenario", str(scenario), str(DIALOGUES / "2.1-pdp-context.txt"))

    assert (2, f"telit-emulator: {NO_FAULTS}") == (listed.returncode, listed.stderr)
    assert (2, f"telit-emulator: --scenario {scenario}: {NO_FAULTS}") == (played.returncode, played.stderr)


def test_a_program_is_told_so() -> None:
    """There are no rules, and none can be added."""
    done = run(FROM_PYTHON)

    assert "[]\n" == done.stdout
    assert done.stderr.endswith(f"UserError: {NO_FAULTS}")


def test_the_control_socket_says_so_and_shows_the_state() -> None:
    shown, fault, said = run(BY_CONTROL).stdout.splitlines()

    assert '"faults":[]' in shown
    assert fault == said == f'{{"error":"{NO_FAULTS.strip()}"}}'
