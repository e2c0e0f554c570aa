"""A host application under test: a program in any language that is run with a modem's port, to its end."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulator.errors import UserError

PORT_VARIABLE = "TELIT_PORT"
"""The environment variable that names the port."""


@dataclass(frozen=True)
class HostRun:
    """How a host program ended, and what it said."""

    command: tuple[str, ...]
    exit_code: int
    """Negative: the signal that ended it."""
    output: str
    errors: str


class HostTimeout(Exception):
    """The host program did not end in time, and was ended with all that it had started."""

    def __init__(self, command: Sequence[str], limit: float, output: str, errors: str) -> None:
        super().__init__(f"{command[0]} did not end within {limit:g} s; it has said {(output + errors)[-500:]!r}")
        self.output = output
        self.errors = errors


def run_host(
    command: Sequence[str], port: str, *, timeout: float = 60.0, environment: Mapping[str, str] | None = None
) -> HostRun:
    """Run `command` until it ends, `{port}` in its arguments and TELIT_PORT in its environment being the port.

    Args:
        command: the program and its arguments.
        port: the modem's.
        timeout: seconds of real time that it may take.
        environment: variables beside those of this process.

    Raises:
        UserError: there is no such program.
        HostTimeout: it takes longer.
    """
    filled = [argument.replace("{port}", port) for argument in command]
    try:
        process = subprocess.Popen(  # noqa: S603  running what the user names is what this is for
            filled,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **(environment or {}), PORT_VARIABLE: port},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UserError(f"host program {' '.join(filled)!r}: {reason}; name one that can be run") from error
    with process:
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            output, errors = process.communicate()
            raise HostTimeout(filled, timeout, output, errors) from None
        except BaseException:
            _end(process)
            raise
    return HostRun(tuple(filled), process.returncode, output, errors)


def _end(process: "subprocess.Popen[str]") -> None:
    """It and whatever it has started: they are a session of their own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
