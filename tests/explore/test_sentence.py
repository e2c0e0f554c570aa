"""The sentences of findings, for real hosts: what was done, what the host did, what a robust host does."""

from pathlib import Path

import pytest

from emulator.explore.findings.sentence import sentence
from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Trial
from emulator.explore.trials.worker import Worker
from tests.explore.exploring import FIRMWARE, step
from tests.explore.serial_hosts import host

ONE_PIECE = """
ask("ATE0")
say("AT+CSQ")
heard = port.read(1) + port.read(64)
if not heard.endswith(b"OK\\r\\n"):
    sys.exit("error: no OK")
"""
WITHOUT_LIMIT = """
ask("ATE0"); ask("AT+CMEE=2")
port.timeout = None
say("AT+CSQ")
port.read_until(b"OK\\r\\n")
"""
SPLITS = """
ask("ATE0")
print(ask("AT+COPS?").split(b'"')[1])
"""
POLLS = """
ask("ATE0")
while b",1" not in ask("AT+CREG?"):
    pass
"""
ENDS_BY_SIGNAL = """
import os
ask("ATE0")
b'"' in ask("AT+COPS?") or os.abort()
"""
SEES_IT_LATE = """
ask("ATE0"); say("AT+CREG?"); until(b"OK\\r\\n", b"ERROR\\r\\n"); ask("AT+CSQ"); ask("AT#SGACT?")
if b",1" not in ask("AT+CREG?"):
    sys.exit("error: not registered")
"""
_RING = {"fault": "unsolicited-line", "text": "RING", "at": "answer"}
_LOST = {"fault": "registration-lost", "duration": 20}
TOLD = {
    "pieces": (
        ONE_PIECE,
        step(Nature.VARIATION, {"fault": "bytes-late", "command": "+CSQ", "byte": 16, "duration": 0.3}),
        "At AT+CSQ the answer came in two pieces, 300 ms apart: `\\r\\n+CSQ: 20,0\\r\\n\\r\\n` and `OK\\r\\n`. "
        "The host gave up: `error: no OK`, exit code 1. "
        "A robust host reads until the final result code or its timeout, however many reads that takes.",
    ),
    "hang": (
        WITHOUT_LIMIT,
        step(Nature.FAULT, {"fault": "reboot", "command": "+CSQ"}),
        "At AT+CSQ the module restarted. "
        "The host did not end: it said nothing after AT+CSQ, which the module did not answer. "
        "A robust host has a timeout for each answer that it waits for, and then tries again or ends with an error.",
    ),
    "noise": (
        WITHOUT_LIMIT,
        step(Nature.NOISE, {"fault": "bytes-lost", "command": "+CSQ", "byte": 14, "count": 6}),
        "At AT+CSQ 6 bytes of the answer after byte 14, `\\r\\nOK\\r\\n`, got lost. "
        "The host did not end: it said nothing after AT+CSQ. "
        "A robust host has a timeout for each answer that it waits for, and then tries again or ends with an error.",
    ),
    "loop": (
        POLLS,
        step(Nature.FAULT, {**_LOST, "command": "+CREG?"}),
        "At AT+CREG? there was no network for 20 s. The host did not end: it said AT+CREG? again and again. "
        "A robust host repeats a command for a limited time, and then ends with an error.",
    ),
    "exception": (
        SPLITS,
        step(Nature.FAULT, {**_LOST, "command": "+COPS?"}),
        "At AT+COPS? there was no network for 20 s. "
        "The host ended by an exception that it did not catch after AT+COPS?, which the module answered by "
        "`+COPS: 0 OK`: `IndexError: list index out of range`. "
        "A robust host checks what it has read before it takes it apart.",
    ),
    "signal": (
        ENDS_BY_SIGNAL,
        step(Nature.FAULT, {**_LOST, "command": "+COPS?"}),
        "At AT+COPS? there was no network for 20 s. "
        "The host was ended by SIGABRT after AT+COPS?, which the module answered by `+COPS: 0 OK`. "
        "A robust host checks what it has read before it takes it apart.",
    ),
    "elsewhere": (
        SEES_IT_LATE,
        step(Nature.FAULT, {**_LOST, "command": "+CSQ"}, lasts=25),
        "At AT+CSQ there was no network for 20 s. "
        "The host gave up after AT+CREG?: `error: not registered`, exit code 1. "
        "A robust host asks for the registration until it is there again, and goes on.",
    ),
    "from the start": (
        SEES_IT_LATE,
        step(Nature.FAULT, {**_LOST, "time": 0}, command="E=", lasts=25),
        "At the start there was no network for 20 s. "
        "The host gave up after AT+CREG?: `error: not registered`, exit code 1. "
        "A robust host asks for the registration until it is there again, and goes on.",
    ),
    "URC": (
        ONE_PIECE,
        step(
            Nature.VARIATION,
            {"fault": "unsolicited-line", "command": "+CSQ", "at": "answer", "byte": 20, "text": "RING"},
        ),
        "At AT+CSQ the URC `RING` came right after the answer. The host gave up: `error: no OK`, exit code 1. "
        "A robust host takes a URC out wherever it comes, and goes on reading the answer up to its final result code.",
    ),
}


@pytest.mark.parametrize(("body", "done", "told"), TOLD.values(), ids=list(TOLD))
def test_a_finding_is_told_in_a_few_sentences(body: str, done: Step, told: str, tmp_path: Path) -> None:
    """From what is known of its run."""
    with Worker(Setting(host(tmp_path, body))) as worker:
        healthy = worker.run(Trial(0, FIRMWARE, (), 10, takes_census=True))
        result = worker.run(Trial(1, FIRMWARE, (done,), 1))

    assert sentence(result, healthy.census) == told
