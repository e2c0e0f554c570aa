"""Sends one request to a control socket."""

import socket
from pathlib import Path
from typing import Any

import msgspec

from emulator.errors import UserError

_TIMEOUT = 10.0
"""Seconds for an answer; the emulator needs less than one."""


def ask(path: Path, do: str, **parameters: Any) -> Any:
    """Send a request to the control socket at `path`; return the answer.

    Raises:
        UserError: nobody answers there, or the emulator refuses.
    """
    request = msgspec.json.encode({"do": do, **parameters}) + b"\n"
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_TIMEOUT)
            connection.connect(str(path))
            connection.sendall(request)
            line = connection.makefile("rb").readline()
    except OSError as error:
        why = error.strerror or str(error)
        raise UserError(f"{path}: no emulator answers ({why}); start one with `run --control {path}`") from error
    if not line:
        raise UserError(f"{path}: the emulator has hung up; look whether it still runs")
    answer = msgspec.json.decode(line, type=dict[str, Any])
    if "error" in answer:
        raise UserError(answer["error"])
    return answer["ok"]
