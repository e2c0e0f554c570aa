"""Requests to a running modem: one function each, whose parameters are the fields of the request.

A request is a JSON object with `do` and the parameters. An answer has `ok` with the return value, or `error` with a
line.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_type_hints

import msgspec

from emulator.clock import ManualClock
from emulator.control import state
from emulator.control.event_stream import EventStream
from emulator.decoding import convert
from emulator.errors import UserError
from emulator.firmware import keys
from emulator.line.at_port import AtPort
from emulator.modem import Modem
from emulator.trace.defect import report_defect

_LONGEST_ADVANCE = 7 * 86400
"""Seconds; a slip of the finger must not keep the module busy for hours."""


def fault(modem: Modem, name: str, parameters: Mapping[str, Any]) -> str:
    """Add a fault; return its rule."""
    return str(modem.faults.make(name, parameters))


def remove(modem: Modem, number: int) -> None:
    """Remove a fault."""
    modem.faults.remove(number)


def route(modem: Modem, dialled: str, target: str) -> None:
    """Connect to `target` when the module dials `dialled`."""
    modem.route(dialled, target)


def say(modem: Modem, text: str) -> None:
    """Send a URC."""
    modem.faults.add("unsolicited-line", text=text)


def type_at(modem: Modem, text: str, terminal: str = "1") -> None:
    """Type characters at a port beside its host, as the only host where there is none; a command line ends with CR."""
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise UserError(f"{character!r} cannot be typed; a line carries bytes, given as Latin-1") from None
    for at_port in modem.at_ports.values():
        if terminal in at_port.channels:
            at_port.type(data, terminal)
            return
    _at_port(modem, terminal).type(data)


def hang_up(modem: Modem, terminal: str = "1") -> None:
    """Let the one who has typed at a port leave it: DTR falls, unless another host is there."""
    _at_port(modem, terminal).hang_up()


def _at_port(modem: Modem, terminal: str) -> AtPort:
    if terminal not in modem.at_ports:
        raise UserError(f"there is no port {terminal!r}; `terminal` may be {keys.one_of(modem.at_ports)}")
    return modem.at_ports[terminal]


async def advance(modem: Modem, seconds: float) -> None:
    """Let time pass on a manual clock; answered when all that falls due has happened."""
    if not isinstance(modem.clock, ManualClock):
        raise UserError("the module's clock goes by itself; `run --manual-clock` has one that this moves")
    if not 0 < seconds <= _LONGEST_ADVANCE:
        raise UserError(f"advance: {seconds:g} seconds; give a number above 0, up to {_LONGEST_ADVANCE} (a week)")
    await modem.clock.advance_in_loop(seconds)


def sms(modem: Modem, number: str, text: str) -> None:
    """Send the module a short message."""
    modem.receive_sms(number, text)


def ussd(modem: Modem, text: str, reply: bool) -> bool:
    """Send the module a USSD text of the network, which wants a reply or not; return whether a host is shown it."""
    return modem.send_ussd(text, wants_reply=reply)


def answer_ussd(modem: Modem, code: str, text: str) -> None:
    """Let the network answer a USSD code in this way."""
    modem.answer_ussd(code, text)


def ping(modem: Modem, peer: str) -> bool:
    """Send the module an echo request; return whether it answers."""
    return modem.ping(peer)


def ring(modem: Modem, number: str) -> int:
    """Call the module; return the <id> of the call."""
    return modem.calls.ring(number)


def call(modem: Modem, act: Literal["answer", "busy", "end"], number: int | None) -> None:
    """Do what the other side of a call does: answer it, find the line busy, or end it."""
    acts: dict[str, Callable[[int | None], None]] = {
        "answer": modem.calls.answer,
        "busy": modem.calls.busy,
        "end": modem.calls.end,
    }
    acts[act](number)


def press(modem: Modem, tones: str) -> None:
    """Press keys in a call."""
    modem.calls.press(tones)


def provision(modem: Modem, kind: str, pem: str | None = None, der: bytes | None = None) -> None:
    """Store a certificate, ca_certificate or private_key, as text (PEM) or as base64 (DER), and replace it.

    `2.certificate` is that of the second secure socket, where the firmware has it.
    """
    if (pem is None) is (der is None):
        raise UserError("provision takes one of pem, der")
    if modem.device.ssl is None:
        raise UserError("this firmware has no SSL and stores no security data")
    modem.device.ssl.provision(kind, pem.encode() if pem is not None else der or b"")


def events(modem: Modem, names: Sequence[str] = ()) -> EventStream:
    """Send events from now on, all or those of these names; this connection then takes no other request."""
    return EventStream(modem, names)


REQUESTS: Mapping[str, Callable[..., Any]] = {
    function.__name__.removesuffix("_at"): function
    for function in (
        state.show,
        state.change,
        fault,
        remove,
        route,
        say,
        sms,
        ussd,
        answer_ussd,
        ping,
        ring,
        call,
        press,
        provision,
        type_at,
        hang_up,
        advance,
        events,
    )
}
"""By the name that `do` has."""


@dataclass(frozen=True)
class Answer:
    """What a client gets."""

    line: bytes
    """The answer itself, as a line of JSON."""
    events: EventStream | None = None
    """What follows."""


@dataclass(frozen=True)
class Parameter:
    """A field of a request beside `do`."""

    kind: Any
    """The annotation of its type."""
    is_required: bool


def parameters_of(function: Callable[..., Any]) -> dict[str, Parameter]:
    """Return the fields that a request takes, by name."""
    kinds = get_type_hints(function)
    declared = inspect.signature(function).parameters
    return {
        name: Parameter(kinds[name], parameter.default is parameter.empty)
        for name, parameter in declared.items()
        if name != "modem"
    }


async def answer(modem: Modem, line: bytes) -> Answer:
    """Carry out the request of one line; wait for one that takes time."""
    try:
        value = _carry_out(modem, line)
        if inspect.iscoroutine(value):
            value = await value
        stream = value if isinstance(value, EventStream) else None
        return Answer(msgspec.json.encode({"ok": value if stream is None else None}) + b"\n", stream)
    except UserError as error:
        return Answer(refusal(str(error)))
    except Exception as error:
        report_defect(modem.trace, "a request to the control socket", error)
        return Answer(refusal(f"the emulator failed: {type(error).__name__}: {error}"))


def refusal(message: str) -> bytes:
    """Return the answer that says why nothing was done."""
    return msgspec.json.encode({"error": message}) + b"\n"


def _carry_out(modem: Modem, line: bytes) -> Any:
    try:
        request = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(f"no request: {error}; send a JSON object a line") from error
    except RecursionError:
        raise UserError("no request: nested too deeply; send a JSON object a line") from None
    name = request.pop("do", None)
    if not isinstance(name, str) or name not in REQUESTS:
        raise UserError(f"no request {name!r}; `do` may be {keys.one_of(REQUESTS)}")
    function = REQUESTS[name]
    return function(modem, **_parameters(name, function, request))


def _parameters(name: str, function: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """Convert the fields of a request to the parameters of its function."""
    wanted = parameters_of(function)
    required = {key for key, parameter in wanted.items() if parameter.is_required}
    if not required <= given.keys() <= wanted.keys():
        raise UserError(f"{name} takes {', '.join(wanted) or 'nothing'}; it was given {', '.join(given) or 'nothing'}")
    try:
        return {key: convert(value, wanted[key].kind) for key, value in given.items()}
    except msgspec.ValidationError as error:
        raise UserError(f"{name}: {error}") from error
