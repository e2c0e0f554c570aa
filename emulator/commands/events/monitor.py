"""Watched events: #EVMONI, #ENAEVMONI, #ENAEVMONICFG; no line is ever run. Event Monitor Application Note."""

from typing import Annotated

from emulator.at import allowed
from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text, between, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, no_values, stored
from emulator.commands.remedies import Lines
from emulator.device.events import WatchedEvent
from emulator.errors import Cause, DeviceError
from emulator.firmware.limits import Numeric

_NOTE = "Event Monitor Application Note"
_WATCHING = "#ENAEVMONI"
_LINE = 0
"""<paramType> of the command line; the others count the parameters of the event."""
_LONGEST_LINE = 96
_QUOTE = r"\22"

watched_event = Command("#EVMONI", source=_NOTE, test=no_values, has_effect=False)


@watched_event.set
def watch_event(
    at: Context,
    label: Annotated[str, Text(10)],
    mode: Annotated[int, fixed(0, 1)],
    number: Annotated[int | None, between(_LINE, 3)] = None,
    value: Annotated[str, Text(3 * _LONGEST_LINE)] = "",
) -> None:
    """Set whether an event is watched, and the line that it runs (0) or one of its parameters; no line is run.

    Args:
        label: The event, as #EVMONI? lists them.
        mode: 0 off, 1 on.
        number: 0 sets the line, another number that parameter of the event.
        value: The line, or the value of the parameter.

    Example:
        AT#EVMONI=RING,1
    """
    monitor = at.device.events
    if label.upper() not in monitor.kinds:
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED, f"there is no event {label!r}; there are {', '.join(monitor.kinds)}"
        )
    if at.device.stored[_WATCHING]:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "events are watched", Lines((f"AT{_WATCHING}=0",)))
    label = label.upper()
    before = monitor[label]
    line, values = before.line, list(before.values)
    if number == _LINE:
        line = _checked_line(value)
    elif number is not None:
        limits = monitor.kinds[label].limits
        if number > len(limits):
            raise DeviceError(
                Cause.OPERATION_NOT_SUPPORTED,
                f"the event {label} has {len(limits)} parameters, and no parameter {number}",
            )
        values[number - 1] = _checked_value(value, limits[number - 1])
    monitor.set(label, WatchedEvent(mode, line, tuple(values)))


def _checked_line(text: str) -> str:
    line = text.replace(_QUOTE, '"')
    if len(line) > _LONGEST_LINE or (line and not line.upper().startswith("AT")):
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED, f"a line begins with AT, and has at most {_LONGEST_LINE} characters"
        )
    return line


def _checked_value(text: str, limits: Numeric | int) -> int | str:
    if isinstance(limits, int):
        if len(text) > limits:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"the text has {len(text)} characters; at most {limits}")
        return text
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and limits.allows(int(text))):
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"the parameter is {text}; {allowed.numbers(limits)}")
    return int(text)


@watched_event.read
def show_events(at: Context) -> Information:
    """Show each event: whether it is watched, its line and its parameters."""
    monitor = at.device.events
    return Information(tuple(f"#EVMONI: {_shown(label, monitor[label])}" for label in monitor.kinds))


def _shown(label: str, event: WatchedEvent) -> str:
    line = event.line.replace('"', _QUOTE)
    values = (str(value) if isinstance(value, int) else f'"{value}"' for value in event.values)
    return ",".join((f'"{label}"', str(event.mode), f'"{line}"', *values))


event_monitoring = SettingsCommand(
    _WATCHING,
    "Set whether events are watched; it is kept, and no line is run.",
    source=_NOTE,
    and_shows=lambda at: at.device.stored[_WATCHING],
    mode=stored(_WATCHING).unchanged,
)
event_configuration = SettingsCommand(
    "#ENAEVMONICFG",
    "Set the AT instance that runs lines, whether it reports them, and its longest wait in minutes; it is kept.",
    source=_NOTE,
    instance=stored("#ENAEVMONICFG.instance", "The AT instance that would run the lines.").required,
    urc=stored("#ENAEVMONICFG.urc", "1 reports each line that is run.").unchanged,
    timeout=stored("#ENAEVMONICFG.timeout", "Minutes that a line may take.").unchanged,
)
