"""Resets a real module to a factory-like state before a dialogue."""

import time

import serial

SILENCE = 1.0
"""Seconds of silence that end an answer."""

_RESET = ("AT#FTPCLOSE", "AT#SSLH=1", "AT#SSLEN=1,0", "AT#SGACT=1,0", "AT&F1")
"""Commands of the reset. Errors are ignored: there may be nothing to close."""
_LONGEST = 20.0
"""Longest time to close a connection, in seconds."""
_GUARD_TIME = 1.2


def clean(line: serial.Serial) -> bool:
    """Leave data mode, close connections and restore the factory settings; return False when the module is silent."""
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
    """Send a command; return the answer up to its final result, None when there is no answer in time."""
    line.write(f"{command}\r".encode())
    heard = ""
    while text := line.readline().decode("latin-1"):
        heard += text
        if text.startswith(("OK", "ERROR", "NO CARRIER", "+CME ERROR")):
            return heard
    return None
