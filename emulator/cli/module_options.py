"""Options of the commands that talk to a module at a serial port."""

from collections.abc import Callable
from typing import Any

import click

Decorated = Callable[..., Any]


_PORT = click.option("--port", required=True, metavar="TTY", help="The serial port of the module, or a URL of one.")
_BAUD = click.option(
    "--baud", type=click.IntRange(1), default=115200, show_default=True, metavar="N", help="Speed of --port."
)
_TIME_SCALE = click.option(
    "--time-scale",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    metavar="X",
    help="For an emulator at --port that runs with it: wait as much shorter.",
)


def port_options(command: Decorated) -> Decorated:
    """Add --port and --baud to a command."""
    decorated: Decorated = _PORT(_BAUD(command))
    return decorated


def module_options(command: Decorated) -> Decorated:
    """Add --port, --baud and --time-scale to a command."""
    return port_options(_TIME_SCALE(command))
