"""Finds the telephone numbers of a message that is entered as a PDU, and of a SIM card's record. 23.040 9.2.2.2."""

import re
from collections.abc import Iterator

_ENTERED = re.compile(rb"([0-9A-F]{20,})\s*\x1a", re.IGNORECASE)
_FIRST_OCTET_AND_REFERENCE = 4
"""Digits between the service centre and the number."""
_RECORD = re.compile(r"0[2-9AB](?:91|81|A1)((?:[0-9A-F]{2}){10})[0-9A-F]{4}\Z", re.IGNORECASE)
"""The end of a record of the SIM card with a telephone number (51.011 10.5.1)."""


def number_in_record(data: str) -> Iterator[str]:
    """Return the number of a record of the SIM card, in hexadecimal digits; nothing where there is none."""
    record = _RECORD.search(data)
    if record is not None:
        yield _unswapped(record[1])


def numbers_in_pdu(entry: bytes) -> Iterator[str]:
    """Return the number of the service centre and that of the receiver; nothing where the entry is no PDU."""
    entered = _ENTERED.fullmatch(entry)
    if entered is None:
        return
    pdu = entered[1].decode()
    centre = 2 * int(pdu[:2], 16)
    yield _unswapped(pdu[4 : 2 + centre])
    length = pdu[2 + centre + _FIRST_OCTET_AND_REFERENCE :]
    if len(length) > 4:
        digits = int(length[:2], 16)
        yield _unswapped(length[4 : 4 + digits + digits % 2])


def _unswapped(digits: str) -> str:
    pairs = (digits[index : index + 2][::-1] for index in range(0, len(digits), 2))
    return "".join(pairs).upper().rstrip("F")
