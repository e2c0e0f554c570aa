"""Hold the messages that wait in the network, and record those that the device has sent."""

import re
from collections import deque
from collections.abc import Callable

import msgspec

from emulator.device.sms import alphabet
from emulator.device.sms.address import ALPHANUMERIC, LONGEST_NAME, Address
from emulator.device.sms.tpdu import HEADER, MORE_FOLLOWS_NOT, Deliver, Submit
from emulator.device.sms.user_data import parts_of
from emulator.errors import UserError


class Sent(msgspec.Struct, frozen=True):
    """A message that the device has sent, for the user of the emulator."""

    number: str
    text: str
    pdu: bytes
    """The TPDU as it went to the service centre."""


class Mailbox:
    """The network's side: holds messages until the device can receive them, and records the sent ones."""

    def __init__(self, own_numbers: tuple[str, ...], present: Callable[[], bytes]) -> None:
        """`own_numbers` lead back to the module; `present` makes a time stamp of the network's time."""
        self.waiting: deque[Deliver] = deque()
        self.sent: list[Sent] = []
        self.stamp = present
        self._own = own_numbers
        self._parts = 0

    def __repr__(self) -> str:
        return f"<Mailbox {len(self.waiting)} wait, {len(self.sent)} sent>"

    def post(self, number: str, text: str) -> None:
        """Send the device a text, in several messages where one is not enough.

        Raises:
            UserError: `number` is neither a telephone number nor a name that a message can carry.
        """
        origin = _origin(number)
        self._parts += 1
        parts = parts_of(text, self._parts)
        first = MORE_FOLLOWS_NOT | (HEADER if len(parts) > 1 else 0)
        for data, coding in parts:
            self.waiting.append(Deliver(first, origin, 0, coding.value, self.stamp(), data))

    def took(self, sent: Sent, message: Submit) -> None:
        """Record a sent message; one to the device's own number is received again."""
        self.sent.append(sent)
        if sent.number in self._own:
            first = MORE_FOLLOWS_NOT | message.first & HEADER
            self.waiting.append(
                Deliver(first, message.destination, message.protocol, message.scheme, self.stamp(), message.data)
            )


def _origin(number: str) -> Address:
    if re.fullmatch(r"\+?[0-9]{1,20}", number):
        return Address.of(number)
    try:
        if not number.startswith("+") and 0 < len(alphabet.septets(number)) <= LONGEST_NAME:
            return Address(number, ALPHANUMERIC)
    except ValueError:
        pass
    raise UserError(f"{number!r} sends no message; give a telephone number, or a name of at most 11 characters")
