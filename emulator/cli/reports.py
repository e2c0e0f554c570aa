"""The reports of commands that run a host program: an option a format, and the files."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from emulator.cli.options import PATH, Command
from emulator.errors import UserError
from emulator.trace.files import open_output, write_whole
from emulator.trace.whole_file import WholeFile

_MODULES = {"junit": "junit", "json": "json_report", "html": "html", "markdown": "markdown"}
"""{option: the module that renders it, in the package of the command's reports}"""

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The environment variable by which GitHub Actions names the file for a step's summary."""


class ReportFormats:
    """The formats in which one command reports."""

    def __init__(self, package: str, **meanings: str) -> None:
        """Take the `package` of the renderers, and what each format is for."""
        self._package = package
        self._meanings = meanings

    def __repr__(self) -> str:
        return f"<ReportFormats of {self._package}>"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the options."""
        return tuple(self._meanings)

    def options(self, command: Command) -> Command:
        """Give a command an option for each format; the paths reach its `reports` parameter."""

        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> Any:
            given = {name: kwargs.pop(name) for name in self._meanings}
            return command(*args, reports={name: path for name, path in given.items() if path is not None}, **kwargs)

        flagged: Command = run
        for name, meaning in reversed(self._meanings.items()):
            flagged = click.option(f"--{name}", name, type=PATH, metavar="FILE", help=meaning)(flagged)
        return flagged

    def render(self, name: str, report: Any, *limits: int) -> str:
        """Return the report in one format."""
        render: Callable[..., str] = import_module(f"{self._package}.{_MODULES[name]}").render
        return render(report, *limits)

    def add_step_summary(self, report: Any) -> None:
        """Append it to the summary of a step of GitHub Actions, if this is one; a failure is only told."""
        from emulator.matrix.reports.markdown_text import MOST

        path = os.environ.get(STEP_SUMMARY)
        if not path:
            return
        try:
            descriptor = open_output(Path(path), f"${STEP_SUMMARY}", os.O_WRONLY | os.O_APPEND, mode=0o666)
            try:
                room = MOST - os.fstat(descriptor).st_size
                write_whole(descriptor, self.render("markdown", report, room).encode())
            finally:
                os.close(descriptor)
        except UserError as error:
            click.echo(f"telit-emulator: {error}", err=True)
        except OSError as error:
            click.echo(f"telit-emulator: ${STEP_SUMMARY} {path}: {error.strerror}; it has no summary", err=True)
        else:
            click.echo(f"the summary of this step has been written to {path} (${STEP_SUMMARY})", err=True)


class ReportFiles(ExitStack):
    """Hold the places of the reports from before the first run on."""

    def __init__(self, formats: ReportFormats, reports: Mapping[str, Path]) -> None:
        """Check the places; `reports` are the paths by format.

        Raises:
            UserError: a report cannot be written, or two have one place.
        """
        super().__init__()
        _refuse_one_place(reports)
        self._formats = formats
        self._files: dict[str, WholeFile] = {}
        for name, path in reports.items():
            self._files[name] = WholeFile(path, f"--{name}")
            self.callback(self._files[name].close)

    def write(self, report: Any) -> None:
        """Write all of them; one that cannot be written does not keep back the others.

        Raises:
            UserError: at least one cannot be written.
        """
        refused = []
        for name, file in self._files.items():
            try:
                file.write(self._formats.render(name, report))
            except UserError as error:
                refused.append(str(error))
        if refused:
            raise UserError("; ".join(refused))


def _refuse_one_place(reports: Mapping[str, Path]) -> None:
    taken: dict[str, str] = {}
    for name, path in reports.items():
        place = os.path.realpath(path)
        is_device = Path(place).exists() and not Path(place).is_file()
        if place in taken and not is_device:
            raise UserError(f"--{name} {path}: --{taken[place]} writes there; name another file")
        taken[place] = name
