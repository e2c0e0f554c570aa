"""What a host opens: a pseudo-terminal, or a pipe in memory for tests."""

from emulator.ports.memory import MemoryPort
from emulator.ports.port import HIGH_MARK, LOW_MARK, Port, PortOwner
from emulator.ports.pty import PtyPort

__all__ = ["HIGH_MARK", "LOW_MARK", "MemoryPort", "Port", "PortOwner", "PtyPort"]
