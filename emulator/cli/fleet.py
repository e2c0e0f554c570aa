"""`telit-emulator fleet`: drives many modules against a server, by Locust."""

from collections.abc import Sequence

import click
from msgspec.structs import replace

from emulator.cli.options import modem_options
from emulator.options import ModemOptions

_OWN = ("scenario", "baud", "time_scale", "offline", "active_ftp", "seed")
"""Options of a modem that make no sense here."""


@click.command(
    short_help="Drive many modules against a server, by Locust.",
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.option(
    "--mix", metavar="NAME=N,…", help="Firmwares by weight, as in HE910=70,GE865-QUAD=30; all HE910 when left out."
)
@click.option(
    "--network", metavar="NAME=P,…", help="Percent with a slow network: GPRS, EDGE, UMTS, HSPA, as in GPRS=30."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="'P% FAULT …'",
    help="Give P percent a fault with its keys, as in '5% connection-reset command=#SSLD byte=200'. Repeatable.",
)
@click.option(
    "--power-cut",
    type=click.FloatRange(0),
    metavar="S",
    help="After S seconds cut the power for 10 s, then all come back at once; 0 begins with all at once.",
)
@click.option(
    "--seed",
    type=int,
    default=0,
    metavar="N",
    help="Choose by N which module is what, and what happens by chance within it.",
)
@modem_options(shared=True, less=_OWN)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[LOCUST OPTIONS]…")
def fleet(
    mix: str | None,
    network: str | None,
    faults: Sequence[str],
    power_cut: float | None,
    seed: int,
    options: ModemOptions,
    arguments: Sequence[str],
) -> None:
    """Run Locust with modules for users, against the server of --host.

    Each module provisions itself, dials, sends a POST and closes, again and again; -f FILE takes a locustfile of your
    own. All other options are Locust's: -u, -r, -t, --headless, --csv, --master, --worker … (`-- --help` shows them).
    A worker has the modules that its master was told. The exit code is Locust's: 1 when a request has failed; 2 when it
    could not be run.

    \b
    Examples:
      telit-emulator fleet --host api.example.com
      telit-emulator fleet --host api.example.com:8443/upload --mix HE910=70,ME910C1-E1=30 --headless -u 100 -r 10 -t 5m
    """
    from emulator.fleet.plan import FleetPlan, check
    from emulator.fleet.running import run_locust

    plan = FleetPlan.of(replace(options, seed=seed), mix, network, faults)
    check(plan)
    run_locust(plan, arguments, power_cut)
