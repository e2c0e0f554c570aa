"""What a host opens: a pseudo-terminal, a port on the network, or a pipe in memory for tests."""

from emulator.ports.memory import MemoryPort
from emulator.ports.port import HIGH_MARK, LOW_MARK, Port, PortOwner
from emulator.ports.pty import PtyPort
from emulator.ports.tcp import TcpPort

__all__ = ["HIGH_MARK", "LOW_MARK", "MemoryPort", "Port", "PortOwner", "PtyPort", "TcpPort"]
