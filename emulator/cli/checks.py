"""Flags by which `explore` looks at the far end after each run."""

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emulator.cli.options import PATH

if TYPE_CHECKING:
    from emulator.explore.far_end.expectation import Expectation

CHECKS = ("check", "expect_upload", "expect_line", "expect_file")
"""Names of the flags."""

Command = Callable[..., Any]

_FLAGS = (
    click.option(
        "--check",
        metavar="COMMAND",
        help="Run this after each run: exit code 0 if the far end has what it should. It counts where the host has "
        "said success; `none`, `part` or `twice` in its first line tells lost from duplicate data. TELIT_RECORD is a "
        "folder with what the lab has received.",
    ),
    click.option(
        "--expect-upload",
        type=PATH,
        multiple=True,
        metavar="FILE",
        help="The lab must have received the bytes of FILE, exactly once. Repeatable.",
    ),
    click.option(
        "--expect-line",
        multiple=True,
        metavar="TEXT",
        help="The lab must have received this line, exactly once. Repeatable.",
    ),
    click.option(
        "--expect-file",
        multiple=True,
        metavar="NAME=FILE",
        help="FILE must lie at the lab's FTP or HTTP server, under NAME. Repeatable.",
    ),
)


def check_options(command: Command) -> Command:
    """Give a command the flags; they reach its parameters `check`, as words, and `expectations`.

    Raises:
        UserError: a check cannot be run, or a file cannot be read.
    """

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from emulator.explore.far_end.check import read_check

        check, *expected = (kwargs.pop(name) for name in CHECKS)
        words = () if check is None else read_check(check)
        return command(*args, check=words, expectations=list(_expectations(*expected)), **kwargs)

    flagged: Command = run
    for flag in reversed(_FLAGS):
        flagged = flag(flagged)
    return flagged


def _expectations(uploads: Sequence[Path], lines: Sequence[str], files: Sequence[str]) -> "Iterator[Expectation]":
    from emulator.explore.far_end.expectation import ExpectedFile, ExpectedLine, ExpectedUpload

    yield from (ExpectedUpload.of_file(file) for file in uploads)
    yield from (ExpectedLine.of_text(line) for line in lines)
    yield from (ExpectedFile.of_text(text) for text in files)
