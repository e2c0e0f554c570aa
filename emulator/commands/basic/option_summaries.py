"""Summaries of the commands that only set a number and that no file declares."""

from collections.abc import Mapping

SUMMARIES: Mapping[str, str] = {
    "E": "Set whether the module echoes what the host types (1).",
    "V": "Set the form of results: digits (0) or words (1).",
    "Q": "Set whether results are sent (0) or not (1).",
    "X": "Set which results of a call are told; with 0 a busy peer is NO CARRIER.",
    "L": "Set the volume of the speaker; there is none.",
    "M": "Set when the speaker is on; there is none.",
    "&K": "Set the flow control of the line: none (0), RTS and CTS (3), XON/XOFF (4), both (6).",
    "&C": "Set DCD: always up (0), up while there is a connection (1), down for a second at its end (2).",
    "&D": "Set what happens when DTR falls: nothing (0), command mode (1), the connection ends (2).",
    "&S": "Set DSR: always up (0, 3), or up while there is a connection (1, 2).",
    "\\Q": "Set the flow control of the line, as &K does; without effect.",
    "\\R": "Set how RI behaves during a ring; without effect.",
    "\\V": "Set the form of CONNECT: as X says (0), or with the speed (1); without effect.",
    "S0": "Set after how many rings the module answers a call; 0 leaves it to the host.",
    "S2": "Set the character of the escape sequence, by its code.",
    "S3": "Set the character that ends a command line, by its code.",
    "S4": "Set the character that follows it in answers, by its code.",
    "S5": "Set the character that deletes the one before it, by its code.",
    "S7": "Set the seconds that a call may take until it is answered.",
    "S12": "Set the guard time around the escape sequence, in fiftieths of a second.",
    "S25": "Set how long DTR must be down until it counts, in hundredths of a second.",
    "S30": "Set the minutes without data after which a connection ends; 0 never.",
    "S38": "Set the seconds that the module waits before it hangs up, while data is left.",
    "+CMEE": "Set what a refusal says: ERROR alone (0), a number (1), or a text (2).",
    "#SKIPESC": "Set whether the escape sequence is kept from the peer (1).",
    "#E2ESC": "Set the guard time around the escape sequence, in seconds; 0 leaves it to S12.",
    "#CMEEMODE": "Set whether +CMEE holds for further commands.",
    "#REGMODE": "Set how the registration is reported at the start.",
    "#TXMONMODE": "Set how #MONI shows the transmitted power during a call.",
}
"""By name, where the emulator has something to say beyond the kind of command."""
