"""Keep the messages that wait for #MQREAD."""

from collections.abc import Mapping

import msgspec

from emulator.firmware.limits import Numeric


class ReceivedMessage(msgspec.Struct, frozen=True):
    """A message of the broker."""

    topic: bytes
    payload: bytes


class Inbox:
    """Messages by <mId>, the lowest free number first; as many, and as many bytes, as the profile allows."""

    def __init__(self, numbers: Numeric, room: int) -> None:
        low, high = numbers.range or (1, 0)
        self._numbers = range(low, high + 1)
        self._room = room
        self._messages: dict[int, ReceivedMessage] = {}

    def __repr__(self) -> str:
        return f"<Inbox {len(self._messages)} messages, {self.used} bytes>"

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def messages(self) -> Mapping[int, ReceivedMessage]:
        """Return the messages by <mId>."""
        return self._messages

    @property
    def used(self) -> int:
        """Return how many bytes the messages take."""
        return sum(len(message.topic) + len(message.payload) for message in self._messages.values())

    def put(self, message: ReceivedMessage) -> int | None:
        """Keep a message; return its <mId>, or None where there is no room for it."""
        if self.used + len(message.topic) + len(message.payload) > self._room:
            return None
        number = next((number for number in self._numbers if number not in self._messages), None)
        if number is not None:
            self._messages[number] = message
        return number

    def take(self, number: int) -> ReceivedMessage | None:
        """Take a message out; None where there is none of that number."""
        return self._messages.pop(number, None)

    def clear(self) -> None:
        """Forget all messages."""
        self._messages.clear()
