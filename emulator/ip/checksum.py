"""The Internet checksum (RFC 1071)."""


def checksum(data: bytes) -> int:
    """Return the checksum of some data; 0 for data that holds its right checksum.

    That sum is the remainder by 0xFFFF of the data read as one number, since 0x10000 leaves 1; it is 0 for zeros alone.
    """
    number = int.from_bytes(data + bytes(len(data) % 2), "big")
    return -number % 0xFFFF if number else 0xFFFF
