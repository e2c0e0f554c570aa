"""Network survey: #CSURV and its variants. AT Commands Reference Guide."""

from collections.abc import Callable, Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Repeated, Text, between
from emulator.commands.context import Context
from emulator.commands.kinds import no_values, single_setting, stored
from emulator.commands.network.survey_lines import Arfcn, Survey
from emulator.errors import Cause, DeviceError

_SOURCE = "AT Commands Reference Guide"
_WITH_COUNTS = 2
"""<format> of #CSURVF that tells at the end how much was found."""

Form = Callable[[Arfcn], str]
_CHANNEL = Number(lambda profile: profile.network.survey.channels)
Channel = Annotated[int, _CHANNEL]


async def _listen(at: Context) -> Survey:
    """Wait for the end of the survey, and return its result."""
    profile, coverage = at.profile.network, at.device.coverage
    if not at.device.radio.is_on:
        raise at.device.radio.off.refusal(Cause.OPERATION_NOT_ALLOWED)
    if profile.survey.duration:
        await at.device.environment.clock.sleep(profile.survey.duration)
    operator = at.device.network.operator
    if not coverage.is_heard or operator is None:
        raise DeviceError(Cause.SURVEY_ABORTED, "no network is heard")
    stored = at.device.stored
    power = -113 + 2 * coverage.signal
    formats = bool(stored["#CSURVF"]), bool(stored["#CSURVEXT"])
    return Survey(at.device.network.cell, at.device.network.technology, operator.numeric, power, *formats)


def _report(at: Context, arfcns: Sequence[Arfcn], form: Form, scanned: int) -> Information:
    """Form the answer: each ARFCN is followed by empty lines, unless #CSURVNLF removes them."""
    lines = ["Network survey started ...", ""]
    blank = [] if at.device.stored["#CSURVNLF"] else ["", ""]
    for arfcn in arfcns:
        lines += [form(arfcn), *blank]
    cells = sum(arfcn.is_cell for arfcn in arfcns)
    counts = f" (Carrier: {scanned} BCCh: {cells})" if at.device.stored["#CSURVF"] == _WITH_COUNTS else ""
    return Information((*lines, f"Network survey ended{counts}"))


def _of_a_range(name: str, form: Form) -> Command:
    command = Command(name, source=_SOURCE, test=no_values)

    @command.set
    async def survey_range(at: Context, first: Channel, last: Channel) -> Information:
        """Show the cells on the channels from the first to the last one.

        Args:
            first: The first channel.
            last: The last channel.

        Example:
            AT{name}=0,100
        """
        if first > last:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"the first channel {first} is above the last, {last}")
        found = [arfcn for arfcn in (await _listen(at)).arfcns() if first <= arfcn.channel <= last]
        return _report(at, found, form, last - first + 1)

    @command.execute
    async def survey(at: Context) -> Information:
        """Show the cells on every channel."""
        low, high = at.profile.network.survey.channels.range or (0, 0)
        return await survey_range(at, low, high)

    return command


def _of_channels(name: str, form: Form) -> Command:
    command = Command(name, source=_SOURCE, test=no_values)

    @command.set
    async def survey_channels(
        at: Context, channels: Annotated[Sequence[int | None], Repeated(_CHANNEL, 10, least=1)] = ()
    ) -> Information:
        """Show what is on up to ten channels, cells or none.

        Args:
            channels: Channels by their numbers.

        Example:
            AT{name}=1
        """
        heard = await _listen(at)
        cells = {arfcn.channel: arfcn for arfcn in heard.arfcns()}
        shown = [cells.get(channel) or heard.empty(channel) for channel in channels if channel is not None]
        return _report(at, shown, form, len(shown))

    return command


def _of_an_operator(name: str, form: Form) -> Command:
    command = Command(name, source=_SOURCE, test=no_values)

    @command.set
    async def survey_operator(
        at: Context, numeric: Annotated[str, Text(6, pattern=r"\d{5,6}", form="5 or 6 digits")]
    ) -> Information:
        """Show the cells of one network, by its country and network code.

        Args:
            numeric: Country and network code, of five or six digits.

        Example:
            AT{name}="22201"
        """
        heard = await _listen(at)
        found = heard.arfcns() if numeric == heard.operator else []
        return _report(at, found, form, len(found))

    return command


def _of_cells(name: str, form: Form) -> Command:
    command = Command(name, source=_SOURCE, test=no_values)

    @command.set
    async def survey_cells(at: Context, count: Annotated[int, between(1, 1024)]) -> Information:
        """Show so many cells, or all if there are fewer.

        Args:
            count: The number of cells.
        """
        found = (await _listen(at)).arfcns()[:count]
        return _report(at, found, form, len(found))

    return command


survey = _of_a_range("#CSURV", Arfcn.in_words)
survey_numbers = _of_a_range("#CSURVC", Arfcn.in_numbers)
channel_survey = _of_channels("#CSURVU", Arfcn.in_words)
channel_survey_numbers = _of_channels("#CSURVUC", Arfcn.in_numbers)
cell_survey = _of_cells("#CSURVB", Arfcn.in_words)
cell_survey_numbers = _of_cells("#CSURVBC", Arfcn.in_numbers)
operator_survey = _of_an_operator("#CSURVP", Arfcn.in_words)
operator_survey_numbers = _of_an_operator("#CSURVPC", Arfcn.in_numbers)
survey_format = single_setting(
    stored("#CSURVF"),
    "Set the format of the survey: decimal (0), hexadecimal (1), or hexadecimal with counts (2).",
    source=_SOURCE,
)
survey_line_feeds = single_setting(
    stored("#CSURVNLF"), "Set whether empty lines are left out of the survey (1).", source=_SOURCE
)
survey_extension = single_setting(
    stored("#CSURVEXT"), "Set whether the survey shows more of each cell (1).", source=_SOURCE
)
