"""What all trials have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from emulator.errors import UserError
from emulator.explore.far_end.expectation import Expectation
from emulator.explore.trials.host_function import HostFunction
from emulator.host_program import HostProgram, scaled
from emulator.lab.record import Record
from emulator.options import ModemOptions


class Servers(Protocol):
    """Servers whose record can be read: the lab, or those of a test."""

    @property
    def record(self) -> Record:
        """Return what they have received."""

    def forget(self) -> None:
        """Let them be as at their start."""

    def settle(self) -> bool:
        """Wait until all is read of clients that are gone."""


@dataclass(frozen=True)
class Setting:
    """The host program, its modems, and the far end."""

    command: Sequence[str]
    options: ModemOptions = field(default_factory=ModemOptions)
    """Options of each modem, but for its firmware."""
    lab: bool = False
    """Whether each worker has servers of the lab."""
    check: Sequence[str] = ()
    """The command of `--check`; empty for none."""
    expectations: Sequence[Expectation] = ()
    """What the servers must have received when the host says success."""
    patience: float = 30.0
    """Seconds of the module's time that a fault may last and the host must still bear it."""
    servers: Servers | None = None
    """Servers of another process in the place of a lab; as they serve one run, there can be one job only."""
    function: HostFunction | None = None
    """What is called in the place of the command."""
    is_of_a_test: bool = False
    """Whether a test has made it, which has what no command line could name: functions, servers."""

    def __post_init__(self) -> None:
        if self.expectations and not self.lab and self.servers is None:
            raise UserError(
                "--expect-upload, --expect-line and --expect-file look at the servers of the lab, and there is none: "
                "give --lab, and a route where your host has another name for the server, as in "
                "--route api.example.com:443=http.lab:443; or look at your own server by --check COMMAND"
            )

    def start(self, port: str) -> HostProgram:
        """Start the host: the command, or the function.

        Raises:
            UserError: there is no such program, or the function cannot be called.
        """
        environment = scaled(self.options.time_scale)
        if self.function is not None:
            return self.function.start(port, environment)
        return HostProgram(self.command, port, environment)
