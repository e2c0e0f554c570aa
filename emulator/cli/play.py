"""`telit-emulator play`: dialogues on emulated modules, or on one at a serial port."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.cli.options import PATH
from emulator.errors import UserError

if TYPE_CHECKING:
    from emulator.dialogue.difference import Difference
    from emulator.dialogue.steps import Dialogue

_POSITIVE = click.FloatRange(0, min_open=True)


@click.command(short_help="Play dialogues, and show the first difference.")
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE…")
@click.option("--port", metavar="TTY", help="Play on the module at this serial port, not on emulated ones.")
@click.option("--baud", type=click.IntRange(1), default=115200, show_default=True, metavar="N", help="Speed of --port.")
@click.option(
    "--time-scale",
    type=_POSITIVE,
    default=1.0,
    metavar="X",
    help="For an emulator at --port that runs with it: do not wait longer than it does.",
)
@click.option(
    "--firmware",
    "firmwares",
    multiple=True,
    metavar="NAME",
    help="A firmware, MODEL[@VERSION] or a profile; repeatable, or with commas. All models when left out.",
)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="As for `run`.")
@click.option(
    "--timeout",
    "patience",
    type=_POSITIVE,
    default=10.0,
    show_default=True,
    metavar="S",
    help="Seconds that an answer may take where the dialogue says nothing else.",
)
def play(
    files: Sequence[Path],
    port: str | None,
    baud: int,
    time_scale: float,
    firmwares: Sequence[str],
    settings: Sequence[str],
    patience: float,
) -> None:
    """Play each dialogue FILE on a new emulated module of each firmware that it holds for, in no time.

    A line is printed for each, and for one that differs the first difference, as a diff of the file. The exit code is 0
    when all goes as written, 1 when something differs, 2 when a dialogue could not be played. `docs/dialogues.md` says
    how dialogues are written.

    \b
    Examples:
      telit-emulator play greeting.txt
      telit-emulator play --firmware HE910,GE865-QUAD dialogues/*.txt
      telit-emulator play --port /dev/ttyUSB0 --timeout 60 greeting.txt
    """
    from emulator.dialogue.reading import load

    dialogues = [load(file) for file in files]
    if port is None:
        plays = list(_emulated(dialogues, firmwares, settings, patience))
    else:
        _refuse_with_port(firmwares, settings)
        plays = [_OnPort(dialogue, port, baud, time_scale, patience) for dialogue in dialogues]
