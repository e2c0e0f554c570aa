"""The codes of a SIM card in a dialogue: known of an emulated card, and of no other one."""

from collections.abc import Iterator, Mapping

from emulator.dialogue.steps import Dialogue, Poll, Send, Step
from emulator.dialogue.texts import CARD_VALUES, PADDED, Text, Value
from emulator.errors import UserError
from emulator.firmware.schema.sim import Sim

_OCTETS = 8
"""Of a code in an instruction for the card."""


def card_values(sim: Sim) -> Mapping[str, bytes]:
    """Return what `{pin}` and the other codes stand for."""
    pin = sim.pin or sim.dormant_pin
    wrong = "".join(str((int(digit) + 1) % 10) for digit in pin)
    codes = (pin, sim.puk, sim.pin2, sim.puk2, wrong)
    values = {name: code.encode() for name, code in zip(CARD_VALUES, codes, strict=True)}
    return values | {f"{name}{PADDED}": padded_code(code) for name, code in values.items()}


def padded_code(code: bytes) -> bytes:
    """Return a code as an instruction for the card has it, in hexadecimal digits. 51.011 9.3, 102.221 9.5.1."""
    return code.ljust(_OCTETS, b"\xff").hex().upper().encode()


def refuse_card_values(dialogue: Dialogue) -> None:
    """Refuse a dialogue that types a code of the emulated card: a wrong one locks a real card.

    Raises:
        UserError: it does.
    """
    for step in dialogue.steps:
        for name in _codes_in(step):
            raise UserError(
                f"{dialogue.path}:{step.at.first}: {{{name}}} is the code of an emulated SIM card; write the code of"
                " the card in the module in its place"
            )


def _codes_in(step: Step) -> Iterator[str]:
    text: Text = step.text if isinstance(step, Send | Poll) else ()
    return (part.name for part in text if isinstance(part, Value) and part.name.removesuffix(PADDED) in CARD_VALUES)
