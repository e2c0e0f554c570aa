"""Packet service: mobile class, qualities of service, events. 27.007 10.1."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Ranges, Word, between
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting, single_setting
from emulator.device.needs.network import DefinedContext
from emulator.errors import Cause, DeviceError

mobile_class = Command("+CGCLASS", source="27.007 10.1.11", has_effect=False)


@mobile_class.set
def set_mobile_class(at: Context, name: Annotated[str, Word(lambda profile: profile.pdp.classes)]) -> None:
    """Set the mobile class, until power-off; the network serves all alike.

    Example:
        AT+CGCLASS="CG"
    """
    at.device.contexts.mobile_class = name


@mobile_class.read
def show_mobile_class(at: Context) -> Information:
    """Show the class."""
    return Information.of(f'+CGCLASS: "{at.device.contexts.mobile_class}"')


packet_events = SettingsCommand(
    "+CGEREP",
    "Set whether events of packet service are reported (+CGEV); lines without LTE report none.",
    source="27.007 10.1.19",
    effect_requires="pdp.default_bearer",
    mode=setting("+CGEREP.mode", "0 keeps events, 1 drops them while the port is busy, 2 keeps and sends them."),
    buffer=setting("+CGEREP.buffer", "0 drops what was kept when the mode changes, 1 sends it."),
)
Precedence = Annotated[int, between(0, 3), "Precedence class; 0 lets the network choose."]
Delay = Annotated[int, between(0, 4), "Delay class; 0 lets the network choose."]
Reliability = Annotated[int, between(0, 5), "Reliability class; 0 lets the network choose."]
Peak = Annotated[int, between(0, 9), "Class of the peak throughput; 0 lets the network choose."]
Mean = Annotated[
    int, Ranges((0, 18), (31, 31)), "Class of the mean throughput; 0 lets the network choose, 31 is best effort."
]


def keep_quality(at: Context, name: str, cid: int, values: tuple[int | str, ...] | None) -> None:
    """Keep what a command asks for a context; None forgets it.

    Raises:
        DeviceError: the context is not defined.
    """
    if cid not in at.device.contexts.definitions:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, f"context {cid} is not defined", DefinedContext(cid))
    qualities = at.device.contexts.qualities
    qualities.pop((name, cid), None)
    if values is not None:
        qualities[name, cid] = values


def quality_lines(at: Context, name: str) -> Information | None:
    """Show what a command asks, a line for each context."""
    qualities = sorted((cid, values) for (whose, cid), values in at.device.contexts.qualities.items() if whose == name)
    lines = tuple(f"{name}: {cid},{','.join(map(str, values))}" for cid, values in qualities)
    return Information(lines) if lines else None


def _quality(name: str, source: str) -> Command:
    """Declare a quality of service for each context; the network ignores it."""
    command = Command(name, source=source, has_effect=False)

    @command.set
    def set_quality(
        at: Context,
        cid: Annotated[int, Number(lambda profile: profile.pdp.cids)],
        precedence: Precedence | None = None,
        delay: Delay | None = None,
        reliability: Reliability | None = None,
        peak: Peak | None = None,
        mean: Mean | None = None,
    ) -> None:
        """Set the quality of service of a context, until power-off; the number alone clears it.

        Args:
            cid: The PDP context.

        Example:
            AT{name}=1,1,1
        """
        asked = (precedence, delay, reliability, peak, mean)
        nothing = all(value is None for value in asked)
        keep_quality(at, name, cid, None if nothing else tuple(value or 0 for value in asked))

    @command.read
    def show_qualities(at: Context) -> Information | None:
        """Show the quality of service, a line for each context."""
        return quality_lines(at, name)

    @command.test
    def test_quality(at: Context) -> Information:
        """Show the values, a line a type of context."""
        values = at.values("precedence", "delay", "reliability", "peak", "mean")
        return Information(tuple(f'{name}: "{kind}",{values}' for kind in at.profile.pdp.types))

    return command


least_quality = _quality("+CGQMIN", "27.007 10.1.5")
wanted_quality = _quality("+CGQREQ", "27.007 10.1.4")
message_bearer = single_setting(
    setting("+CGSMS"), "Set which service sends messages; both do alike.", source="27.007 10.1.21"
)
