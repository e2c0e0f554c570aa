"""The reports of `telit-emulator matrix`: an option a format, and the files."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emulator.cli.options import PATH, Command
from emulator.errors import UserError
from emulator.trace.files import open_output, write_whole
from emulator.trace.whole_file import WholeFile

if TYPE_CHECKING:
    from emulator.matrix.reports.model import Report

FORMATS = {
    "junit": ("junit", "Write JUnit XML, which CI systems show."),
    "json": ("json_report", "Write all that is known of each run."),
    "html": ("html", "Write a page with the dialogue of each run, for a browser."),
    "markdown": ("markdown", "Write a table and the reasons of failures, in Markdown."),
}
"""{option: the module in `matrix.reports` that renders it, what it is for}"""


STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable by which GitHub Actions names the file for a step's summary."""


def report_options(command: Command) -> Command:
    """Give a command an option for each format; the paths reach its `reports` parameter."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        given = {name: kwargs.pop(name) for name in FORMATS}
        return command(*args, reports={name: path for name, path in given.items() if path is not None}, **kwargs)

    flagged: Command = run
    for name, (_, meaning) in reversed(FORMATS.items()):
        flagged = click.option(f"--{name}", name, type=PATH, metavar="FILE", help=meaning)(flagged)
    return flagged


class ReportFiles(ExitStack):
    """Hold the places of the reports from before the first run on."""

    def __init__(self, reports: Mapping[str, Path]) -> None:
        """Check the places; `reports` are the paths by format.

        Raises:
            UserError: a report cannot be written, or two have one place.
        """
        super().__init__()
        _refuse_one_place(reports)
        self._files: dict[str, WholeFile] = {}
        for name, path in reports.items():
            self._files[name] = WholeFile(path, f"--{name}")
            self.callback(self._files[name].close)

    def write(self, report: "Report") -> None:
        """Write all of them; one that cannot be written does not keep back the others.

        Raises:
            UserError: at least one cannot be written.
        """
        refused = []
        for name, file in self._files.items():
            try:
                file.write(_renderer(name)(report))
            except UserError as error:
                refused.append(str(error))
        if refused:
            raise UserError("; ".join(refused))


def add_step_summary(report: "Report") -> None:
    """Append the report to the summary of a step of GitHub Actions, if this is one; a failure is only told."""
    from emulator.matrix.reports import markdown

    path = os.environ.get(STEP_SUMMARY)
    if not path:
        return
    try:
        descriptor = open_output(Path(path), f"${STEP_SUMMARY}", os.O_WRONLY | os.O_APPEND, mode=0o666)
        try:
            room = markdown.MOST - os.fstat(descriptor).st_size
            write_whole(descriptor, markdown.render(report, room).encode())
        finally:
            os.close(descriptor)
    except UserError as error:
        click.echo(f"telit-emulator: {error}", err=True)
    except OSError as error:
        click.echo(f"telit-emulator: ${STEP_SUMMARY} {path}: {error.strerror}; it has no summary", err=True)
    else:
        click.echo(f"the summary of this step has been written to {path} (${STEP_SUMMARY})", err=True)


def _renderer(name: str) -> "Callable[[Report], str]":
    module, _ = FORMATS[name]
    render: Callable[[Report], str] = import_module(f"emulator.matrix.reports.{module}").render
    return render


def _refuse_one_place(reports: Mapping[str, Path]) -> None:
    taken: dict[str, str] = {}
    for name, path in reports.items():
        place = os.path.realpath(path)
        is_device = Path(place).exists() and not Path(place).is_file()
        if place in taken and not is_device:
            raise UserError(f"--{name} {path}: --{taken[place]} writes there; name another file")
        taken[place] = name
