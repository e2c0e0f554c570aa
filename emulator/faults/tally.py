"""Says of each fault how often it has fired, and of one that never did why."""

from emulator.faults.fault import DeviceFault, LineFault, Place, Positioned, ResultFault
from emulator.faults.triggers import Rule
from emulator.trace.events import FaultTally

_PLACES = {
    Place.ENTRY: "no prompt was opened",
    Place.TYPED: "the host has typed nothing",
    Place.SENT: "no connection was opened",
    Place.RECEIVED: "no connection was opened",
    Place.HANDSHAKE: "no connection was opened",
    Place.NAME: "nothing was dialled",
    Place.DIAL: "nothing was dialled",
    Place.ACTIVATION: "no context was activated",
    Place.WRITE: "non-volatile memory was not written",
}
"""What did not happen, of the places where that does not depend on the rule."""


def tally(rule: Rule) -> FaultTally:
    """Return how often a rule has fired, and why it never did."""
    why = "" if rule.fired else _why_not(rule)
    return FaultTally(number=rule.number, rule=rule.fault.rule, fired=rule.fired, times=rule.fault.times, why=why)


def _why_not(rule: Rule) -> str:
    if rule.obstacle is not None:
        return rule.obstacle
    if rule.due:
        return _not_reached(rule)
    if rule.matched >= rule.fault.occurrence:
        return f"chance never chose it in {rule.matched} of its places (probability {rule.fault.probability:g})"
    if rule.matched:
        return f"it matched {rule.matched} times, and its occurrence is {rule.fault.occurrence}"
    return _not_there(rule)


def _not_reached(rule: Rule) -> str:
    """Say which byte or message did not pass where the address matched."""
    fault = rule.fault
    if isinstance(fault, Positioned) and fault.message is not None:
        return f"no handshake came to message {fault.message}"
    if isinstance(fault, ResultFault):
        return fault.awaited
    if isinstance(fault, DeviceFault | LineFault) and fault.line is not None:
        what = f"line {fault.line}" if isinstance(fault.line, int) else "a final result"
        return f"{what} did not come, or was over before"
    if isinstance(fault, LineFault) and fault.byte:
        return f"no byte passed there after {fault.byte}"
    if isinstance(fault, Positioned | LineFault):
        return f"less than {fault.byte} passed there" if fault.byte else "nothing passed there"
    return "what it was meant for ended before"


def _not_there(rule: Rule) -> str:
    """Say which place was never reached with the address of the rule."""
    fault = rule.fault
    if rule.preceded_by is not None and not rule.asked:
        return f"fault {rule.preceded_by} fired in its place"
    if fault.place is Place.TIME:
        return f"the modem ended before {fault.time}"
    if fault.place in (Place.COMMAND, Place.ANSWER, Place.RESULT):
        return " ".join([f"{fault.command or 'a command'} was not used", *_bounds(rule)])
    by = [f"by {fault.command}"] if fault.command is not None and rule.asked else []
    return " ".join([_PLACES[fault.place], *by, *_bounds(rule)])


def _bounds(rule: Rule) -> list[str]:
    """Name the host, the AT instance and the time of the address, where the place was reached without them."""
    fault = rule.fault
    if not rule.asked:
        return []
    host = getattr(fault, "host", None)
    to = [f"to {host}"] if host is not None else []
    at = [f"at AT instance {fault.terminal}"] if fault.terminal is not None else []
    after = [f"after {fault.time}"] if fault.time else []
    return [*to, *at, *after]
