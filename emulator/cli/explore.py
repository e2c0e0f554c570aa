"""`telit-emulator explore`: finds what breaks a host program."""

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from emulator.cli.checks import check_options
from emulator.cli.completion import complete_kinds
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
from emulator.firmware.status import Status
from emulator.matrix.shard import WHOLE, Shard
from emulator.options import DEFAULT_FIRMWARE, ModemOptions

if TYPE_CHECKING:
    from emulator.explore.far_end.expectation import Expectation
    from emulator.explore.findings.scenario_folder import ScenarioFolder
    from emulator.explore.reports.model import Report
    from emulator.explore.reports.survey import Fate
    from emulator.matrix.reports.shard_facts import ShardFacts

OUT = "explore-findings"
FORMATS = ReportFormats(
    "emulator.explore.reports",
    junit="Write JUnit XML: a failing case a finding.",
    json="Write all findings, and what was explored.",
    html="Write a page with a map of places and kinds, each with its dialogue.",
    markdown="Write the findings in Markdown.",
)


def _list_kinds(context: click.Context, parameter: click.Parameter, given: bool) -> None:
    if given:
        from emulator.cli.values import print_columns
        from emulator.explore.subjects import all_kinds

        rows = [["Subject", "Kind", "Nature", "Source"]]
        for subject, kinds in all_kinds().items():
            rows += [[subject, kind.word, str(kind.nature), kind.source] for kind in kinds]
        print_columns(rows)
        context.exit()


@click.command(short_help="Find what breaks a host program.", context_settings={"ignore_unknown_options": True})
@firmwares_option(left_out=DEFAULT_FIRMWARE)
@click.option("--budget", type=click.IntRange(1), metavar="N", help="Runs at most; all single steps when left out.")
@click.option("--minutes", type=click.FloatRange(0, min_open=True), metavar="M", help="Minutes at most.")
@shard_option
@jobs_option
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="S",
    help="Seconds of real time a run, after which it hangs; follows from the healthy run when left out.",
)
@click.option(
    "--patience",
    type=click.FloatRange(0),
    default=30.0,
    show_default=True,
    metavar="S",
    help="Seconds of the module's time that a fault may last and the host must still bear it.",
)
@check_options
@click.option(
    "--kinds",
    multiple=True,
    shell_complete=complete_kinds,
    metavar="KIND",
    help="Try these kinds alone: a kind, a subject, `variations`, `faults`, `noise`; `-KIND` leaves one out. "
    "`--list` shows them. Repeatable, or with commas.",
)
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=_list_kinds, help="List the kinds of steps."
)
@click.option("--lab", is_flag=True, help="Start the servers of `run --lab`, for each job its own.")
@click.option(
    "--out",
    type=PATH,
    default=OUT,
    metavar="DIR",
    help=f"Write the scenario of each finding to a file in DIR; `{OUT}` when left out.",
)
@modem_options(shared=True, less=("scenario",))
@FORMATS.options
@host_argument
def explore(
    firmwares: Sequence[str],
    statuses: Collection[Status],
    budget: int | None,
    minutes: float | None,
    shard: Shard,
    jobs: int,
    timeout: float | None,
    patience: float,
    check: Sequence[str],
    expectations: "Sequence[Expectation]",
    kinds: Sequence[str],
    lab: bool,
    out: Path,
    options: ModemOptions,
    reports: Mapping[str, Path],
    command: Sequence[str],
) -> None:
    """Run COMMAND once as it is, and then again and again with one step aside at each place of that run.

    A step aside is what modules and networks do: an answer in two pieces, a URC between two lines, a connection that
    is lost. `{port}` in its arguments is the modem's port, and so is the environment variable TELIT_PORT. COMMAND must
    pass by itself: exit code 0. What breaks it is reduced to the least scenario that shows it, and told once. The exit
    code is 0 when nothing is found, 1 when something is, 2 when it could not be run.

    \b
    Examples:
      telit-emulator explore --lab --jobs 2 --minutes 5 --html map.html -- ./my_host --port {port}
      telit-emulator explore --shard 2/5 --json explore-2.json -- ./my_host --port {port}
    """
    from emulator.cli.exploring import make_observer
    from emulator.explore.exploration import Limits, explore_all
    from emulator.explore.findings.scenario_folder import ScenarioFolder
    from emulator.explore.reports.model import Report
    from emulator.explore.steps.selection import select
    from emulator.explore.trials.setting import Setting
    from emulator.firmware.selection import choose

    refuse_option(command[0])
    if budget is not None and minutes is not None:
        raise click.UsageError("--budget and --minutes exclude each other; give one of them")
    end_as_ctrl_c_does()
    with ExitStack() as stack:
        files = stack.enter_context(ReportFiles(FORMATS, reports))
        setting = Setting(command, options, lab, check, expectations, patience=patience)
        limits = Limits(budget, minutes, timeout, select([word for value in kinds for word in value.split(",")]))
        folder = stack.enter_context(ScenarioFolder(out))
        started = datetime.now(UTC).astimezone()
        names = [choice.name for choice in choose(firmwares or [DEFAULT_FIRMWARE], statuses)]
        explorations = explore_all(
            setting, names, jobs=jobs, seed=options.seed or 0, limits=limits, shard=shard, observer=make_observer()
        )
        facts = None if shard == WHOLE else _shard_facts(shard, names, options.seed)
        tell(Report(setting, _again(_TOLD_ELSEWHERE), explorations, started, facts), folder, files)


def tell(report: "Report", folder: "ScenarioFolder", files: ReportFiles) -> None:
    """Write the scenarios, print and write what was found, and exit with 1 where something was.

    Raises:
        UserError: a file cannot be written.
        KeyboardInterrupt: somebody has stopped the exploration.
    """
    try:
        for exploration in report.explorations:
            folder.write(exploration.findings, report.setting)
    finally:
        _tell(report, files)
    if report.is_broken_off:
        raise KeyboardInterrupt
    if report.findings:
        sys.exit(1)


def _again(less: Collection[str]) -> list[str]:
    return list(words_again(click.get_current_context(), lambda name: name not in less))


def _shard_facts(shard: Shard, firmwares: Sequence[str], seed: int | None) -> "ShardFacts":
    from emulator.matrix.reports.shard_facts import ShardFacts

    options, shared = (tuple(_again(less)) for less in (_TOLD_ELSEWHERE, _OF_ONE_MACHINE))
    return ShardFacts("explore", shard.number, shard.of, tuple(firmwares), seed, options, shared)


_TOLD_ELSEWHERE = ("firmwares", "statuses", "shard", "seed", *FORMATS.names)
"""Options that the words to run again have by themselves, or not at all."""
_OF_ONE_MACHINE = (*_TOLD_ELSEWHERE, "jobs", "out")
"""Those and others that may differ from shard to shard."""


def _tell(report: "Report", files: ReportFiles) -> None:
    try:
        _print(report)
    finally:
        FORMATS.add_step_summary(report)
        files.write(report)


def _print(report: "Report") -> None:
    from emulator.explore.reports import table

    on_terminal = sys.stdout.isatty()
    width = get_terminal_size().columns if on_terminal else None
    if on_terminal and not os.environ.get("NO_COLOR"):
        click.echo(table.render(report, width, _coloured))
    else:
        click.echo(table.render(report, width))


def _coloured(text: str, fate: "Fate") -> str:
    return click.style(text, fg="red" if fate.is_finding else "green", bold=True)
