"""docs/explore.md: what breaks the weak host, and that nothing breaks the mended one, as printed."""

import shutil
from pathlib import Path

import pytest

from tests.docs.pages import blocks, run_console

pytestmark = pytest.mark.no_cover  # processes as a page starts them; the tests of each command measure it

PAGE = "docs/explore.md"
_HOSTS = ("quality.py", "mended.py")


@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("faketime") is None, reason="the page speeds a host up by faketime, which is missing")
def test_the_worked_case_is_as_printed(tmp_path: Path) -> None:
    """From the findings of the weak host and its replay to the host that holds."""
    for name, text in zip(_HOSTS, blocks(PAGE, "python"), strict=True):
        (tmp_path / name).write_text(text)

    for text in blocks(PAGE, "console"):
        run_console(text, tmp_path, within=180)  # the last host waits for modules that restart
