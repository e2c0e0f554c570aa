"""Plays a dialogue on a new emulated module, or on the module at a serial port."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import asdict, replace

from emulator.bench import Bench
from emulator.dialogue.card import refuse_card_values
from emulator.dialogue.difference import Difference
from emulator.dialogue.emulated import BenchLine, EmulatedPeer
from emulator.dialogue.materials import Materials, demo_materials
from emulator.dialogue.player import Player
from emulator.dialogue.reading import load
from emulator.dialogue.serial_line import SerialLine
from emulator.dialogue.servers import Servers
from emulator.dialogue.steps import Dialogue
from emulator.dte.port import BAUD
from emulator.options import ModemOptions
from emulator.trace.events import ConnectionEnded, Event, HostSent, Refused, Unheard
from emulator.trace.transcript import lines_of

TIMEOUT = 10.0
"""Seconds that an answer may take where a dialogue says nothing else."""


async def play_emulated(
    dialogue: Dialogue, options: ModemOptions, *, materials: Materials | None = None, answer_timeout: float = TIMEOUT
) -> None:
    """Play a dialogue on a new module, under a manual clock, with peers on loopback.

    Args:
        dialogue: what is played.
        options: of the module.
        materials: the certificates; those of `certs/` unless given.
        answer_timeout: seconds of real time that the module and its peers may take for one answer.

    Raises:
        Difference: the module or its peer does something else.
        UserError: an option is wrong, or the extra `lab` is not installed.
    """
    materials = materials or demo_materials()
    with Servers(dialogue, materials) as servers:
        options = replace(options, routes={**options.routes, **servers.routes})
        async with Bench(**asdict(options), echo=True) as bench:
            line, peer = BenchLine(bench, answer_timeout), EmulatedPeer(bench, servers, answer_timeout)
            await line.set_echo(on=dialogue.echo)
            try:
                await Player(dialogue, line, {**materials.values, **line.card_values()}, peer).play()
            except Difference as difference:
                difference.reasons = _reasons(bench.events)
                raise


def _reasons(events: Sequence[Event]) -> Sequence[str]:
    """Return why the module has refused what the host said last, or has ended its connection."""
    told: list[str] = []
    for event in events:
        if isinstance(event, HostSent):
            told.clear()
        elif isinstance(event, Refused | ConnectionEnded | Unheard):
            told += lines_of(event)
    return told


async def play_on_port(
    dialogue: Dialogue, port: str, *, baud: int = BAUD, time_scale: float = 1.0, answer_timeout: float = TIMEOUT
) -> None:
    """Play a dialogue on the module at a serial port, in real time, after a reset of its state.

    Args:
        dialogue: what is played.
        port: the serial port, or an emulator's.
        baud: the speed of the line.
        time_scale: how many seconds of the module pass in one, at an emulator that runs with another scale than 1.
        answer_timeout: seconds of real time that an answer may take where the dialogue says nothing else.

    Raises:
        Difference: the module says something else.
        UserError: the port cannot be used, the module there does not answer, or a step needs the emulator.
    """
    refuse_card_values(dialogue)
    line = SerialLine(port, baud, time_scale, answer_timeout, echo=dialogue.echo)
    player = Player(dialogue, line, demo_materials().values)
    with line:
        await player.play()


def play_file(path: str | Path, port: str, time_scale: float = 1.0) -> None:
    """Play the dialogue at `path` on the module at `port`; see `load` and `play_on_port`.

    Raises:
        RuntimeError: called in an event loop.
    """
    asyncio.run(play_on_port(load(path), port, time_scale=time_scale))
