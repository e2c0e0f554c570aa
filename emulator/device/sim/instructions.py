"""Instructions of the card. 51.011 9.2, 102.221 10.1.2."""

from enum import IntEnum


class Instruction(IntEnum):
    """Second octet of a command for the card."""

    VERIFY = 0x20
    CHANGE = 0x24
    DISABLE = 0x26
    ENABLE = 0x28
    UNBLOCK = 0x2C
    SEEK = 0xA2
    SELECT = 0xA4
    READ_BINARY = 0xB0
    READ_RECORD = 0xB2
    GET_RESPONSE = 0xC0
    UPDATE_BINARY = 0xD6
    UPDATE_RECORD = 0xDC
    STATUS = 0xF2
    SLEEP = 0xFA


OF_PINS = (
    Instruction.VERIFY,
    Instruction.CHANGE,
    Instruction.DISABLE,
    Instruction.ENABLE,
    Instruction.UNBLOCK,
)
OF_RECORDS = (Instruction.READ_RECORD, Instruction.UPDATE_RECORD)
READS = (Instruction.READ_BINARY, Instruction.READ_RECORD)
