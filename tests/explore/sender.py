"""A host that sends bytes to the lab: by a socket in command mode, a connection for each time.

Usage: sender.py PORT FILE TIMES [EXIT_CODE]
"""

import sys
from pathlib import Path

import serial

port, file, times = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
exit_code = int(sys.argv[4]) if len(sys.argv) > 4 else 0


def ask(line: bytes, until: bytes = b"OK\r\n") -> None:
    modem.write(line)
    heard = modem.read_until(until)
    if not heard.endswith(until):
        sys.exit(f"{line!r} is answered by {heard!r}")


with serial.Serial(port, timeout=20) as modem:
    ask(b"ATE0\r")
    ask(b'AT+CGDCONT=1,"IP","internet"\r')
    ask(b"AT#SGACT=1,1\r", b"OK\r\n")
    for _ in range(times):
        ask(b"AT#SD=1,0,7,echo.lab,0,0,1\r")
        ask(b"AT#SSEND=1\r", b"> ")
        ask(file.read_bytes() + b"\x1a")
        ask(b"AT#SH=1\r")
sys.exit(exit_code)
