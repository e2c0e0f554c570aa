"""Needs of messages, the phonebook, the receiver and scripts."""

from dataclasses import dataclass

from emulator.errors import Need


@dataclass(frozen=True)
class KnownCentre(Need):
    """The number of a service centre is known."""


@dataclass(frozen=True)
class ShownMessage(Need):
    """A message was shown at once, and is to be acknowledged."""


@dataclass(frozen=True)
class MessageRoom(Need):
    """The memory has room for a message."""

    memory: str
    index: int
    """A message that is there."""


@dataclass(frozen=True)
class PhonebookRoom(Need):
    """The storage has room for an entry."""

    index: int
    """An entry that is there."""


@dataclass(frozen=True)
class WritableStorage(Need):
    """A storage is selected that the host may write."""

    storage: str
    """The name of one."""


@dataclass(frozen=True)
class UsersList(Need):
    """The user's list of networks is selected."""


@dataclass(frozen=True)
class FreePlace(Need):
    """The list of networks has a free place."""

    place: int
    """A place that is taken."""


@dataclass(frozen=True)
class ReceiverOn(Need):
    """The receiver of positions is on."""


@dataclass(frozen=True)
class ControlledReceiver(Need):
    """The module controls the receiver of positions."""


@dataclass(frozen=True)
class StoredScript(Need):
    """A script of that name is stored."""

    name: str


@dataclass(frozen=True)
class ScriptRoom(Need):
    """There is room for a script."""

    name: str
    """A script that is there."""
