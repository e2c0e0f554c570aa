"""The phonebook on the SIM card. 27.007 8.11 to 8.14."""

from collections.abc import Iterable
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import DialString, EncodedText, Word, between, fixed
from emulator.commands.calls.supplementary import INTERNATIONAL, NATIONAL
from emulator.commands.context import Context
from emulator.commands.sim.card import records_ready
from emulator.device.sim.phonebook import PhonebookEntry
from emulator.errors import Cause, DeviceError

Index = Annotated[int, between(0, 65535)]

phonebook_storage = Command("+CPBS", source="27.007 8.11", needs=records_ready)


@phonebook_storage.set
def select_storage(
    at: Context,
    name: Annotated[str, Word(lambda profile: tuple(one.name for one in profile.sim.phonebook.storages))],
) -> None:
    """Set the list that the other commands work on."""
    at.device.phonebook.select(name)


@phonebook_storage.read
def show_storage(at: Context) -> Information:
    """Show the list, how many entries it holds, and how many it can hold."""
    phonebook = at.device.phonebook
    return Information.of(f'+CPBS: "{phonebook.selected.name}",{phonebook.used},{phonebook.selected.size}')


phonebook_read = Command("+CPBR", source="27.007 8.12", needs=records_ready)


@phonebook_read.set
def read_entries(at: Context, first: Index, last: Index | None = None) -> Information | None:
    """Show the entry at an index, or those from one to another; those that are empty are left out.

    Args:
        first: The first index, or the only one.
        last: The last index.

    Example:
        AT+CPBW=1,"+39333",145,"Ann"
        AT+CPBR=1
    """
    return _listed(at, at.device.phonebook.entries(first, first if last is None else last))


@phonebook_read.test
def test_reading(at: Context) -> Information:
    """Show the indices, and how long numbers and names may be."""
    limits = at.profile.sim.phonebook
    return Information.of(f"+CPBR: (1-{at.device.phonebook.selected.size}),{limits.number_length},{limits.text_length}")


def _listed(at: Context, entries: Iterable[tuple[int, PhonebookEntry]]) -> Information | None:
    lines = tuple(
        f'{at.name}: {index},"{entry.number}",{entry.type},"{at.characters.written(entry.text)}"'
        for index, entry in entries
    )
    return Information(lines) if lines else None


phonebook_find = Command("+CPBF", source="27.007 8.13", needs=records_ready)


@phonebook_find.set
def find_entries(at: Context, beginning: Annotated[str, EncodedText()]) -> Information:
    """Show the entries whose name begins so.

    Args:
        beginning: How the name begins.

    Example:
        AT+CPBW=1,"+39333",145,"Ann"
        AT+CPBF="A"
    """
    found = _listed(at, at.device.phonebook.find(beginning))
    if found is None:
        storage = at.device.phonebook.selected.name
        raise DeviceError(Cause.NOT_FOUND, f"no name in the phonebook {storage} begins with {beginning!r}")
    return found


@phonebook_find.test
def test_search(at: Context) -> Information:
    """Show how long numbers and names may be."""
    limits = at.profile.sim.phonebook
    return Information.of(f"+CPBF: {limits.number_length},{limits.text_length}")


_NUMBER = DialString(
    lambda profile: profile.sim.phonebook.number_length,
    pattern=r"\+?[0-9*#]+",
    form="digits, * and #, with or without + before them",
    shows_length=True,
)

phonebook_write = Command("+CPBW", source="27.007 8.14", needs=records_ready)


@phonebook_write.set
def write_entry(
    at: Context,
    index: Index | None = None,
    number: Annotated[str, _NUMBER] | None = None,
    number_type: Annotated[int, fixed(NATIONAL, INTERNATIONAL)] | None = None,
    name: Annotated[str, EncodedText(lambda profile: profile.sim.phonebook.text_length, shows_length=True)] = "",
) -> None:
    """Store a number, at the first free index if none is given; the index alone deletes what stands there.

    Args:
        index: The index; the first free one unless given.
        number: The number; without it the entry is deleted.
        number_type: 129 national, 145 international.
        name: The name.

    Example:
        AT+CPBW=1,"+39333",145,"Ann"
        AT+CPBR=1
    """
    if index is None and number is None:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "index and number are missing")
    if number is None:
        at.device.phonebook.write(index, None)
        return
    kind = number_type or type_of(number)
    at.device.phonebook.write(index, PhonebookEntry(number, kind, name))


def type_of(number: str) -> int:
    """Return the type of a number: international with + before it."""
    return INTERNATIONAL if number.startswith("+") else NATIONAL


@phonebook_write.test
def test_writing(at: Context) -> Information:
    """Show the indices, and what numbers and names may be."""
    size = at.device.phonebook.selected.size
    return Information.of(f"+CPBW: (1-{size}),{at.values('number', 'number_type', 'name')}")  # the list's own indices
