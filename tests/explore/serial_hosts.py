"""Small hosts with one weakness each, as programs of their own."""

import sys
from collections.abc import Sequence
from pathlib import Path

_COMMON = """
import sys, time, serial

port = serial.Serial(sys.argv[1], timeout=0.05)

def say(line):
    port.write(line.encode() + b"\\r")

def until(*ends, seconds=3.0):
    heard, over = b"", time.monotonic() + seconds
    while not heard.endswith(ends):
        if time.monotonic() > over:
            sys.exit("error: no answer: " + repr(heard))
        heard += port.read(1)
    return heard

def ask(line):
    say(line)
    heard = until(b"\\r\\nOK\\r\\n", b"ERROR\\r\\n")
    if b"ERROR" in heard:
        sys.exit("error: refused")
    return heard

def ask_again(line, times=20):
    for _ in range(times):
        port.reset_input_buffer()
        say(line)
        heard, over = b"", time.monotonic() + 0.5
        while time.monotonic() < over:
            heard += port.read(64)
            if heard.endswith(b"\\r\\nOK\\r\\n"):
                return heard
    sys.exit("error: no answer")
"""


def host(folder: Path, body: str) -> Sequence[str]:
    """Write a host; return its command."""
    path = folder / "host.py"
    path.write_text(_COMMON + body)
    return [sys.executable, str(path), "{port}"]
