"""docs/fleet.md: the locustfile of one's own runs as printed, the options are those of the command."""

import re
from collections.abc import Callable
from pathlib import Path

from click import Context

from emulator.cli.fleet import fleet
from emulator.lab.http_server import HttpServer
from tests.docs.pages import ROOT, block
from tests.fleet.programs import counted, run

PAGE = "docs/fleet.md"
UNTIL_ONE_HAS_REPORTED = """
from locust import LoadTestShape

class UntilOneHasReported(LoadTestShape):
    def tick(self):
        return (1, 1) if not self.runner.stats.get("AT#SSLH", "AT").num_requests else None
"""


def test_a_locustfile_of_ones_own_is_ten_lines_that_run(tmp_path: Path, http_server: Callable[..., HttpServer]) -> None:
    """Beside it there is no more than the end of the run."""
    server, text = http_server(), block(PAGE, "python")
    (tmp_path / "meter.py").write_text(text)
    (tmp_path / "end.py").write_text(UNTIL_ONE_HAS_REPORTED)

    said = run("-f", "meter.py,end.py", "--host", server.address, "--headless", "--csv", "run", folder=tmp_path)

    assert 10 == len([line for line in text.splitlines() if line])
    assert "HE910@12.00.004 ['#SSLS: 1,2,3'] 200" in said
    assert [b"23.5 degrees\n"] == [request.body for request in server.requests]
    assert {"dial TCP", "handshake HE910 full", "AT AT#SSLS", "AT AT#SSLH"} <= counted(tmp_path).keys()


def test_the_page_has_each_option_of_the_fleet() -> None:
    """And no other."""
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    table = page.partition("## What the modules are")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(--[a-z-]+)", table))

    assert named == {
        option for parameter in fleet.get_params(Context(fleet)) for option in parameter.opts if "--" in option
    } - {"--help"}
