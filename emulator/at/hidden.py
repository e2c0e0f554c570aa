"""Finds secrets inside arguments: the codes in an instruction for the SIM card or in a dialled one."""

import msgspec


class Hidden(msgspec.Struct, frozen=True):
    """A secret, and where it stands in the argument."""

    start: int
    end: int
    code: str = ""
    """Which code of the SIM card it is, as `pin` or `puk2`; empty where that cannot be told."""
    text: str = ""
    """The digits of the code."""
    is_padded: bool = False
    """Whether it is written as eight octets, in hexadecimal digits."""
