"""`telit-emulator matrix`: runs one host program with many firmwares."""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.cli.options import PATH, firmwares_option, modem_options
from emulator.errors import UserError
from emulator.options import ModemOptions
from emulator.trace.files import open_output, write_whole

if TYPE_CHECKING:
    from emulator.matrix.run import Run


@click.command(short_help="Run a host program with many firmwares.", context_settings={"ignore_unknown_options": True})
@firmwares_option(left_out="all")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, metavar="N", help="How many run at once.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=120.0, metavar="S", help="Seconds a run.")
@click.option("--lab", is_flag=True, help="Start the servers of `run --lab`, which all modems share.")
@modem_options(shared=True)
@click.option("--junit", type=PATH, metavar="FILE", help="Write JUnit XML, which CI systems show.")
@click.option("--json", "json_file", type=PATH, metavar="FILE", help="Write all that is known of each run.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND {port}…")
def matrix(
    firmwares: Sequence[str],
    jobs: int,
    timeout: float,
    lab: bool,
    options: ModemOptions,
    junit: Path | None,
    json_file: Path | None,
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
    from emulator.matrix.report import as_json, as_junit, table
    from emulator.matrix.run import Matrix, Outcome, Plan

    if command[0].startswith("-"):  # it was no option, and what is none is taken for the command
        context = click.get_current_context()
        known = [flag for parameter in context.command.params for flag in parameter.opts]
        raise click.NoSuchOption(command[0], possibilities=get_close_matches(command[0], known), ctx=context)
    _check_writable(junit, "--junit")
    _check_writable(json_file, "--json")
    chosen = choose(firmwares or [ALL])
    signal.signal(signal.SIGTERM, _end_by_signal)
    with ExitStack() as stack:
        lab_routes = _lab_routes(stack, options.time_scale) if lab else {}
        options = replace(options, routes={**lab_routes, **options.routes})
        plan = Plan(command, chosen, options, timeout=timeout, jobs=min(jobs, len(chosen)))
        runs = Matrix(plan).run(_Progress(len(chosen)))
    click.echo(table(runs))
    if junit is not None:
        _write(junit, "--junit", as_junit(command, runs))
    if json_file is not None:
        _write(json_file, "--json", as_json(command, runs))
    if all(run.outcome is Outcome.TIMED_OUT for run in runs):
        raise UserError(f"{command[0]}: it never ends, not within {timeout:g} s; mend it, or give a longer --timeout")
    if any(run.outcome is not Outcome.PASSED for run in runs):
        sys.exit(1)


class _Progress:
    """Print a line on stderr for each run that has ended."""

    def __init__(self, all_of_them: int) -> None:
        self._all = all_of_them
        self._ended = 0

    def __call__(self, run: "Run") -> None:
        self._ended += 1
        place = f"[{self._ended:{len(str(self._all))}}/{self._all}]"
        click.echo(f"{place} {run.firmware.name}: {run.outcome} in {run.seconds:.1f} s", err=True)


def _lab_routes(stack: ExitStack, time_scale: float) -> dict[str, str]:
    from emulator.lab import Lab

    return dict(stack.enter_context(Lab(time_scale)).routes)


def _check_writable(path: Path | None, option: str) -> None:
    """Write an empty report before the first run, so that a wrong path ends the command at once."""
    if path is not None:
        _write(path, option, "")


def _write(path: Path, option: str, text: str) -> None:
    descriptor = open_output(path, option, os.O_WRONLY | os.O_TRUNC, mode=0o666)
    try:
        write_whole(descriptor, text.encode())
    except OSError as error:
        raise UserError(f"{option} {path}: {error.strerror}; name a file that can be written") from error
    finally:
        os.close(descriptor)


def _end_by_signal(number: int, frame: object) -> None:
    """End as Ctrl-C does, so that no host program is left running."""
    raise KeyboardInterrupt
