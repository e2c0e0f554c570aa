"""The guide's example 4.5.2 over the port that is named, with the dialogue of examples/python_host.

It exits with 0 when all was answered as the guide prints it.
"""

import sys
from contextlib import closing

from at import Dialogue

_SECONDS = 20.0
_PIECE = 15


def _exchange(at: Dialogue) -> bytes:
    for command in ("ATE0", 'AT+CGDCONT=1,"IP","benchmark"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
        at.command(command, _SECONDS)
    at.command('AT#SSLD=1,443,"123.124.125.126",0,1', _SECONDS)
    at.enter("AT#SSLSEND=1", b"Send this string to the SSL server!", _SECONDS)
    said = (at.receive(_PIECE, _SECONDS) or b"") + (at.receive(_PIECE, _SECONDS) or b"")
    at.command("AT#SSLH=1", _SECONDS)
    return said


if __name__ == "__main__":
    with closing(Dialogue(sys.argv[1])) as at:
        sys.exit(_exchange(at) != b"Response of the server!")
