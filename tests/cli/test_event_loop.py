"""`run` takes uvloop where it is installed, says so with `-v`, and does without it."""

import signal
import subprocess
import sys

import pytest

TIMEOUT = 20
_RUN = "import sys\n{before}\nfrom telit_emulator import main\nsys.argv = ['telit-emulator', 'run', '-v']\nmain()"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("", "event loop: uvloop\n"),
        (
            "sys.modules['uvloop'] = None",
            "event loop: asyncio; for a pseudo-terminal, a faster one comes with pip install 'telit-emulator[fast]'\n",
        ),
    ],
    ids=["installed", "missing"],
)
def test_run_says_which_event_loop_it_has_and_ends_by_a_signal(before: str, said: str) -> None:
    """SIGINT ends either in the same way."""
    command = [sys.executable, "-c", _RUN.format(before=before)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert said in lines

        process.send_signal(signal.SIGINT)

        assert process.wait(TIMEOUT) == 0
