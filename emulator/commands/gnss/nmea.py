"""NMEA 0183 sentences on the port: $GPSNMUN. AT Commands Reference Guide."""

from collections.abc import Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Repeated
from emulator.commands.context import Context
from emulator.commands.gnss.link import NmeaLink
from emulator.commands.gnss.urc import reporting
from emulator.device.gnss.output import Selection

_OFF, _WITH_NAME, _STREAM = 0, 1, 3
_KINDS = ("GGA", "GLL", "GSA", "GSV", "RMC", "VTG")
"""The sentences, in the order of the parameters and of the receiver."""

nmea_output = Command("$GPSNMUN", source="AT Commands Reference Guide", requires="gnss.software")

Sentence = Annotated[
    Sequence[int | None],
    Repeated(Number(lambda profile: profile.gnss.sentence), len(_KINDS)),
    "For each sentence, GGA, GLL, GSA, GSV, RMC and VTG: 1 sends it.",
]


@nmea_output.set
def send_sentences(
    at: Context, mode: Annotated[int, Number(lambda profile: profile.gnss.output)], wanted: Sentence = ()
) -> NmeaLink | None:
    """Send NMEA sentences once a second: as URCs, with a name (1) or without (2), or as a stream until +++ (3).

    Args:
        mode: 0 off, 1 URCs with a name, 2 URCs without, 3 a stream until +++.
    """
    output, instance = at.device.nmea_output, at.instance
    kinds = tuple(kind for kind, is_wanted in zip(_KINDS, wanted, strict=False) if is_wanted)
    output.stop(instance)
    if mode == _STREAM:
        return NmeaLink(output, instance, Selection(mode, kinds))
    if mode != _OFF:
        prefix = f"{at.name}: " if mode == _WITH_NAME else ""
        selection = Selection(mode, kinds)
        output.send(instance, selection, reporting(output, instance, selection, prefix))
    return None


@nmea_output.read
def show_selection(at: Context) -> Information:
    """Show the mode, and which sentences are sent."""
    selection = at.device.nmea_output.selection(at.instance)
    wanted = (int(kind in selection.kinds) for kind in _KINDS)
    return Information.of(f"$GPSNMUN: {','.join(map(str, (selection.mode, *wanted)))}")
