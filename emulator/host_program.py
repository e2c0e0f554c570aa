"""Runs a host application under test: a program in any language, with a modem's port, to its end."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from emulator.errors import UserError

PORT_VARIABLE = "TELIT_PORT"
"""The environment variable that names the port."""
SCALE_VARIABLE = "TELIT_TIME_SCALE"
"""The environment variable that says how many seconds of the module pass in one, for hosts that can wait faster."""


@dataclass(frozen=True)
class HostRun:
    """Result of a host program: its exit code and output."""

    command: tuple[str, ...]
    exit_code: int
    """Negative: the signal that ended it."""
    output: str
    errors: str


def scaled(time_scale: float) -> Mapping[str, str]:
    """Return the environment of a host program whose module's time runs `time_scale` times as fast."""
    return {SCALE_VARIABLE: f"{time_scale:g}"}


class HostTimeout(Exception):
    """Raised when a host program did not end in time; it was killed with all its children."""

    def __init__(self, command: Sequence[str], limit: float, output: str, errors: str) -> None:
        super().__init__(f"{command[0]} did not end within {limit:g} s; it has said {(output + errors)[-500:]!r}")
        self.output = output
        self.errors = errors


class HostProgram:
    """Run a host program in a session of its own, from construction on."""

    def __init__(
        self,
        command: Sequence[str],
        port: str,
        environment: Mapping[str, str] | None = None,
        *,
        what: str = "host program",
    ) -> None:
        """Start the program; `{port}` in its arguments and TELIT_PORT in its environment are the port.

        Args:
            command: the program and its arguments.
            port: the port's path.
            environment: variables beside those of this process.
            what: what the program is, for the error.

        Raises:
            UserError: there is no such program.
        """
        self.command = tuple(argument.replace("{port}", port) for argument in command)
        try:
            self._process = subprocess.Popen(  # noqa: S603  running what the user names is what this is for
                self.command,
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
            raise UserError(f"{what} {self.command[0]!r}: {reason}; name one that can be run") from error

    def __repr__(self) -> str:
        return f"<HostProgram {self.command[0]}, {self._process.returncode}>"

    def wait(self, timeout: float) -> HostRun:
        """Read the output until the program ends.

        Raises:
            HostTimeout: it takes longer than `timeout` seconds of real time; it has been killed.
        """
        with self._process as process:
            try:
                output, errors = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                self.end()
                output, errors = process.communicate()
                raise HostTimeout(self.command, timeout, output, errors) from None
            except BaseException:
                self.end()
                raise
        return HostRun(self.command, process.returncode, output, errors)

    @property
    def pid(self) -> int:
        """Return the number of the process, which is that of its session, too."""
        return self._process.pid

    def poll(self, seconds: float) -> HostRun | None:
        """Read the output for a while; return the result if the program ends meanwhile, or None."""
        try:
            output, errors = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        return HostRun(self.command, self._process.returncode, output, errors)

    def end(self) -> None:
        """Kill the program and its children."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
