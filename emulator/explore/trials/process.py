"""The process in which trials run: one of its own, or that of a test."""

import os
from collections.abc import Callable
from multiprocessing.connection import Connection

from emulator.explore.trials.processes import end_descendants, keep_orphans, kill_descendants
from emulator.explore.trials.stuck import StuckHost, listening_addresses


class SharedProcess:
    """Run trials in a process that has threads and children beside them: nothing is known of these."""

    def watch(self, port: str, silence: float) -> Callable[[], bool]:
        """Return what tells whether the host at a port is stuck for ever; `silence` is that of its trial."""
        return lambda: False

    def kill_hosts(self) -> None:
        """Kill what host programs have started; their exit codes are still to be taken."""

    def end_hosts(self) -> None:
        """Kill what host programs have left, once they have ended."""


class OwnProcess(SharedProcess):
    """Run trials in a process that does nothing else, as another one orders."""

    def __init__(self, orders: Connection) -> None:
        """Take the connection by which the orders come; its end is the end of the process."""
        self._orders = orders
        self._lab: frozenset[str] | None = None
        """Addresses at which the lab listens; they stay the same, and to list them takes milliseconds."""
        keep_orphans()

    def watch(self, port: str, silence: float) -> Callable[[], bool]:
        if self._lab is None:
            self._lab = listening_addresses()
        stuck = StuckHost(port, self._lab, silence)

        def look() -> bool:
            if self._orders.poll():
                raise EOFError  # nobody is left to whom it could be told
            return stuck.look()

        return look

    def kill_hosts(self) -> None:
        kill_descendants()

    def end_hosts(self) -> None:
        end_descendants()

    def end(self, status: int) -> None:
        """End at once, with all host programs; whoever wants it so removes the files."""
        kill_descendants()
        os._exit(status)
