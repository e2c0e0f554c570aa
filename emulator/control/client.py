"""Sends requests to a control socket, and hears events."""

import select
import shlex
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import IOBase
from pathlib import Path
from typing import Any

import msgspec

from emulator.errors import UserError
from emulator.trace.files import write_whole

_TIMEOUT = 10.0
"""Seconds for an answer; the emulator needs less than one."""
_MOST = 64 * 1024
"""Bytes of events that are read at once."""


def copy_events(path: Path, names: Sequence[str], output: int) -> None:
    """Copy the events of the emulator whose control socket is at `path` to a descriptor, as lines of JSON.

    It ends with the emulator, or when nobody reads the output any more.

    Raises:
        UserError: nobody answers there, or there is no such event.
    """
    with _connected(path) as connection:
        lines = connection.makefile("rb", buffering=0)
        _exchange(path, connection, lines, {"do": "events", "names": names})
        waiting = select.poll()
        waiting.register(connection, select.POLLIN)
        waiting.register(output, 0)  # which tells when the reader of a pipe has gone
        with suppress(ConnectionError):
            while output not in dict(waiting.poll()) and (data := connection.recv(_MOST)):
                write_whole(output, data)


def ask(path: Path, do: str, **parameters: Any) -> Any:
    """Send a request to the control socket at `path`; return the answer.

    Raises:
        UserError: nobody answers there, or the emulator refuses.
    """
    with _connected(path) as connection:
        return _exchange(path, connection, connection.makefile("rb"), {"do": do, **parameters})


@contextmanager
def _connected(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_TIMEOUT)
        try:
            connection.connect(str(path))
        except OSError as error:
            raise _no_answer(path, error) from error
        yield connection


def _exchange(path: Path, connection: socket.socket, lines: IOBase, request: Mapping[str, Any]) -> Any:
    """Send a request; return what its answer holds."""
    try:
        connection.sendall(msgspec.json.encode(request) + b"\n")
        line = lines.readline()
    except OSError as error:
        raise _no_answer(path, error) from error
    if not line:
        raise UserError(f"{path}: the emulator has hung up; look whether it still runs")
    answer = msgspec.json.decode(line, type=dict[str, Any])
    if "error" in answer:
        raise UserError(answer["error"])
    return answer["ok"]


def _no_answer(path: Path, error: OSError) -> UserError:
    why = error.strerror or str(error)
    shown = shlex.quote(str(path))
    return UserError(f"{shown}: no emulator answers ({why}); start one with `run --control {shown}`")
