"""Define the configuration of the secure socket in NVM. Guide 3.4."""

from emulator.device.memory.record import Record


class SocketConfiguration(Record, frozen=True):
    """Settings of #SSLCFG."""

    packet_size: int
    inactivity: int
    default_timeout: int
    transmission: int
    ring_mode: int = 0
    no_carrier_mode: int = 0
    host_mismatch: int = 0
    unused: int = 0
    equal_pieces: int = 0
    connection_timeout: int = 0
