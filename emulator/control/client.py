"""The other side of a control socket: one request, one answer."""

import socket
from pathlib import Path
from typing import Any

import msgspec

from emulator.errors import UserError

_PATIENCE = 10.0
"""Seconds for an answer, which takes the emulator less than one."""


def ask(path: Path, do: str, **parameters: Any) -> Any:
    """Ask the emulator whose control socket is at `path`; what it answers.

    Raises:
        UserError: nobody answers there, or the emulator refuses.
    """
    request = msgspec.json.encode({"do": do, **parameters}) + b"\n"
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_PATIENCE)
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
