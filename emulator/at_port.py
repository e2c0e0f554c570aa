"""One port of a modem with the AT instance behind it; a module may have several."""

from collections.abc import Callable

from emulator.at.command import CommandTable
from emulator.clock import Clock
from emulator.faults.plan import FaultPlan
from emulator.faults.port import FaultyPort
from emulator.instance import Instance
from emulator.module.module import Module
from emulator.ports.port import Port


class AtPort:
    """A `Target` of faults; opened once the module is there."""

    def __init__(self, number: int, make: Callable[[], Port], plan: FaultPlan) -> None:
        """`make` makes the real port; raises what making it raises."""
        self.name = str(number)
        """By which the trace and faults call the AT instance, from `1` on."""
        self.port = FaultyPort(make, plan, self.name)
        self._instance: Instance | None = None

    def __repr__(self) -> str:
        return f"<AtPort {self.name} on {self.port.name}>"

    @property
    def instance(self) -> Instance:
        """The AT instance; there once `serve` was called."""
        assert self._instance is not None
        return self._instance

    def serve(self, module: Module, table: CommandTable) -> None:
        """Put an AT instance of the module behind the port."""
        self._instance = Instance(module, table, self.port, self.name)
        self._instance.connect(self.port)

    def open(self) -> None:
        """Listen to the host."""
        self.port.open(self.instance)

    def close(self) -> None:
        """Take both away; harmless before `serve`."""
        if self._instance is not None:
            self._instance.close()
        self.port.close()

    # As a target of faults.

    @property
    def module(self) -> Module:
        """See `faults.fault.Target`."""
        return self.instance.module

    @property
    def clock(self) -> Clock:
        """See `faults.fault.Target`."""
        return self.module.around.clock

    def notify(self, text: str) -> None:
        """See `faults.fault.Target`."""
        self.instance.notify(text)

    def inject(self, data: bytes) -> None:
        """See `faults.fault.Target`."""
        self.port.inject(data)

    def vanish(self, duration: float) -> None:
        """See `faults.fault.Target`."""
        self.port.vanish(duration)
