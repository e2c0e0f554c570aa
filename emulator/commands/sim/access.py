"""Access to the files of the card: +CRSM and +CSIM, and the provider's name. 27.007 8.17 and 8.18."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command, Waiting
from emulator.at.parameters import Text, between, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.sim.card import card_answers, sim_unlocked
from emulator.commands.sim.codes import CardData, CardInstruction
from emulator.device.sim.card import SimState
from emulator.device.sim.file_system import Refused, Status
from emulator.device.sim.files import MASTER
from emulator.device.sim.instructions import Instruction
from emulator.errors import Cause, DeviceError

Octet = Annotated[int, between(0, 255), "A parameter of the instruction (51.011 9.2)."]

_HEXADECIMAL = r"([0-9A-Fa-f]{2})*"
_FILE_INSTRUCTIONS = (
    Instruction.READ_BINARY,
    Instruction.READ_RECORD,
    Instruction.GET_RESPONSE,
    Instruction.UPDATE_BINARY,
    Instruction.UPDATE_RECORD,
    Instruction.STATUS,
)
_SHORTEST, _LONGEST = 10, 522
"""Characters of an instruction for the card."""


def _card_in_slot(at: Context) -> None:
    """Refuse an instruction where there is no card; one that the host has locked takes it."""
    if at.device.sim.state is SimState.ABSENT or not at.device.card_lock.held:
        card_answers(at)


restricted_access = Command("+CRSM", source="27.007 8.18", needs=card_answers, test=no_values)


@restricted_access.set
def access_file(
    at: Context,
    instruction: Annotated[int, fixed(*_FILE_INSTRUCTIONS)],
    file: Annotated[int, between(0, 65535)] | None = None,
    p1: Octet | None = None,
    p2: Octet | None = None,
    p3: Octet | None = None,
    data: Annotated[str, CardData(510, pattern=_HEXADECIMAL, form="pairs of hexadecimal digits")] = "",
    path: Annotated[str, Text(12, pattern=r"([0-9A-Fa-f]{4})*", form="groups of 4 hexadecimal digits")] = "",
) -> Information:
    """Read or change a file of the card, or ask what it is; the answer has the card's status word.

    Args:
        instruction: 176 read binary, 178 read record, 192 get response, 214 and 220 update these, 242 status.
        file: The number of the file.
        data: The bytes to be written, in hexadecimal digits.
        path: The directories above the file, in hexadecimal digits.

    Example:
        AT+CRSM=176,12258,0,0,10
    """
    if instruction in (Instruction.UPDATE_BINARY, Instruction.UPDATE_RECORD):
        sim_unlocked(at)
    if instruction == Instruction.STATUS:
        instruction, file = Instruction.GET_RESPONSE, MASTER
    places = (p1, p2, p3)
    if file is None or (instruction != Instruction.GET_RESPONSE and None in places):
        values = {"file": file, "p1": p1, "p2": p2, "p3": p3}
        missing = ", ".join(name for name, value in values.items() if value is None)
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"the instruction {instruction} needs {missing}")
    try:
        at.device.card.find(file, bytes.fromhex(path))
        answer = at.device.card.access(instruction, file, (p1 or 0, p2 or 0), p3 or 0, bytes.fromhex(data))
    except Refused as refusal:
        return Information.of(f"+CRSM: {refusal.status >> 8},{refusal.status & 0xFF}")
    status = f"+CRSM: {Status.DONE >> 8},{Status.DONE & 0xFF}"
    return Information.of(f"{status},{answer.hex().upper()}" if answer else status)


generic_access = Command("+CSIM", source="27.007 8.17, Software User Guide 2.10.6", needs=_card_in_slot, test=no_values)


@generic_access.set
def transmit(
    at: Context,
    length: Annotated[int, between(0, _LONGEST)],
    instruction: Annotated[str, CardInstruction(_LONGEST, pattern=_HEXADECIMAL, form="pairs of hexadecimal digits")]
    | None = None,
) -> Information | Waiting | None:
    """Hand an instruction to the card as it is; 1 alone keeps the card for the host, 0 gives it back to the module.

    Args:
        length: The number of hexadecimal digits; 0 and 1 alone give the card back and take it.
        instruction: The instruction, in hexadecimal digits.

    Example:
        AT+CSIM=14,"A0A40000023F00"
    """
    if instruction is None:
        _lock(at, length)
        return None
    if length != len(instruction) or length < _SHORTEST:
        reason = f"length is {length}, and the instruction has {len(instruction)} characters; {_SHORTEST} to {_LONGEST}"
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, reason)
    command = bytes.fromhex(instruction)
    return _answer_later(at, command) if at.device.card_lock.changes_hands else _answer(at, command)


def _answer(at: Context, command: bytes) -> Information:
    answer = at.device.card.transmit(command).hex().upper()
    return Information.of(f'+CSIM: {len(answer)},"{answer}"')


async def _answer_later(at: Context, command: bytes) -> Information:
    await at.device.card_lock.settled()
    return _answer(at, command)


def _lock(at: Context, mode: int) -> None:
    if at.profile.sim.host_lock is None or mode not in (0, 1):
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "the instruction is missing")
    if mode:
        at.device.card_lock.take()
    else:
        at.device.card_lock.give_back()


provider_name = Command("#SPN", source="AT Commands Reference Guide", needs=sim_unlocked, test=no_values)


@provider_name.execute
def show_provider(at: Context) -> Information | None:
    """Show the name of the service provider; nothing if the card has none."""
    name = at.device.card.files.provider()
    return Information.of(f"#SPN: {at.characters.written(name)}") if name else None
