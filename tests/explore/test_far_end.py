"""The far end of a real run: what the lab has received, and what the checks say of it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator.errors import UserError
from emulator.explore.far_end.check import Check, Lack, run_check
from emulator.explore.far_end.expectation import ExpectedLine, ExpectedUpload
from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result, Trial
from emulator.explore.trials.verdict import Outcome
from emulator.explore.trials.worker import Worker
from emulator.lab.plain_server import PlainServer
from emulator.options import ModemOptions

HOST = [sys.executable, str(Path(__file__).parent / "sender.py"), "{port}"]
_LOOKS = "grep -q 'size.: 1280,' $TELIT_RECORD/index.json"
DATA = b"a line of data\r\n" * 8
FIRMWARE = "HE910@12.00.004"
LIMIT = 60.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.txt"
    path.write_bytes(DATA)
    return path


def run(worker: Worker) -> Result:
    return worker.run(Trial(1, FIRMWARE, (), LIMIT))


@contextmanager
def worker(file: Path, *words: str, **setting: object) -> Iterator[Worker]:
    settings = {"lab": True, "expectations": [ExpectedUpload.of_file(file)], **setting}
    with Worker(Setting([*HOST, str(file), *words], **settings)) as worker:  # type: ignore[arg-type]
        yield worker


@pytest.mark.parametrize(
    ("times", "outcome", "lack"),
    [
        ("0", Outcome.LOST_DATA, Lack.NONE),
        ("1", Outcome.PASSED, None),
        ("2", Outcome.DUPLICATE_DATA, Lack.TWICE),
    ],
)
def test_an_upload_is_looked_for_at_the_lab(file: Path, times: str, outcome: Outcome, lack: Lack | None) -> None:
    """A worker uses its servers again: what one run has sent is no second upload in the next."""
    with worker(file, times) as worker_:
        results = [run(worker_), run(worker_)]

    assert [outcome] * 2 == [result.outcome for result in results], results[0].ending
    assert [lack] * 2 == [result.check and result.check.told_lack for result in results]


def test_a_host_that_says_failure_may_have_sent_what_it_likes(file: Path) -> None:
    """The check is told, and counts for nothing."""
    with worker(file, "2", "3") as worker_:
        result = run(worker_)

    assert Outcome.NEEDLESS_FAILURE is result.outcome
    assert result.check is not None and result.check.told_lack is Lack.TWICE


CHECK = """
import json, os, pathlib, sys
record = pathlib.Path(os.environ["TELIT_RECORD"])
index = json.loads((record / "index.json").read_text())
told = {
    "index": index,
    "data": [(record / one["file"]).read_bytes().decode() for one in index],
    "trace": "#SSEND" in pathlib.Path(os.environ["TELIT_TRACE"]).read_text(),
    "output": pathlib.Path(os.environ["TELIT_HOST_OUTPUT"]).read_text(),
    "errors": pathlib.Path(os.environ["TELIT_HOST_ERRORS"]).read_text(),
    "port": os.environ["TELIT_PORT"] == sys.argv[2],
    **{name: os.environ["TELIT_" + name] for name in ("HOST_EXIT", "FIRMWARE")},
}
pathlib.Path(sys.argv[1]).write_text(json.dumps(told))
print("\\npart of it came")
sys.exit(len(index) != 1)
"""


def test_the_command_of_a_check_has_all_of_the_run_in_its_environment(file: Path, tmp_path: Path) -> None:
    """The record as files with an index, the trace, the host's end; and of each run its own."""
    told, script = tmp_path / "told.json", tmp_path / "check.py"
    script.write_text(CHECK)
    check = [sys.executable, str(script), str(told), "{port}"]

    with worker(file, "1", check=check) as worker_:
        run(worker_)
        result = run(worker_)

    assert Outcome.PASSED is result.outcome, result.check
    name = "001-connection-echo.lab-7"
    entry = {"file": name, "kind": "connection", "server": "echo.lab:7", "name": "", "size": len(DATA)}
    assert {
        "index": [{**entry, "whole": True, "counts": True}],
        "data": [DATA.decode()],
        "trace": True,
        "output": "",
        "errors": "",
        "port": True,
        "HOST_EXIT": "0",
        "FIRMWARE": FIRMWARE,
    } == json.loads(told.read_text())


def test_a_command_that_says_no_is_told_beside_the_built_in_checks(file: Path) -> None:
    """Both are shown."""
    check = ["sh", "-c", "echo; echo twice, says the server; exit 3"]

    with worker(file, "1", check=check, expectations=[ExpectedLine("another")]) as worker_:
        result = run(worker_)

    assert Outcome.DUPLICATE_DATA is result.outcome
    assert Check(1, "line 'another': none of 7 bytes; twice, says the server", Lack.TWICE) == result.check


def test_a_command_needs_no_lab(file: Path) -> None:
    """It then looks at a server of the user's own: the record is empty."""
    check = ["sh", "-c", "grep -q '^\\[\\]$' $TELIT_RECORD/index.json && test -z \"$TELIT_HOST_EXIT\""]
    command = ["sh", "-c", "sleep 1000"]

    with Worker(Setting(command, check=check)) as worker_:
        result = worker_.run(Trial(1, FIRMWARE, (), 0.1))

    assert Outcome.HANG is result.outcome
    assert Check(0, "exit code 0") == result.check


def test_a_command_that_does_not_end_has_not_passed() -> None:
    """It is ended with all that it has started."""
    check = run_check(["sh", "-c", "echo none; sleep 1000 & sleep 1000"], "port", {}, limit=0.1)

    assert Check(1, "the check has not ended within 0.1 s") == check


@pytest.mark.parametrize(
    ("command", "line"),
    [("exit 4", "exit code 4"), ("echo no >&2; exit 4", "no"), ("echo; echo ' a '; echo b; exit 4", "a")],
)
def test_the_first_line_of_a_check(command: str, line: str) -> None:
    """Of its output, or else of its errors, or else its exit code."""
    assert Check(4, line) == run_check(["sh", "-c", command], "port", {})


def test_a_command_that_cannot_be_run() -> None:
    """One line."""
    with pytest.raises(UserError, match=r"^--check 'nowhere/check': No such file or directory; name one"):
        run_check(["nowhere/check"], "port", {})


@pytest.mark.parametrize("checks", [{}, {"expectations": [], "check": ["sh", "-c", _LOOKS]}], ids=["upload", "command"])
def test_data_may_be_on_their_way_when_the_host_ends(tmp_path: Path, checks: dict[str, object]) -> None:
    """A slow network brings them all the same, and what has come in time is not lost."""
    file = tmp_path / "data.txt"
    file.write_bytes(DATA * 10)
    slow = {"fault": "slow-network", "latency": "2 s"}
    step = Step("slow network", Nature.VARIATION, "#SD", 1, (slow,), "a test", lasts=10.0)

    with worker(file, "1", options=ModemOptions(time_scale=10), **checks) as worker_:
        result = worker_.run(Trial(1, FIRMWARE, (step,), LIMIT))

    assert Outcome.PASSED is result.outcome, result


def test_data_may_be_on_their_way_to_a_server_of_the_users_own(tmp_path: Path) -> None:
    """Nobody tells what has come there, so the modem runs on for a while."""
    file, arrived = tmp_path / "data.txt", tmp_path / "arrived"
    file.write_bytes(DATA)
    slow = {"fault": "slow-network", "latency": "500 ms"}
    step = Step("slow network", Nature.VARIATION, "#SD", 1, (slow,), "a test", lasts=10.0)
    looks = ["sh", "-c", f"test $(wc -c < {arrived}) = {len(DATA)}"]

    def keep(data: bytes) -> None:
        with arrived.open("ab") as kept:
            kept.write(data)

    with PlainServer(keep) as server:
        options = ModemOptions(time_scale=10, routes={"echo.lab:7": server.address})
        with worker(file, "1", lab=False, expectations=[], check=looks, options=options) as worker_:
            result = worker_.run(Trial(1, FIRMWARE, (step,), LIMIT))

    assert Outcome.PASSED is result.outcome, result
