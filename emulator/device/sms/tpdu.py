"""Encode and decode the TPDUs between device and service centre. 23.040 9.2.2."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from emulator.device.sms.address import Address, decoded
from emulator.device.sms.user_data import Coding, UserData, coding_of

MORE_FOLLOWS_NOT = 0x04
"""TP-MMS of a message that comes: none waits behind it."""
HEADER = 0x40
"""TP-UDHI: the user data begins with a header."""
REPORT = 0x20
"""TP-SRR: the sender requests a status report."""
KIND = 3
"""TP-MTI."""
SUBMIT = 1
"""TP-MTI of a message to be sent."""
_DELIVER, _STATUS_REPORT = 0, 2
VALIDITY, RELATIVE, ABSOLUTE = 0x18, 0x10, 0x18
"""TP-VPF: its bits, and two of the formats that they can name."""
_VALIDITY_SIZES = {0x00: 0, 0x10: 1, 0x08: 7, 0x18: 7}


class Submit(msgspec.Struct, frozen=True):
    """A message that the device sends."""

    first: int
    """<fo>."""
    destination: Address
    protocol: int
    """<pid>."""
    scheme: int
    """<dcs>."""
    validity: bytes
    """<vp>: no octet, one (relative), or seven."""
    data: UserData
    reference: int = 0
    """<mr>."""

    @property
    def address(self) -> Address:
        """Return the destination address."""
        return self.destination

    def to(self, destination: Address) -> "Submit":
        """Copy the message for another destination."""
        return replace(self, destination=destination)

    def encoded(self) -> bytes:
        """Encode it in octets."""
        head = bytes((self.first, self.reference)) + self.destination.encoded()
        return (
            head + bytes((self.protocol, self.scheme)) + self.validity + bytes((self.data.length,)) + self.data.octets
        )


class Deliver(msgspec.Struct, frozen=True):
    """A message that the device receives."""

    first: int
    origin: Address
    protocol: int
    scheme: int
    stamp: bytes
    """When the service centre got it: seven octets (9.2.3.11)."""
    data: UserData

    @property
    def address(self) -> Address:
        """Return the originating address."""
        return self.origin

    def encoded(self) -> bytes:
        """Encode it in octets."""
        head = bytes((self.first,)) + self.origin.encoded() + bytes((self.protocol, self.scheme))
        return head + self.stamp + bytes((self.data.length,)) + self.data.octets


class StatusReport(msgspec.Struct, frozen=True):
    """A report on a message that the device has sent."""

    reference: int
    recipient: Address
    stamp: bytes
    discharged: bytes
    status: int = 0
    """<st>: 0 received by the other side."""
    first: int = _STATUS_REPORT | MORE_FOLLOWS_NOT

    def encoded(self) -> bytes:
        """Encode it in octets."""
        head = bytes((self.first, self.reference)) + self.recipient.encoded()
        return head + self.stamp + self.discharged + bytes((self.status,))


Message = Submit | Deliver


def text_of(message: Message) -> str:
    """Decode the text without the header that may stand before it; octets as Latin-1."""
    text = message.data.text if not message.first & HEADER else message.data.text_behind_header
    return text(coding_of(message.scheme))


def decode(octets: bytes) -> Message | StatusReport:
    """Decode a TPDU that a memory holds.

    Raises:
        ValueError: it is none of the three, cut off, or longer than it says.
    """
    if len(octets) < 2:
        raise ValueError("the message is cut off")
    kind = octets[0] & KIND
    if kind == _STATUS_REPORT:
        return _report(octets)
    if kind not in (_DELIVER, SUBMIT):
        raise ValueError("the message is of a kind that is not stored")
    start = 1 if kind == _DELIVER else 2
    address, rest = decoded(octets[start:])
    between = 7 if kind == _DELIVER else _VALIDITY_SIZES[octets[0] & VALIDITY]
    if len(rest) < 3 + between:
        raise ValueError("the message is cut off")
    protocol, scheme, middle = rest[0], rest[1], rest[2 : 2 + between]
    data = _user_data(rest[2 + between :], coding_of(scheme))
    if kind == _DELIVER:
        return Deliver(octets[0], address, protocol, scheme, middle, data)
    return Submit(octets[0], address, protocol, scheme, middle, data, octets[1])


def _report(octets: bytes) -> StatusReport:
    address, rest = decoded(octets[2:])
    if len(rest) != 15:
        raise ValueError("the status report is not as long as it should be")
    return StatusReport(octets[1], address, rest[:7], rest[7:14], rest[14], octets[0])


def _user_data(octets: bytes, coding: Coding) -> UserData:
    length = octets[0]
    size = (7 * length + 7) // 8 if coding is Coding.GSM else length
    if len(octets) != 1 + size or size > 140:
        raise ValueError("the user data is not as long as it says")
    return UserData(octets[1:], length)


def stamped(local: datetime, zone: int) -> bytes:
    """Encode a local time and its zone in quarters of an hour as a time stamp."""
    fields = [local.year % 100, local.month, local.day, local.hour, local.minute, local.second, abs(zone)]
    octets = bytearray(value % 10 << 4 | value // 10 for value in fields)
    if zone < 0:
        octets[6] |= 0x08
    return bytes(octets)


def stamp_of(text: str) -> bytes:
    """Encode a time in the form that `shown` has.

    Raises:
        ValueError: there is no such time.
    """
    time, zone = text[:_TIME_LENGTH], text[_TIME_LENGTH:]
    return stamped(datetime.strptime(time, "%y/%m/%d,%H:%M:%S"), int(zone))


_TIME_LENGTH = 17


def shown(stamp: bytes) -> str:
    """Format a time stamp as +CMGR prints it: `yy/MM/dd,hh:mm:ss±zz`."""
    year, month, day, hour, minute, second = (f"{octet & 0x0F}{octet >> 4}" for octet in stamp[:6])
    sign = "-" if stamp[6] & 0x08 else "+"
    zone = f"{stamp[6] & 0x07}{stamp[6] >> 4}"
    return f"{year}/{month}/{day},{hour}:{minute}:{second}{sign}{zone}"
