"""The hosts of examples/, which are there to be copied, come through what telling steps do to them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.testing import CERTS
from tests.docs.pages import environment

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
_SPEED = 20
"""So many times as fast as real time run the module and, by faketime, the host."""
_BUDGET = 110
"""Runs: variations go together, so that they are most of the cheap and telling steps."""
_LIMIT = 300
_REPORT = b"".join(b"%02d: a line of the report\n" % number for number in range(50))
"""Two pieces of #SSLSEND."""

pytestmark = [
    pytest.mark.skipif(shutil.which("faketime") is None, reason="the hosts are sped up by faketime: missing"),
    pytest.mark.no_cover,  # many runs of many processes; the other tests of explore measure it
]


@pytest.fixture(scope="session")
def c_host(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Compiled once."""
    missing = [tool for tool in ("cc", "make") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"the C host is built with {' and '.join(missing)}: missing")
    folder = tmp_path_factory.mktemp("c_host")
    subprocess.run(["make", "--silent", "--directory", EXAMPLES / "c_host", f"BUILD={folder}"], check=True)
    return [str(folder / "upload")]


@pytest.fixture
def python_host() -> list[str]:
    return [sys.executable, str(EXAMPLES / "python_host")]


@pytest.mark.parametrize("name", ["c_host", "python_host"])
def test_nothing_breaks_an_example(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The upload arrives once, whatever happens to the answers, the network, the module and the port."""
    host: list[str] = request.getfixturevalue(name)
    (tmp_path / "report.txt").write_bytes(_REPORT)
    explore = [
        "telit-emulator",
        "explore",
        "--lab",
        "--seed",
        "1",
        "--budget",
        str(_BUDGET),
        "--jobs",
        str(os.cpu_count()),
    ]
    far_end = [
        "--expect-upload",
        "report.txt",
        "--time-scale",
        str(_SPEED),
        "--json",
        "explored.json",
        "--out",
        "found",
    ]
    upload = ["--port", "{port}", "--ca", str(CERTS / "public-demo-ca.pem"), "--file", "report.txt"]

    done = subprocess.run(
        [*explore, *far_end, "--", "faketime", "-f", f"+0 x{_SPEED}", *host, *upload, "--server", "http.lab"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=_LIMIT,
    )

    assert (done.returncode, json.loads((tmp_path / "explored.json").read_text())["findings"]) == (0, []), done
