"""Multiplexer: several channels on one port. 27.007 5.7, 27.010."""

from collections.abc import Callable
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number
from emulator.commands.context import Context
from emulator.commands.kinds import single_setting, stored
from emulator.firmware.limits import Default, Numeric
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.terminal import MultiplexerTimers


def _timers(choose: Callable[[MultiplexerTimers], Default]) -> Callable[[Profile], Numeric | None]:
    """Return the limits of one of the last parameters, where there are any."""

    def limits(profile: Profile) -> Numeric | None:
        timers = profile.terminal.multiplexer.timers
        return None if timers is None else choose(timers)

    return limits


multiplexer = Command("+CMUX", source="27.007 5.7")


@multiplexer.set
def start_multiplexer(
    at: Context,
    mode: Annotated[int, Number(lambda profile: profile.terminal.multiplexer.modes)],
    subset: Annotated[int, Number(lambda profile: profile.terminal.multiplexer.subsets)] = 0,
    speed: Annotated[int | None, Number(lambda profile: profile.terminal.multiplexer.speeds)] = None,
    frame_size: Annotated[int | None, Number(lambda profile: profile.terminal.multiplexer.frame_sizes)] = None,
    acknowledgement: Annotated[int | None, Number(_timers(lambda timers: timers.acknowledgement))] = None,
    retransmissions: Annotated[int | None, Number(_timers(lambda timers: timers.retransmissions))] = None,
    response: Annotated[int | None, Number(_timers(lambda timers: timers.response))] = None,
    wake_up: Annotated[int | None, Number(_timers(lambda timers: timers.wake_up))] = None,
    window: Annotated[int | None, Number(_timers(lambda timers: timers.window))] = None,
) -> None:
    """Start the multiplexer after the OK: mode 0 is the basic option, subset 0 UIH frames; the rest is mostly fixed.

    Args:
        mode: 0 is the basic option of 27.010.
        subset: 0 has UIH frames only.
        speed: The number of the line's speed, without effect.
        frame_size: Bytes of data in a frame at most.
        acknowledgement: Hundredths of a second; without effect.
        retransmissions: How often a frame is sent again; without effect.
        response: Hundredths of a second; without effect.
        wake_up: Seconds; without effect.
        window: Frames on the way at most; without effect.
    """
    at.instance.multiplex(frame_size or at.profile.terminal.multiplexer.frame_size)


@multiplexer.read
def show_multiplexer(at: Context) -> Information:
    """Show the values that a multiplexer begins with."""
    profile = at.profile.terminal.multiplexer
    timers = profile.timers
    last = [getattr(timers, name) for name in MultiplexerTimers.__struct_fields__] if timers is not None else []
    further = [limits.default for limits in (profile.speeds, profile.frame_sizes, *last) if limits is not None]
    return Information.of(f"+CMUX: {','.join(map(str, [profile.modes.default, profile.subsets.default, *further]))}")


multiplexer_mode = single_setting(
    stored("#CMUXMODE").unchanged,
    "Set whether &D counts on channels of the multiplexer (1); it is kept.",
    source="AT Commands Reference Guide",
)
