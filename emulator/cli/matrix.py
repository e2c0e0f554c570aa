"""`telit-emulator matrix`: runs one host program with many firmwares."""

import signal
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from emulator.cli.options import PATH, firmwares_option, modem_options
from emulator.cli.reports import FORMATS, ReportFiles, add_step_summary, report_options
from emulator.errors import UserError
from emulator.firmware.status import Status, with_status
from emulator.options import ModemOptions

if TYPE_CHECKING:
    from emulator.matrix.result import Run


@click.command(short_help="Run a host program with many firmwares.", context_settings={"ignore_unknown_options": True})
@firmwares_option(left_out="all")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, metavar="N", help="How many run at once.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=120.0, metavar="S", help="Seconds a run.")
@click.option("--lab", is_flag=True, help="Start the servers of `run --lab`, which all modems share.")
@modem_options(shared=True)
@report_options
@click.option("--trace", "trace_folder", type=PATH, metavar="DIR", help="Keep the trace and transcript of each run.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND {port}…")
def matrix(
    firmwares: Sequence[str],
    statuses: Collection[Status],
    jobs: int,
    timeout: float,
    lab: bool,
    options: ModemOptions,
    reports: Mapping[str, Path],
    trace_folder: Path | None,
    command: Sequence[str],
) -> None:
    """Run COMMAND once for each firmware, with a new modem each time, and show where it fails.

    `{port}` in its arguments is the modem's port, and so is the environment variable TELIT_PORT. A run passes when the
    command exits with 0. The table names, for a run that fails, the first exchange with the module that was another one
    than in the runs that passed. The exit code is 0 when all pass, 1 when one fails, 2 when it could not be run.

    \b
    Example:
      telit-emulator matrix --firmware HE910,GE865-QUAD --jobs 2 --lab --junit report.xml -- ./my_host --port {port}
    """
    from emulator.firmware.selection import ALL, choose
    from emulator.matrix.reports import table
    from emulator.matrix.reports.model import Report
    from emulator.matrix.result import Outcome
    from emulator.matrix.run import Matrix, Plan
    from emulator.matrix.traces import TraceFolder

    _refuse_option(command[0])
    signal.signal(signal.SIGTERM, _end_by_signal)
    with ExitStack() as stack:
        files = stack.enter_context(ReportFiles(reports))
        chosen = choose(firmwares or [ALL], statuses)
        names = [choice.name for choice in chosen]
        traces = None
        if trace_folder is not None:
            traces = stack.enter_context(TraceFolder(trace_folder, "--trace", names))
        lab_routes = _lab_routes(stack, options.time_scale) if lab else {}
        options = replace(options, routes={**lab_routes, **options.routes})
        plan = Plan(command, chosen, options, timeout=timeout, jobs=min(jobs, len(chosen)), traces=traces)
        started = datetime.now(UTC).astimezone()
        runs = Matrix(plan).run(_Progress(len(chosen)))
        report = Report(command, list(_words_of(click.get_current_context())), runs, started)
        try:
            width = get_terminal_size().columns if sys.stdout.isatty() else None
            click.echo(table.render(report, width))
        finally:
            add_step_summary(report)
            files.write(report)
    if all(run.ending.outcome is Outcome.TIMED_OUT for run in runs):
        raise UserError(f"{command[0]}: it never ends, not within {timeout:g} s; mend it, or give a longer --timeout")
    if not all(run.passed for run in runs):
        sys.exit(1)


def _refuse_option(word: str) -> None:
    """Refuse an unknown option: what is none is taken for the command."""
    if word.startswith("-"):
        context = click.get_current_context()
        known = [flag for parameter in context.command.params for flag in parameter.opts]
        raise click.NoSuchOption(word, possibilities=get_close_matches(word, known), ctx=context)


_OF_ALL_RUNS = ("firmwares", "statuses", "jobs", "seed", "trace_folder", *FORMATS)
"""Options that a command for one run alone has otherwise, or not at all."""


def _words_of(context: click.Context) -> Iterator[str]:
    """Yield the words of the command line, but for what is of all runs."""
    yield from context.command_path.split()
    for parameter in context.command.params:
        name = parameter.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if isinstance(parameter, click.Option) and given and name not in _OF_ALL_RUNS:
            yield from _words_of_option(parameter, context.params[name])


def _words_of_option(option: click.Option, value: object) -> Iterator[str]:
    for each in value if isinstance(value, tuple) else (value,):
        yield option.opts[0]
        if not option.is_flag:
            yield str(each)


class _Progress:
    """Print a line on stderr for each run that has ended."""

    def __init__(self, all_of_them: int) -> None:
        self._all = all_of_them
        self._ended = 0

    def __call__(self, run: "Run") -> None:
        self._ended += 1
        place = f"[{self._ended:{len(str(self._all))}}/{self._all}]"
        name = with_status(run.firmware.name, run.firmware.status)
        click.echo(f"{place} {name}: {run.ending.outcome} in {run.ending.seconds:.1f} s", err=True)


def _lab_routes(stack: ExitStack, time_scale: float) -> dict[str, str]:
    from emulator.lab import Lab

    return dict(stack.enter_context(Lab(time_scale)).routes)


def _end_by_signal(number: int, frame: object) -> None:
    """End as Ctrl-C does, so that no host program is left running."""
    raise KeyboardInterrupt
