"""Small host programs in Python for the tests of explorations."""

import sys
from pathlib import Path

HEAD = '''
import os, select, sys, time
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)

def read(seconds):
    ready, _, _ = select.select([port], [], [], seconds)
    return os.read(port, 1024) if ready else b""

def answer(command, seconds=5):
    """Read up to the final result; return how many pieces it had."""
    os.write(port, command.encode() + b"\\r")
    said, pieces, until = b"", 0, time.monotonic() + seconds
    while not (said.endswith(b"OK\\r\\n") or b"ERROR" in said):
        if time.monotonic() > until:
            sys.exit(f"no answer to {command}")
        said += read(seconds)
        pieces += 1
    return pieces

def at_once(command):
    """Take what comes first for the whole answer."""
    os.write(port, command.encode() + b"\\r")
    if not read(5).endswith(b"OK\\r\\n"):
        sys.exit(f"{command} has failed")

answer("ATE0")
'''


def host(folder: Path, text: str) -> list[str]:
    """Write a host program; return its command."""
    program = folder / "host.py"
    program.write_text(HEAD + text, encoding="utf-8")
    return [sys.executable, str(program), "{port}"]
