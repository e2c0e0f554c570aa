"""Qualities of service of UMTS: +CGEQREQ, +CGEQMIN. 27.007 10.1.6 and 10.1.7, IP Easy User Guide 2.1."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Text, between
from emulator.commands.context import Context
from emulator.commands.packet.qualities import keep_quality, quality_lines

Rate = Annotated[int, between(0, 65535)]
"""Kilobits a second."""
Ratio = Annotated[str, Text(8, pattern=r"\d+E\d+", form="a ratio as 1E4")]


def _quality(name: str, source: str) -> Command:
    """Declare a quality of service for each context; the network ignores it."""
    command = Command(name, source=source, requires="network.packet_technology", has_effect=False)

    @command.set
    def set_quality(
        at: Context,
        cid: Annotated[int, Number(lambda profile: profile.pdp.cids)],
        traffic: Annotated[int, between(0, 4)] | None = None,
        most_up: Rate | None = None,
        most_down: Rate | None = None,
        guaranteed_up: Rate | None = None,
        guaranteed_down: Rate | None = None,
        order: Annotated[int, between(0, 2)] | None = None,
        largest: Annotated[int, between(0, 1520)] | None = None,
        lost: Ratio | None = None,
        wrong: Ratio | None = None,
        delivered: Annotated[int, between(0, 3)] | None = None,
        delay: Rate | None = None,
        priority: Annotated[int, between(0, 3)] | None = None,
    ) -> None:
        """Set the quality of service of a context, until power-off; the number alone clears it.

        Args:
            cid: The PDP context.
            traffic: Traffic class: 0 conversational, 1 streaming, 2 interactive, 3 background, 4 as the network likes.
            most_up: The highest rate from the module, in kbit/s.
            most_down: The highest rate to the module, in kbit/s.
            guaranteed_up: The guaranteed rate from the module, in kbit/s.
            guaranteed_down: The guaranteed rate to the module, in kbit/s.
            order: 0 in any order, 1 in order, 2 as the network likes.
            largest: The largest packet, in bytes.
            lost: The part of packets that may be lost or damaged, as 1E4.
            wrong: The part of bits that may be wrong, as 1E6.
            delivered: Whether damaged packets are delivered: 0 no, 1 yes, 2 unchecked, 3 as the network likes.
            delay: The longest delay, in ms.
            priority: The priority, 1 is the highest; 0 as the network likes.

        Example:
            AT{name}=1,4
        """
        rates = (traffic, most_up, most_down, guaranteed_up, guaranteed_down, order, largest)
        rest = (delivered, delay, priority)
        if all(value is None for value in (*rates, lost, wrong, *rest)):
            keep_quality(at, name, cid, None)
            return
        ratios = (f'"{lost or _NO_RATIO}"', f'"{wrong or _NO_RATIO}"')
        keep_quality(at, name, cid, (*(value or 0 for value in rates), *ratios, *(value or 0 for value in rest)))

    @command.read
    def show_qualities(at: Context) -> Information | None:
        """Show the quality of service, a line for each context."""
        return quality_lines(at, name)

    return command


_NO_RATIO = "0E0"
least_umts_quality = _quality("+CGEQMIN", "27.007 10.1.7")
wanted_umts_quality = _quality("+CGEQREQ", "27.007 10.1.6")
