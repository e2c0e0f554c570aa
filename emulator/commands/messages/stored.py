"""Stored messages: reading, listing, deleting; acknowledging. 27.005 3.4 and 3.5."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text, between
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.messages.lines import MessageView, in_text_mode, listed_lines, read_lines
from emulator.commands.messages.settings import messages_ready
from emulator.device.sms.memory import ALL, MessageMemory, Status, StoredMessage
from emulator.errors import Cause, DeviceError

Index = Annotated[int, between(0, 65535), "The place in the memory of messages."]

_NAMES: Mapping[str, int] = {status.text: int(status) for status in Status}
_LISTED: Mapping[str, int] = {**_NAMES, "ALL": ALL}
"""What `+CMGL` knows beside the statuses that a message can have."""


message_read = Command("+CMGR", source="27.005 3.4.3", needs=messages_ready, test=no_values)


@message_read.set
def read(at: Context, index: Index) -> Information:
    """Show a message; one that was unread is read from now on.

    Example:
        AT+CMGF=1
        AT+CMGW="+39333"
        > Hello
        AT+CMGR=1
    """
    memory = at.device.messages.selected[0]
    stored = memory[index]
    head, body = read_lines(stored, MessageView(at.device, at.settings))
    _mark_read(memory, [(index, stored)])
    return Information(_lines("+CMGR", head, body))


def _lines(name: str, head: str, body: str | None) -> tuple[str, ...]:
    return (f"{name}: {head}",) if body is None else (f"{name}: {head}", body)


def _mark_read(memory: MessageMemory, entries: Iterable[tuple[int, StoredMessage]]) -> None:
    memory.mark({index: Status.READ for index, one in entries if one.status == Status.UNREAD})


message_list = Command("+CMGL", source="27.005 3.4.2", needs=messages_ready)


@message_list.execute
@message_list.set
def list_messages(at: Context, status: Annotated[str, Text(12)] = "") -> Information | None:
    """Show the messages of one status, or with `ALL` (4) all; those that were unread are read from now on.

    Args:
        status: Text mode: "REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL". PDU mode: 0 to 4.

    Example:
        AT+CMGF=1
        AT+CMGW="+39333"
        > Hello
        AT+CMGL="ALL"
    """
    memory = at.device.messages.selected[0]
    entries = list(memory.entries(status_of(at, status, _LISTED) if status else Status.UNREAD))
    shown = [listed_lines(index, one, MessageView(at.device, at.settings)) for index, one in entries]
    _mark_read(memory, entries)
    lines = tuple(line for head, body in shown for line in _lines("+CMGL", head, body))
    return Information(lines) if lines else None


@message_list.test
def test_listing(at: Context) -> Information:
    """Show the statuses in the words of the mode, +CMGF."""
    names = ",".join(f'"{name}"' for name in _LISTED) if in_text_mode(at.settings) else "0-4"
    return Information.of(f"+CMGL: ({names})")


def status_of(at: Context, given: str, names: Mapping[str, int] = _NAMES) -> int:
    """Return the status that the host names in the words of the mode, +CMGF: one of `names`, or its number.

    Raises:
        DeviceError: there is no such status.
    """
    known = names if in_text_mode(at.settings) else {str(number): number for number in names.values()}
    try:
        return known[given.upper()]
    except KeyError:
        mode = "text mode" if in_text_mode(at.settings) else "PDU mode"
        reason = (
            f"{given!r} is no status in {mode}, +CMGF={int(in_text_mode(at.settings))}; there are {', '.join(known)}"
        )
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, reason) from None


message_delete = Command("+CMGD", source="27.005 3.5.4", needs=messages_ready)

_DELETED = {
    1: (Status.READ,),
    2: (Status.READ, Status.SENT),
    3: (Status.READ, Status.SENT, Status.UNSENT),
    4: tuple(Status),
}


@message_delete.set
def delete(at: Context, index: Index, which: Annotated[int, between(0, 4)] = 0) -> None:
    """Delete a message; or all that are read (1), the sent ones too (2), the unsent ones too (3), all (4).

    Args:
        which: 0 that one; 1 all that are read, 2 the sent ones, too, 3 the unsent ones, too, 4 all.

    Example:
        AT+CMGF=1
        AT+CMGW="+39333"
        > Hello
        AT+CMGD=1
    """
    memory = at.device.messages.selected[0]
    if which == 0:
        memory.delete(index)
    else:
        memory.delete_all([i for i, one in memory.entries() if one.status in _DELETED[which]])
    at.device.messages.collect()


@message_delete.test
def test_deleting(at: Context) -> Information:
    """Show the indices in use, not those that could be (27.005 3.5.4), and what can be deleted at once."""
    indices = ",".join(map(str, at.device.messages.selected[0].indices))
    return Information.of(f"+CMGD: ({indices}),{at.values('which')}")


message_acknowledgement = Command("+CNMA", source="27.005 3.4.4", needs=messages_ready)


@message_acknowledgement.set
def acknowledge_as(at: Context, number: Annotated[int, between(0, 2)]) -> None:
    """Acknowledge a message shown by +CMT or +CDS: received (0, 1) or failed (2); the network accepts both.

    Args:
        number: 0 and 1 received, 2 failed.

    Example:
        AT+CSMS=1;+CMGF=1;+CSMP=49,167;+CNMI=2,1,0,1
        AT+CMGS="+39333"
        > Hello
        < +CDS:
        AT+CNMA=0
    """
    at.device.messages.acknowledge()


@message_acknowledgement.execute
def acknowledge(at: Context) -> None:
    """Acknowledge the message."""
    at.device.messages.acknowledge()
