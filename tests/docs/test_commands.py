"""Every command of the emulator that a page prints is one that the command line understands."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from emulator.cli import telit_emulator
from tests.docs.pages import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]
_PRINTED = re.compile(r"^ *(?:\$ )?(telit-emulator (?![\d…])(?:.*\\\n)*.*)$", re.MULTILINE)
"""At the beginning of a line of a block; it may go on behind a backslash."""
_REMARK = re.compile(r"  +\S.*|(?: [|<>&]|\)).*")
"""What is no part of the command: a remark in a column of its own, a pipe, a redirection."""


def printed(page: Path) -> Iterator[str]:
    for match in _PRINTED.finditer(page.read_text(encoding="utf-8")):
        line = re.sub(r" *\\\n *", " ", match[1]).replace("$(nproc)", "4").replace("$SHARD", "1")
        yield _REMARK.sub("", line, count=1).rstrip()


def understand(arguments: list[str]) -> None:
    """Read the arguments down to the last subcommand, and do nothing."""
    command: click.Command = telit_emulator
    context = None
    while arguments:
        context = command.make_context(command.name, arguments, parent=context)
        if not isinstance(command, click.Group):
            return
        rest = [*context._protected_args, *context.args]
        name, found, arguments = command.resolve_command(context, rest)
        assert found is not None, name
        command = found
    assert not isinstance(command, click.Group)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_printed_commands_are_understood(page: Path) -> None:
    """They are read, not run."""
    for command in printed(page):
        try:
            understand(shlex.split(command)[1:])
        except click.exceptions.Exit:
            pass  # --help
        except Exception as error:
            raise AssertionError(f"{command}: {error}") from error


def test_a_command_that_is_torn_is_found() -> None:
    """An option that there is not, and a subcommand."""
    for torn in ("ctl x.ctl call --end", "ctl x.ctl sing", "run --listn tcp:127.0.0.1:0"):
        with pytest.raises(click.ClickException):
            understand(shlex.split(torn))
