"""`telit-emulator play`: plays dialogues on emulated modules, or on one at a serial port."""

import asyncio
import sys
from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from emulator.cli.options import PATH, PROVISIONAL, firmwares_option, flag_of, modem_options
from emulator.errors import UserError
from emulator.firmware.status import KNOWN, Status, with_status
from emulator.options import ModemOptions

if TYPE_CHECKING:
    from emulator.dialogue.difference import Difference
    from emulator.dialogue.steps import Dialogue

_POSITIVE = click.FloatRange(0, min_open=True)


@click.command(short_help="Play dialogues, and show the first difference.")
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE…")
@click.option(
    "--port", metavar="TTY", help="Play on the module at this serial port, or URL of one, not on emulated ones."
)
@click.option("--baud", type=click.IntRange(1), default=115200, show_default=True, metavar="N", help="Speed of --port.")
@click.option(
    "--time-scale",
    type=_POSITIVE,
    default=1.0,
    metavar="X",
    help="For an emulator at --port that runs with it: wait as much shorter.",
)
@firmwares_option(left_out="every", scenario=True)
@modem_options(less=["routes", "baud", "time_scale"], shared=True)
@click.option(
    "--timeout",
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
    statuses: Collection[Status],
    options: ModemOptions,
    timeout: float,
) -> None:
    """Play each dialogue FILE on a new emulated module of each firmware that it holds for, under a manual clock.

    A line is printed for each, and for one that differs the first difference, as a diff of the file. The exit code is 0
    when all goes as written, 1 when something differs, 2 when a dialogue could not be played.

    \b
    Examples:
      telit-emulator play greeting.txt
      telit-emulator play --firmware HE910,GE865-QUAD dialogues/*.txt
      telit-emulator play --port /dev/ttyUSB0 --timeout 60 greeting.txt
    """
    from emulator.dialogue.play import play_emulated
    from emulator.dialogue.reading import load
    from emulator.firmware.selection import EVERY, choose
    from emulator.modem import firmware_of_scenario

    dialogues = [load(file) for file in files]
    if port is None:
        start = partial(play_emulated, answer_timeout=timeout)
        specs = [
            choice.name for choice in choose(firmwares or [firmware_of_scenario(options.scenario) or EVERY], statuses)
        ]
        plays = list(_on_emulated(dialogues, specs, options, start, name_all=bool(firmwares)))
    else:
        _refuse_with_port(firmwares, statuses, options)
        plays = list(_on_port(dialogues, port, baud, time_scale, timeout))
    if not any(one.start for one in plays):
        raise UserError(
            f"none of the dialogues is for {', '.join(firmwares)}; `lines:` in a dialogue says what it is for"
        )
    if not _Report(plays).play_all():
        sys.exit(1)


@dataclass(frozen=True)
class _Play:
    """A dialogue on one module."""

    dialogue: "Dialogue"
    where: str
    start: Callable[[], Coroutine[Any, Any, None]] | None
    """None where the dialogue does not hold."""


def _on_emulated(
    dialogues: Sequence["Dialogue"],
    specs: Sequence[str],
    options: ModemOptions,
    play: Callable[..., Coroutine[Any, Any, None]],
    *,
    name_all: bool,
) -> Iterator[_Play]:
    """Play on each firmware; one that does not suit the dialogue is named only where it was asked for."""
    from emulator.firmware.loader import load_firmware

    for dialogue in dialogues:
        for spec in specs:
            firmware = load_firmware(spec)
            name = with_status(firmware.name, firmware.status)
            if firmware.line in dialogue.lines:
                yield _Play(dialogue, name, partial(play, dialogue, msgspec.structs.replace(options, firmware=spec)))
            elif name_all:
                yield _Play(dialogue, name, None)


def _on_port(
    dialogues: Sequence["Dialogue"], port: str, baud: int, time_scale: float, timeout: float
) -> Iterator[_Play]:
    from emulator.dialogue.peer_player import refuse_without_peer
    from emulator.dialogue.play import play_on_port

    for dialogue in dialogues:
        refuse_without_peer(dialogue)
        start = partial(play_on_port, dialogue, port, baud=baud, time_scale=time_scale, answer_timeout=timeout)
        yield _Play(dialogue, port, start)


def _refuse_with_port(firmwares: Sequence[str], statuses: Collection[Status], options: ModemOptions) -> None:
    given = ["--firmware"] if firmwares else []
    given += [PROVISIONAL] if statuses != KNOWN else []
    usual = ModemOptions()
    given += [flag_of(name) for name in usual.__struct_fields__ if getattr(options, name) != getattr(usual, name)]
    if given:
        raise UserError(f"{given[0]} is for emulated modules; leave it out, or --port")


class _Report:
    """Print a line for each play, as it ends."""

    def __init__(self, plays: Sequence[_Play]) -> None:
        self._plays = plays
        self._names = max(len(one.dialogue.name) for one in plays)
        self._places = max(len(one.where) for one in plays)
        self._shown: set[tuple[str, ...]] = set()

    def play_all(self) -> bool:
        """Play one after the other; return whether all go as written."""
        differing = [one for one in self._plays if not self._play(one)]
        return not differing

    def _play(self, one: _Play) -> bool:
        from emulator.dialogue.difference import Difference

        if one.start is None:
            self._say(one, f"skipped, it is for {', '.join(sorted(one.dialogue.lines))}")
            return True
        try:
            asyncio.run(one.start())
        except Difference as difference:
            self._show(one, difference)
            return False
        self._say(one, "ok")
        return True

    def _show(self, one: _Play, difference: "Difference") -> None:
        """Show a difference; the same one on many firmwares is shown once."""
        same = (difference.place, difference.why, *difference.diff.splitlines()[2:], *difference.reasons)
        seen = ", as above" if same in self._shown else ""
        self._say(one, f"differs at {difference.place}: {difference.why}{seen}")
        if not seen:
            self._shown.add(same)
            click.echo("\n".join((difference.diff, *difference.reasons)))

    def _say(self, one: _Play, outcome: str) -> None:
        click.echo(f"{one.dialogue.name:{self._names}}  {one.where:{self._places}}  {outcome}")
