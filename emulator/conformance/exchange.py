"""One exchange on both sides: the emulated module first, then the module, which is to say the same."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from emulator.conformance.comparison import Comparison, Expected, as_line, steps_of
from emulator.conformance.twin import Twin
from emulator.conformance.unsolicited import patterns
from emulator.conformance.verdict import Said
from emulator.dialogue.volatile import as_written, varies_in_number
from emulator.dte.escaping import GUARD_TIME
from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ModuleLine

ESCAPE = b"+++"
_CONNECTED = re.compile(r"\r\nCONNECT[^\r\n]*\r\n")
_REST = 0.03
"""Seconds of silence that end an answer that is not the expected one."""
_DATA = 0.1
"""Seconds in which data comes that a peer has sent before."""
_SILENCE = 0.3
"""Seconds in which a module would speak that is expected to be silent."""
_EMULATED_WITHIN = 2.0
"""Seconds of real time that the emulated module may take."""
_DIALS_WITHIN = 10.0
"""The same, where it waits for a real server."""


@dataclass
class Sides:
    """The module and its twin, with what is the same for both."""

    module: ModuleLine
    twin: Twin
    firmware: str
    """The name of the twin's."""
    values: Mapping[str, bytes] = field(default_factory=dict)
    """What the names in a dialogue stand for."""

    def wait(self, seconds: float) -> None:
        """Let time pass for both."""
        self.twin.line.wait(seconds)
        self.module.wait(seconds)


@dataclass(frozen=True)
class Played:
    """What both sides said."""

    sent: str
    comparison: Comparison
    module: Said
    emulated: Said
    reasons: Sequence[str]
    told: Sequence[str]
    """What the module said, as the lines of a dialogue."""
    diff: str
    """Empty where they agree."""

    @property
    def agrees(self) -> bool:
        """Return whether the module says what is expected."""
        return self.comparison.agrees


def play(sides: Sides, data: bytes, command: str, expected: Expected | None, within: float, *, dials: bool) -> Played:
    """Send bytes to both sides, and compare what the module says.

    Args:
        sides: the module and its twin.
        data: what the host sends; none listens only.
        command: the command line that it belongs to.
        expected: what a file expects; None for what the twin says.
        within: seconds that the module may take.
        dials: whether the twin has to wait for a real server.

    Raises:
        UserError: the port of the module has failed.
    """
    until = Comparison(expected, sides.values) if expected is not None else None
    emulated = _of_twin(sides.twin, data, until, _within(data, dials=dials))
    reasons = sides.twin.reasons()

    def shape(line: str) -> str:
        return as_written(line, command)

    if expected is None:
        expected = steps_of(emulated.text.encode("latin-1"), shape)
    is_survey = varies_in_number(command)  # with as many lines as there are networks; then its result alone counts
    comparison = Comparison(
        expected[-1:] if is_survey else expected, sides.values, patterns(command, any_line=is_survey)
    )
    said = _of_module(sides.module, data, comparison, within)
    sent = as_line(data) if data else ""
    source = sides.firmware if until is None else "expected"
    diff = "" if comparison.agrees else comparison.diff(sent, source, shape)
    return Played(sent, comparison, said, emulated, reasons, list(comparison.told(shape)), diff)


def _within(data: bytes, *, dials: bool) -> float:
    """Return the seconds that the twin may take; it has waited already where it escapes."""
    return _DIALS_WITHIN if dials and data != ESCAPE else _EMULATED_WITHIN


def send(line: ModuleLine, data: bytes) -> None:
    """Send bytes to one side; the escape sequence with the silence that it needs."""
    if data == ESCAPE:
        line.wait(GUARD_TIME)
        line.send(data)
        line.wait(GUARD_TIME)
    elif data:
        line.send(data)


def _of_twin(twin: Twin, data: bytes, until: Comparison | None, within: float) -> Said:
    """Return what the emulated module says, up to its final result or a prompt, or up to what a file expects."""
    began = time.monotonic()
    send(twin.line, data)
    said = ""
    while (left := began + within - time.monotonic()) > 0:
        heard = twin.line.read(left)
        said += heard.decode("latin-1")
        if until is not None:
            until.feed(heard)
        if until.is_met if until is not None else _ends_here(data, said):
            break
        if until is None and _CONNECTED.search(said):  # data may have come with it
            said += twin.line.read(_DATA).decode("latin-1")
            break
    return Said(said, time.monotonic() - began)


def _of_module(line: ModuleLine, data: bytes, comparison: Comparison, within: float) -> Said:
    began = time.monotonic()
    send(line, data)
    if comparison.is_met:  # nothing is expected
        comparison.feed(line.read(_SILENCE))
    while not comparison.is_met and (left := began + within - time.monotonic()) > 0:
        comparison.feed(line.read(left))
        if not comparison.is_met and _ends_here(data, comparison.heard.decode("latin-1")):
            comparison.feed(_rest(line))
            break
    return Said(comparison.heard.decode("latin-1"), time.monotonic() - began)


def _ends_here(data: bytes, said: str) -> bool:
    return Exchange(data.decode("latin-1").removesuffix("\r"), said).ends_here_in_any_form()


def _rest(line: ModuleLine) -> bytes:
    rest = b""
    while heard := line.read(_REST):
        rest += heard
    return rest


def mode_after(said: str, before: str) -> str:
    """Return the mode of a module that has said this: `command`, `prompt` or `online`."""
    exchange = Exchange("", said)
    if exchange.is_prompt:
        return "prompt"
    if exchange.final is None:
        return before
    return "online" if exchange.final.startswith("CONNECT") else "command"
