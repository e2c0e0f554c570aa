"""A module that somebody has used before, on a serial line: how it is made like a new one, as far as that can be."""

import time

import serial

SILENCE = 1.0
"""Seconds after which a module says no more."""

_RESET = ("AT#FTPCLOSE", "AT#SSLH=1", "AT#SSLEN=1,0", "AT#SGACT=1,0", "AT&F1")
"""Errors mean nothing: there may be nothing to end."""
_LONGEST = 20.0
"""Seconds that ending a connection may take."""
_GUARD_TIME = 1.2


def clean(line: serial.Serial) -> bool:
    """Leave data mode, end connections, restore the factory's settings; False when the module is silent."""
    line.timeout = SILENCE
    if ask(line, "AT") is None:
        time.sleep(_GUARD_TIME)
        line.write(b"+++")
        time.sleep(_GUARD_TIME)
        line.reset_input_buffer()
        if ask(line, "AT") is None:
            return False
    line.timeout = _LONGEST
    for command in _RESET:
        ask(line, command)
    line.timeout = SILENCE
    return True


def ask(line: serial.Serial, command: str) -> str | None:
    """The answer up to its result; None when there is none in time."""
    line.write(f"{command}\r".encode())
    heard = ""
    while text := line.readline().decode("latin-1"):
        heard += text
        if text.startswith(("OK", "ERROR", "NO CARRIER", "+CME ERROR")):
            return heard
    return None
