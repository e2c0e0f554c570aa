"""Data of a socket as #SRECV and SRING print it. IP Easy User Guide 5.2."""

from emulator.device.connection.stream import Reading

HEXADECIMAL = 1
"""<recvDataMode> and <sendDataMode>."""


def shown(data: bytes, mode: int) -> bytes:
    """Format data as <recvDataMode> has it."""
    return data.hex().upper().encode() if mode == HEXADECIMAL else data


def described(number: int, reading: Reading) -> str:
    """Describe where data comes from, its size and what is left of it, as SRING mode 3 and <UDPInfo> have it."""
    address, port = reading.source or ("", 0)
    return f'"{address}",{port},{number},{len(reading.data)},{reading.left}'
