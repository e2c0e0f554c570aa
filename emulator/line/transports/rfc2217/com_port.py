"""Numbers of the COM-PORT-OPTION. RFC 2217."""

from enum import IntEnum, IntFlag
from typing import Final

from emulator.line.serial.lines import DeviceLines

FROM_SERVER: Final = 100
"""Added to the number of a command that the server sends."""


class Command(IntEnum):
    """Commands of a subnegotiation, by the number of the client."""

    SIGNATURE = 0
    SET_BAUDRATE = 1
    SET_DATASIZE = 2
    SET_PARITY = 3
    SET_STOPSIZE = 4
    SET_CONTROL = 5
    NOTIFY_LINESTATE = 6
    NOTIFY_MODEMSTATE = 7
    FLOWCONTROL_SUSPEND = 8
    FLOWCONTROL_RESUME = 9
    SET_LINESTATE_MASK = 10
    SET_MODEMSTATE_MASK = 11
    PURGE_DATA = 12


class Control(IntEnum):
    """Values of SET-CONTROL."""

    ASK_FLOW = 0
    NO_FLOW = 1
    XON_XOFF = 2
    HARDWARE = 3
    ASK_BREAK = 4
    BREAK_ON = 5
    BREAK_OFF = 6
    ASK_DTR = 7
    DTR_ON = 8
    DTR_OFF = 9
    ASK_RTS = 10
    RTS_ON = 11
    RTS_OFF = 12
    ASK_INBOUND_FLOW = 13
    NO_INBOUND_FLOW = 14
    INBOUND_XON_XOFF = 15
    INBOUND_HARDWARE = 16
    DCD_FLOW = 17
    INBOUND_DTR_FLOW = 18
    DSR_FLOW = 19


PARITIES: Final = {1: "N", 2: "O", 3: "E", 4: "M", 5: "S"}
"""Parity by the value of SET-PARITY."""
STOP_BITS: Final = {1: 1.0, 2: 2.0, 3: 1.5}
"""Stop bits by the value of SET-STOPSIZE."""


class ModemState(IntFlag):
    """Value of NOTIFY-MODEMSTATE: the lines, and which have changed since the last one."""

    CTS_CHANGED = 0x01
    DSR_CHANGED = 0x02
    RI_ENDED = 0x04
    DCD_CHANGED = 0x08
    CTS = 0x10
    DSR = 0x20
    RI = 0x40
    DCD = 0x80


_LINES: Final = (
    (DeviceLines.CTS, ModemState.CTS, ModemState.CTS_CHANGED),
    (DeviceLines.DSR, ModemState.DSR, ModemState.DSR_CHANGED),
    (DeviceLines.DCD, ModemState.DCD, ModemState.DCD_CHANGED),
)


def device_lines(state: int) -> DeviceLines:
    """Return the lines that a NOTIFY-MODEMSTATE tells."""
    lines = DeviceLines.RI if state & ModemState.RI else DeviceLines.NONE
    for line, level, _ in _LINES:
        if state & level:
            lines |= line
    return lines


def modem_state(before: DeviceLines, now: DeviceLines) -> ModemState:
    """Return the value for lines that have changed from `before` to `now`."""
    state = ModemState(0)
    for line, level, change in _LINES:
        if line in now:
            state |= level
        if (line in now) is not (line in before):
            state |= change
    if DeviceLines.RI in now:
        state |= ModemState.RI
    elif DeviceLines.RI in before:
        state |= ModemState.RI_ENDED
    return state
