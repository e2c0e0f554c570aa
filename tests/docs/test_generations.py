"""docs/generations.md: doctor and matrix say what the page prints."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks, run_console

pytestmark = pytest.mark.no_cover  # processes as a page starts them; the tests of each command measure it

PAGE = "docs/generations.md"


@pytest.mark.parametrize("text", blocks(PAGE, "console"), ids=["doctor", "matrix"])
def test_the_page_is_as_printed(text: str, tmp_path: Path) -> None:
    """With the lab's servers, and the example host."""
    for folder in ("certs", "examples"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    run_console(text, tmp_path)


def test_the_lines_of_the_page_are_those_of_the_host() -> None:
    """What the host has to do is what the example does."""
    host = (ROOT / "examples/python_host/upload.py").read_text(encoding="utf-8")
    shown = [line.strip() for text in blocks(PAGE, "python") for line in text.splitlines()]

    assert len(shown) == 5
    assert [] == [line for line in shown if line not in host]
