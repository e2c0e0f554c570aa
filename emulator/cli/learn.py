"""`telit-emulator learn`: finds out the profile of a module over its line."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.cli.completion import complete_firmware
from emulator.cli.module_options import module_options
from emulator.cli.options import PATH
from emulator.errors import UserError
from emulator.options import DEFAULT_FIRMWARE

if TYPE_CHECKING:
    from emulator.learning.session import Learned, LearningSession


def _list_probes(context: click.Context, parameter: click.Parameter, firmware: str | None) -> None:
    if firmware is not None:
        from emulator.cli.values import print_columns
        from emulator.learning.reports.probe_table import rows

        print_columns(rows(firmware))
        context.exit()


@click.command(short_help="Find out the profile of a module at a serial port.")
@module_options
@click.option(
    "--base",
    metavar="FIRMWARE",
    shell_complete=complete_firmware,
    help="Begin from this firmware, not from the nearest one.",
)
@click.option(
    "--out", type=PATH, default="learned.toml", show_default=True, metavar="PROFILE", help="The file to write."
)
@click.option(
    "--restart", is_flag=True, help="Restart the module once at the end, by AT#REBOOT, and measure how long it takes."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: what was found, and what shows it.")
@click.option(
    "--list",
    is_flag=False,
    flag_value=DEFAULT_FIRMWARE,
    is_eager=True,
    expose_value=False,
    metavar="[FIRMWARE]",
    callback=_list_probes,
    help="List the probes of a module: what each asks, what it changes, and how that is undone.",
)
def learn(port: str, baud: int, base: str | None, time_scale: float, out: Path, restart: bool, as_json: bool) -> None:
    """Ask a module what its profile is, and write what differs from the nearest firmware.

    Nothing is sent over the network, no PIN is tried, and the module is left as it was found. A session that was
    broken off goes on where it was when the same command is run again. The exit code is 0, or 1 when something of the
    module is not as it was found.
    """
    from emulator.cli.learning import make_observer
    from emulator.dte.module_line import ModuleLine
    from emulator.dte.signals import ended_by_signals
    from emulator.learning.journal import SUFFIX, Journal
    from emulator.learning.reports.profile_text import refuse_other_file
    from emulator.learning.restarting import RestartProbe
    from emulator.learning.session import LearningSession

    refuse_other_file(out)
    journal, observer, began = Journal(out.with_name(out.name + SUFFIX)), make_observer(), time.monotonic()
    journal.refuse_unwritable()
    session: LearningSession | None = None
    with ended_by_signals():
        try:
            with ModuleLine(port, baud, time_scale=time_scale) as module:
                session = LearningSession(module, base, journal, observer, (RestartProbe(),) if restart else ())
                session.run()
        except (UserError, KeyboardInterrupt) as error:
            kept = _kept(session, out)
            if kept and isinstance(error, UserError):
                raise UserError(f"{error}; {kept}") from error
            if kept:
                click.echo(f"{kept}", err=True)
            raise
        _write(session, out)
    journal.end()
    _tell(session.learned, out, time.monotonic() - began, as_json)
    if session.learned.left:
        sys.exit(1)


def _kept(session: "LearningSession | None", out: Path) -> str:
    """Write what was learned so far; return what is to be said of it."""
    if session is None or not session.learned.segments:
        return ""
    _write(session, out)
    learned = session.learned
    return f"{len(learned.segments)} of {learned.count} probes are kept in {out}; the same command goes on from there"


def _write(session: "LearningSession", out: Path) -> None:
    from datetime import date

    from emulator.learning.reports.profile_text import as_profile, write_profile

    session.verify()
    write_profile(out, as_profile(session.learned, date.today().isoformat()))


def _tell(learned: "Learned", out: Path, seconds: float, as_json: bool) -> None:
    from emulator.learning.reports.report import as_facts, in_words

    if as_json:
        click.echo(json.dumps(as_facts(learned, out, seconds), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(in_words(learned, out, seconds)))
