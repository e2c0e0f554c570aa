"""Define one item of security data as NVM keeps it. Guide 3.3."""

from enum import IntEnum
from typing import Literal

from emulator.device.memory.record import Record

SETTING = "security_data."
"""Begins the settings of the emulator that name a file with an item."""
Format = Literal["PEM", "DER"]
"""Form in which security data was entered."""


class SecurityItem(Record, frozen=True):
    """One stored certificate or key, as it was entered."""

    format: Format
    data: bytes


class DataType(IntEnum):
    """<DataType> of #SSLSECDATA."""

    CERTIFICATE = 0
    CA_CERTIFICATE = 1
    PRIVATE_KEY = 2
