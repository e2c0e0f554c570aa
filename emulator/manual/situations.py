"""The states of a module in which the manual asks a command, to see which of them it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from emulator.commands.catalogue import command_table
from emulator.firmware.loader import Firmware

_CONTEXT = 'AT+CGDCONT=1,"IP","lab"'
_ACTIVE = "AT#SGACT=1,1"
_SSL = "AT#SSLEN=1,1"


@dataclass(frozen=True, slots=True)
class Situation:
    """A state of the module."""

    words: str
    """What is missing, behind "while"."""
    need: str
    """What a command needs that is refused here."""
    settings: Sequence[str]
    """Overrides of the profile."""
    lines: Sequence[str]
    """What the host has typed before."""


def ready(firmware: Firmware) -> Situation:
    """Return the state in which nothing is missing: registered, with an active context, and SSL enabled."""
    return Situation("", "", (), _lines(firmware, _CONTEXT, _ACTIVE, _SSL))


BARE = Situation("nothing is there", "", ("sim.present=false",), ())
"""What is not refused here needs nothing."""


def lacking(firmware: Firmware) -> Sequence[Situation]:
    """Return the states in which one thing is missing, what needs the others first."""
    all_but_ssl = _lines(firmware, _CONTEXT, _ACTIVE)
    everything = _lines(firmware, _CONTEXT, _ACTIVE, _SSL)
    return (
        Situation("SSL is not enabled", f"SSL enabled: {_SSL}", (), all_but_ssl),
        Situation(
            "no context is active", f"an active context: {_CONTEXT}, {_ACTIVE}", (), _lines(firmware, _CONTEXT, _SSL)
        ),
        Situation("there is no coverage", "a registration: AT+CREG?", ("network.registration=2",), everything),
        Situation("the PIN is missing", 'the PIN of the SIM card: AT+CPIN="1234"', ('sim.pin="1234"',), everything),
        Situation("there is no SIM card", "a SIM card", ("sim.present=false",), everything),
    )


def _lines(firmware: Firmware, *lines: str) -> Sequence[str]:
    """Leave out what the firmware has no command for."""
    table = command_table(firmware)
    return [line for line in lines if table.find(line[2:].partition("=")[0]) is not None]
