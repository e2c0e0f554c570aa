"""Needs of messages, the phonebook, the receiver and scripts."""

from emulator.errors import Need


class KnownCentre(Need, frozen=True):
    """The number of a service centre is known."""


class ShownMessage(Need, frozen=True):
    """A message was shown at once, and is to be acknowledged."""


class MessageRoom(Need, frozen=True):
    """The memory has room for a message."""

    memory: str
    index: int
    """A message that is there."""


class PhonebookRoom(Need, frozen=True):
    """The storage has room for an entry."""

    index: int
    """An entry that is there."""


class WritableStorage(Need, frozen=True):
    """A storage is selected that the host may write."""

    storage: str
    """The name of one."""


class UsersList(Need, frozen=True):
    """The user's list of networks is selected."""


class FreePlace(Need, frozen=True):
    """The list of networks has a free place."""

    place: int
    """A place that is taken."""


class ReceiverOn(Need, frozen=True):
    """The receiver of positions is on."""


class ControlledReceiver(Need, frozen=True):
    """The module controls the receiver of positions."""


class StoredScript(Need, frozen=True):
    """A script of that name is stored."""

    name: str


class ScriptRoom(Need, frozen=True):
    """There is room for a script."""

    name: str
    """A script that is there."""
