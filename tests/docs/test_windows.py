"""docs/windows.md: the host in a process of its own, over RFC 2217, as far as it can be tried without Windows."""

import subprocess
import sys
from pathlib import Path

from tests.docs.pages import TIMEOUT, block, running
from tests.peers.processes import free_port


def test_the_host_in_python_reaches_the_module(tmp_path: Path) -> None:
    """As printed, but at a free port."""
    port = str(free_port())
    program = block("docs/windows.md", "python").replace("4001", port)
    with running(block("docs/windows.md", "sh").replace("4001", port), tmp_path, "is ready on"):
        done = subprocess.run(
            [sys.executable, "-W", "error::SyntaxWarning", "-c", program],
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )

    assert ("HE910\nDCD is off\n", "") == (done.stdout, done.stderr)
