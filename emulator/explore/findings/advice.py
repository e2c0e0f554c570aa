"""Says what a robust host does, for each kind of fault and outcome."""

from collections.abc import Mapping

from emulator.explore.findings.manner import DRIBBLE, SLOW, manner_of
from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.verdict import Outcome

ENDLESS = "repeats a command for a limited time, and then ends with an error"
"""What a host does that does not say the same again and again."""


def advice(step: Step, outcome: Outcome) -> str:
    """Return what a robust host does, as the rest of a sentence that begins with `A robust host`."""
    if step.nature is Nature.VARIATION and outcome not in _OF_DATA:
        for fault in step.faults:
            if (manner := manner_of(fault, step)) in _VARIATIONS:
                return _VARIATIONS[manner]
        return "relies on nothing in which firmwares differ" if step.firmware is not None else _BEARS
    if outcome is Outcome.NEEDLESS_FAILURE:
        return next((_AGAIN[name] for fault in step.faults if (name := manner_of(fault, step)) in _AGAIN), _TRIES_AGAIN)
    return _BY_OUTCOME[outcome]


_OF_DATA = (Outcome.FALSE_SUCCESS, Outcome.LOST_DATA, Outcome.DUPLICATE_DATA)

_URCS = "takes a URC out wherever it comes, and goes on reading the answer up to its final result code"
_PIECES = "reads until the final result code or its timeout, however many reads that takes"
_BEARS = "bears it: modules do so on a good day"

_TRIES_AGAIN = "tries again: the condition was over soon enough"
_DIALS_AGAIN = "closes the socket, waits a moment, dials again and repeats what was not confirmed"
_FROM_THE_START = "waits until the module answers AT again, and sets it up from the start"
_REGISTERS = "asks for the registration until it is there again, and goes on"
_VARIATIONS: Mapping[str, str] = {
    "bytes-late": _PIECES,
    DRIBBLE: _PIECES,
    SLOW: "waits for the final result code as long as the command may take, before it gives up or repeats it",
    "activation-late": "waits for the activation as long as the network may take: up to 150 seconds",
    "unsolicited-line": _URCS,
    "message-comes": _URCS,
    "data-late": "reads until it has all that it waits for: data comes in any portions",
    "slow-network": "has timeouts that suit the slowest network, and reads until all has come",
    "registration-lost": _REGISTERS,
    "signal": "takes +CSQ: 99 for not known, and asks again",
    "operator-named": "takes every name of a network, of any length and with blanks",
    "error-form": "takes ERROR and every +CME ERROR for the same: the command has failed",
    "connect-rate": "takes every line that begins with CONNECT for the beginning of the data mode",
}
"""What a host needs to bear a legal variation."""
_AGAIN: Mapping[str, str] = {
    "reboot": _FROM_THE_START,
    "brown-out": _FROM_THE_START,
    "port-vanished": "opens the port again when it has come back, and sets the module up from the start",
    "registration-lost": _REGISTERS,
    "registration-denied": _REGISTERS,
    "attachment-refused": _REGISTERS,
    "sim-busy": "waits some seconds and asks the card again",
    "sim-missing": "asks AT+CPIN? until the card is ready again, and goes on",
    "context-dropped": "activates the context again, and opens the connection anew",
    "activation-refused": "waits a moment and activates the context again",
    "activation-late": _VARIATIONS["activation-late"],
    "command-refused": "waits some seconds and repeats the command: the module was busy",
    "call-comes": _URCS,
    "name-unknown": _DIALS_AGAIN,
    "connection-refused": _DIALS_AGAIN,
    "connection-unanswered": _DIALS_AGAIN,
    "connection-reset": _DIALS_AGAIN,
    "connection-closed": _DIALS_AGAIN,
    "peer-silent": _DIALS_AGAIN,
    "handshake-stalled": _DIALS_AGAIN,
    "handshake-cut": _DIALS_AGAIN,
    "record-corrupted": _DIALS_AGAIN,
}
"""What a host does that gets over a fault."""
_BY_OUTCOME: Mapping[Outcome, str] = {
    Outcome.CRASH: "checks what it has read before it takes it apart",
    Outcome.HANG: "has a timeout for each answer that it waits for, and then tries again or ends with an error",
    Outcome.FALSE_SUCCESS: "says success only when the server has confirmed it",
    Outcome.LOST_DATA: "says success only when the server has all, and sends again what it has not confirmed",
    Outcome.DUPLICATE_DATA: "finds out what has arrived before it sends again",
}
