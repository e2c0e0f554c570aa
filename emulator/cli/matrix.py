"""`telit-emulator matrix`: runs one host program with many firmwares."""

import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from emulator.cli.host_command import (
    end_as_ctrl_c_does,
    host_argument,
    jobs_option,
    refuse_option,
    shard_option,
    words_again,
)
from emulator.cli.options import PATH, firmwares_option, modem_options
from emulator.cli.reports import ReportFiles, ReportFormats
from emulator.errors import UserError
from emulator.firmware.status import Status, with_status
from emulator.matrix.shard import WHOLE, Shard
from emulator.options import ModemOptions

if TYPE_CHECKING:
    from emulator.firmware.selection import Choice
    from emulator.matrix.reports.model import Report
    from emulator.matrix.reports.shard_facts import ShardFacts
    from emulator.matrix.result import Run

FORMATS = ReportFormats(
    "emulator.matrix.reports",
    junit="Write JUnit XML, which CI systems show.",
    json="Write all that is known of each run.",
    html="Write a page with the dialogue of each run, for a browser.",
    markdown="Write a table and the reasons of failures, in Markdown.",
)


@click.command(short_help="Run a host program with many firmwares.", context_settings={"ignore_unknown_options": True})
@firmwares_option(left_out="all", scenario=True)
@shard_option
@jobs_option
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=120.0, metavar="S", help="Seconds a run.")
@click.option("--lab", is_flag=True, help="Start the servers of `run --lab`, which all modems share.")
@modem_options(shared=True)
@FORMATS.options
@click.option("--trace", "trace_folder", type=PATH, metavar="DIR", help="Keep the trace and transcript of each run.")
@host_argument
def matrix(
    firmwares: Sequence[str],
    statuses: Collection[Status],
    shard: Shard,
    jobs: int,
    timeout: float,
    lab: bool,
    options: ModemOptions,
    reports: Mapping[str, Path],
    trace_folder: Path | None,
    command: Sequence[str],
) -> None:
    """Run COMMAND once for each firmware, with a new modem each time, and show where it fails.

    `{port}` in its arguments is the modem's port, and so is the environment variable TELIT_PORT; TELIT_TIME_SCALE is
    the value of --time-scale. A run passes when the command exits with 0. The table names, for a run that fails, the
    first exchange with the module that was another one than in the runs that passed. The exit code is 0 when all pass,
    1 when one fails, 2 when it could not be run.

    \b
    Examples:
      telit-emulator matrix --firmware HE910,GE865-QUAD --jobs 2 --lab --junit report.xml -- ./my_host --port {port}
      telit-emulator matrix --shard 2/5 --json matrix-2.json -- ./my_host --port {port}
    """
    from emulator.firmware.selection import ALL, choose
    from emulator.matrix.reports.model import Report
    from emulator.matrix.run import Plan, matrix_workers, run_matrix
    from emulator.matrix.traces import TraceFolder
    from emulator.modem import firmware_of_scenario

    refuse_option(command[0])
    end_as_ctrl_c_does()
    with ExitStack() as stack:
        files = stack.enter_context(ReportFiles(FORMATS, reports))
        whole = choose(firmwares or [firmware_of_scenario(options.scenario) or ALL], statuses)
        chosen = [choice for place, choice in enumerate(whole) if shard.takes(place)]
        names = [choice.name for choice in chosen]
        traces = None
        if trace_folder is not None:
            traces = stack.enter_context(TraceFolder(trace_folder, "--trace", names))
        workers = stack.enter_context(matrix_workers(max(1, min(jobs, len(chosen)))))
        lab_routes = _lab_routes(stack, options.time_scale) if lab else {}
        options = replace(options, routes={**lab_routes, **options.routes})
        plan = Plan(command, chosen, options, timeout=timeout, traces=traces)
        started = datetime.now(UTC).astimezone()
        runs = run_matrix(plan, workers, _Progress(len(chosen)))
        facts = None if shard == WHOLE else _shard_facts(shard, whole, options.seed)
        tell(Report(command, _again(), runs, started, timeout, facts), files)


def tell(report: "Report", files: ReportFiles) -> None:
    """Print and write what came of all runs, and exit with 1 where one has failed.

    Raises:
        UserError: a report cannot be written, or the program never ends.
    """
    from emulator.matrix.reports import table
    from emulator.matrix.result import Outcome

    try:
        if report.runs:
            width = get_terminal_size().columns if sys.stdout.isatty() else None
            click.echo(table.render(report, width))
    finally:
        FORMATS.add_step_summary(report)
        files.write(report)
    is_whole, outcomes = report.shard is None, {run.ending.outcome for run in report.runs}
    if is_whole and outcomes == {Outcome.TIMED_OUT}:
        remedy = "mend it, or give a longer --timeout"
        raise UserError(f"{report.command[0]}: it never ends, not within {report.timeout:g} s; {remedy}")
    if outcomes - {Outcome.PASSED}:
        sys.exit(1)


def _shard_facts(shard: Shard, whole: "Sequence[Choice]", seed: int | None) -> "ShardFacts":
    from emulator.matrix.reports.shard_facts import ShardFacts

    words = tuple(_again())
    return ShardFacts("matrix", shard.number, shard.of, tuple(choice.name for choice in whole), seed, words, words)


def _again() -> list[str]:
    """Return the words of the command line, but for what is of all runs."""
    context = click.get_current_context()
    return [*context.command_path.split(), *words_again(context, lambda name: name not in _OF_ALL_RUNS)]


_OF_ALL_RUNS = ("firmwares", "statuses", "shard", "jobs", "seed", "trace_folder", *FORMATS.names)
"""Options that a command for one run alone has otherwise, or not at all."""


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
