"""Says what was done to a host, for each kind of fault."""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.explore.findings.facts import Facts, escaped
from emulator.explore.findings.manner import DRIBBLE, SLOW, manner_of
from emulator.faults.quantities import Duration

Table = Mapping[str, Any]


def deed(fault: Table, facts: Facts) -> str:
    """Return what a fault does, as the rest of a sentence that begins with `At AT+CREG?`."""
    say = _DEEDS.get(manner_of(fault, facts.step))
    return say(fault, facts) if say is not None else _in_general(facts)


def _in_general(facts: Facts) -> str:
    detail = f" ({facts.step.detail})" if facts.step.detail else ""
    return f"this happened: {facts.step.kind}{detail}"


def _in_pieces(fault: Table, facts: Facts) -> str:
    pieces, pause = facts.pieces(fault), _duration(fault, 1)
    if pieces is None:
        return f"the answer stopped for {pause} in its midst"
    return f"the answer came in two pieces, {pause} apart: `{pieces[0]}` and `{pieces[1]}`"


def _late(fault: Table, facts: Facts) -> str:
    pause = _duration(fault, 1)
    if not facts.opens_prompt:
        return f"the answer came after {pause}"
    return f"the result came {pause} behind the prompt" if fault.get("byte") else f"the prompt came after {pause}"


def _urc(fault: Table, facts: Facts) -> str:
    return f"the URC `{fault['text']}` came {_where(fault, facts)}"


def _where(fault: Table, facts: Facts) -> str:
    if fault.get("at") == "entry":
        return "at the prompt"
    if fault.get("at") != "answer":
        return "as the command began"
    at = facts.position(fault)
    if not at:
        return "before the answer"
    return "right after the answer" if at >= len(facts.answer) else f"within the answer, after byte {at}"


def _duration(fault: Table, default: float | None = None) -> str:
    value = fault.get("duration", default)
    return "" if value is None else str(Duration.parse(value))


def _for(fault: Table, default: float | None = None) -> str:
    said = _duration(fault, default)
    return f" for {said}" if said else ""


def _bytes(fault: Table, facts: Facts) -> str:
    count = int(fault.get("count", 1))
    wholes = {"entry": "the host's data at the prompt", "typed": "what the host typed"}
    whole = wholes.get(str(fault.get("at")))
    at = facts.position(fault) if whole is None else int(fault.get("byte", 0))
    which = "a byte" if count == 1 else f"{count} bytes"
    after = f" after byte {at}" if at else ""
    lost = facts.answer[at : at + count] if whole is None else b""
    quoted = f", `{escaped(lost)}`," if lost else ""
    return f"{which} of {whole or 'the answer'}{after}{quoted}"


def _passed(fault: Table) -> str:
    """Say how much had passed on the connection."""
    if fault.get("byte") is None or fault.get("at", "sent") == "handshake":
        return ""
    who = "server" if fault.get("at") == "received" else "module"
    return f" after the {who}'s first {fault['byte']} bytes" if fault["byte"] else f" before the {who}'s first byte"


def _data_paused(fault: Table, facts: Facts) -> str:
    return f"the data paused for {_duration(fault, 1)}{_passed({'at': 'received', **fault})}"


def _hung_up(fault: Table, facts: Facts) -> str:
    delay = f" after {Duration.parse(fault['delay'])}" if "delay" in fault else ""
    return f"the caller hung up{delay}"


_DEEDS: Mapping[str, Callable[[Table, Facts], str]] = {
    "bytes-late": _in_pieces,
    SLOW: _late,
    DRIBBLE: lambda fault, facts: f"the answer came byte by byte, {_duration(fault, 1)} apart",
    "unsolicited-line": _urc,
    "message-comes": lambda fault, facts: "a short message came",
    "call-comes": lambda fault, facts: "somebody called the module",
    "call-ended": _hung_up,
    "command-refused": lambda fault, facts: f"the module refused the command once: {_words(fault, 'cause')}",
    "error-form": lambda fault, facts: f"the command failed in another form: {_error(fault)}",
    "connect-rate": lambda fault, facts: f"the data mode began with `CONNECT {fault.get('text', '115200')}`",
    "bytes-lost": lambda fault, facts: f"{_bytes(fault, facts)} got lost",
    "bytes-doubled": lambda fault, facts: f"{_bytes(fault, facts)} came twice",
    "bytes-garbled": lambda fault, facts: f"one bit in {_bytes(fault, facts)} was wrong",
    "reboot": lambda fault, facts: f"the module restarted{_midst(fault)}",
    "brown-out": lambda fault, facts: f"the module was without power{_for(fault, 2)}{_midst(fault)}",
    "port-vanished": lambda fault, facts: f"the serial port vanished{_for(fault, 5)}",
    "registration-lost": lambda fault, facts: f"there was no network{_for(fault)}",
    "registration-denied": lambda fault, facts: f"the network denied the registration{_for(fault)}",
    "attachment-refused": lambda fault, facts: f"the network refused packet service{_for(fault)}",
    "operator-named": lambda fault, facts: f"the network called itself `{fault.get('operator', '')}`",
    "sim-busy": lambda fault, facts: f"the SIM card was busy{_for(fault)}",
    "signal": lambda fault, facts: f"the signal was {fault['rssi']}{_for(fault)}",
    "sim-missing": lambda fault, facts: f"the SIM card was missing{_for(fault)}",
    "sim-locked": lambda fault, facts: f"the SIM card asked for its PIN{_for(fault)}",
    "context-dropped": lambda fault, facts: f"the network closed PDP context {fault.get('cid', 1)}",
    "activation-refused": lambda fault, facts: f"the network refused the PDP context once: {_words(fault, 'cause')}",
    "activation-late": lambda fault, facts: f"the activation took {_duration(fault)}",
    "name-unknown": lambda fault, facts: "the server's name could not be resolved once",
    "connection-refused": lambda fault, facts: "the server refused the connection once",
    "connection-unanswered": lambda fault, facts: "the server did not answer the dial once",
    "connection-reset": lambda fault, facts: f"the connection was reset{_passed(fault)}",
    "connection-closed": lambda fault, facts: f"the server closed the connection{_passed(fault)}",
    "peer-silent": lambda fault, facts: f"nothing passed on the open connection any more{_passed(fault)}",
    "data-late": lambda fault, facts: (
        f"the data paused for {_duration(fault, 1)}{_passed({'at': 'received', **fault})}"
    ),
    "slow-network": lambda fault, facts: f"the network was slow, as {fault.get('preset', 'GPRS')} is",
    "handshake-stalled": lambda fault, facts: "the TLS handshake stopped and never went on",
    "handshake-cut": lambda fault, facts: "the connection was reset in the TLS handshake",
    "slow-processor": lambda fault, facts: f"the module took {_duration(fault, 15)} for the server's certificates",
    "record-corrupted": lambda fault, facts: "a TLS record arrived damaged",
}
"""{fault in its manner: what it does}; one that is not here is told by the kind of its step."""


def _words(fault: Table, key: str) -> str:
    return str(fault.get(key, "operation not allowed")).replace("_", " ")


def _error(fault: Table) -> str:
    return f"`+CME ERROR: {fault['code']}`" if fault.get("code") is not None else "`ERROR`"


def _midst(fault: Table) -> str:
    match fault.get("at"):
        case "write":
            return " while it wrote its memory"
        case "entry":
            return " in the midst of the host's data at the prompt"
        case _:
            return ""
