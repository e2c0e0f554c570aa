"""Sending and writing messages, as text or as PDU. 27.005 3.5 and 4."""

from collections.abc import Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Text
from emulator.at.prompt import TextPrompt
from emulator.commands.character_set import octets_of
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.messages.lines import in_text_mode
from emulator.commands.messages.settings import Octet, address_of, messages_ready
from emulator.commands.messages.stored import Index, status_of
from emulator.commands.messages.text import user_data
from emulator.commands.remedies import Lines
from emulator.device.sms.address import Address, decoded_centre
from emulator.device.sms.memory import Status
from emulator.device.sms.tpdu import (
    ABSOLUTE,
    HEADER,
    KIND,
    RELATIVE,
    SUBMIT,
    VALIDITY,
    Message,
    StatusReport,
    Submit,
    decode,
)
from emulator.errors import Cause, DeviceError

Target = Annotated[str, Text(84)]
_LONGEST_PDU = 164


message_send = Command("+CMGS", source="27.005 3.5.1", needs=messages_ready, test=no_values)


@message_send.set
async def send(at: Context, target: Target, kind: Octet | None = None) -> Information:
    """Send a text to a number, or a PDU of so many octets, entered at the prompt; the answer is its reference.

    Args:
        target: Text mode: the number. PDU mode: the octets of the PDU without its service centre.
        kind: 129 national, 145 international.

    Example:
        AT+CMGF=1
        AT+CMGS="+39333"
        > Hello
    """
    if in_text_mode(at.settings):
        address = address_of(at, target, kind)
        *parts, message = await _entered_text(at, address)
        centre = None
        for part in parts:
            at.device.messages.send(part)
    else:
        centre, entered = await _entered_pdu(at, target)
        if not isinstance(entered, Submit):
            raise DeviceError(at.profile.sms.refusals.pdu, "the PDU is a message that has come, not one to be sent")
        message = entered
    return Information.of(f"+CMGS: {at.device.messages.send(message, centre)}")


async def _entered_text(at: Context, address: Address) -> list[Submit]:
    """Return the message that was entered, or the parts of one that is too long."""
    entry = await at.instance.enter(TextPrompt(at.profile.sms.text_limit))
    messages_ready(at)  # the card may have gone meanwhile
    refusals = at.profile.sms.refusals
    first, _, protocol, scheme = at.device.messages.parameters
    if first & KIND != SUBMIT:
        reason = f"<fo> of +CSMP is {first}, which is no message to be sent"
        raise DeviceError(refusals.text, reason, _default_parameters(at))
    period = _period(at, first)
    try:
        parts = user_data(entry.data.decode("latin-1"), at.characters, first, scheme, at.device.messages.next_reference)
    except ValueError as error:
        raise DeviceError(refusals.text, f"the text cannot be sent: {error}") from error
    if len(parts) > 1 and not (at.profile.sms.long_texts or at.settings["#SMSMODE"]):
        raise DeviceError(refusals.text, "the text is too long for one message", Lines(("AT#SMSMODE=1",)))
    first |= HEADER if len(parts) > 1 else 0
    return [Submit(first, address, protocol, scheme, period, part) for part in parts]


def _period(at: Context, first: int) -> bytes:
    """Return <vp> in the format that <fo> asks for."""
    messages, wanted = at.device.messages, first & VALIDITY
    if not wanted:
        return b""
    if wanted == RELATIVE and messages.expiry is None:
        return bytes((messages.parameters[1],))
    if wanted == ABSOLUTE and messages.expiry is not None:
        return messages.expiry
    formats = {RELATIVE: "a number", ABSOLUTE: "a time"}
    reason = f"<fo> of +CSMP is {first}, which asks for {formats.get(wanted, 'another form')} as <vp>"
    raise DeviceError(at.profile.sms.refusals.text, reason, _default_parameters(at))


def _default_parameters(at: Context) -> Lines:
    """Return the line that sets <fo> and <vp> to their factory values."""
    first, validity, _, _ = at.profile.sms.parameters
    return Lines((f"AT+CSMP={first},{validity}",))


async def _entered_pdu(at: Context, size: str) -> tuple[Address | None, Message]:
    """Return what was entered: the service centre, None for the card's own, and the message."""
    if not (size.isascii() and size.isdigit() and len(size) <= 3 and int(size) <= _LONGEST_PDU):
        reason = f"in PDU mode the parameter is the length of the PDU, 0 to {_LONGEST_PDU}, and not {size!r}"
        raise DeviceError(at.profile.sms.refusals.pdu, reason, Lines(("AT+CMGF=1",)))
    entry = await at.instance.enter(TextPrompt(at.profile.sms.text_limit))
    messages_ready(at)  # the card may have gone meanwhile
    try:
        centre, octets = decoded_centre(octets_of(entry.data.decode("latin-1").strip()))
        if len(octets) != int(size):
            raise ValueError(f"behind the service centre it has {len(octets)} octets, and the command said {size}")
        message = decode(octets)
        if isinstance(message, StatusReport):
            raise ValueError("a report is not sent or written")
        return centre, message
    except ValueError as error:
        raise DeviceError(at.profile.sms.refusals.pdu, f"the PDU cannot be used: {error}") from error


message_write = Command("+CMGW", source="27.005 3.5.3", needs=messages_ready, test=no_values)


@message_write.execute
@message_write.set
async def write(
    at: Context, target: Target = "", kind: Octet | None = None, status: Annotated[str, Text(12)] = ""
) -> Information:
    """Store a text with its number, or a PDU, entered at the prompt, without sending it; the answer is its index.

    Args:
        target: Text mode: the number. PDU mode: the octets of the PDU without its service centre.
        kind: Text mode: 129 national, 145 international. PDU mode: the status.
        status: Text mode: "STO UNSENT", "STO SENT", "REC UNREAD" or "REC READ".

    Example:
        AT+CMGF=1
        AT+CMGW="+39333"
        > Hello
    """
    if in_text_mode(at.settings):
        address = address_of(at, target, kind)
        stored = status_of(at, status) if status else Status.UNSENT
        messages: Sequence[Message] = await _entered_text(at, address)
        centre: Address | None = None
    else:
        stored = Status.UNSENT if kind is None else status_of(at, str(kind))
        centre, message = await _entered_pdu(at, target)
        messages = [message]
    is_ours = all(isinstance(message, Submit) for message in messages)
    expected = (Status.UNSENT, Status.SENT) if is_ours else (Status.UNREAD, Status.READ)
    stored = Status.READ if stored == Status.UNSENT and not is_ours else stored
    if stored not in expected:
        allowed = " or ".join(f"{status.value} ({status.text})" for status in expected)
        reason = f"the status is {stored}; a message of this kind has {allowed}"
        raise DeviceError(at.profile.sms.refusals.pdu, reason)
    before = (centre or at.device.messages.centre).encoded_for_centre()
    pdus = [before + message.encoded() for message in messages]
    return Information.of(f"+CMGW: {at.device.messages.selected[1].add(Status(stored), *pdus)}")


message_send_stored = Command("+CMSS", source="27.005 3.5.2", needs=messages_ready, test=no_values)


@message_send_stored.set
def send_stored(at: Context, index: Index, target: Target = "", kind: Octet | None = None) -> Information:
    """Send a stored message, to its own number or to another.

    Args:
        target: Another number than the message has.
        kind: 129 national, 145 international.

    Example:
        AT+CMGF=1
        AT+CMGW="+39333"
        > Hello
        AT+CMSS=1
    """
    memory = at.device.messages.selected[1]
    centre, octets = decoded_centre(memory[index].pdu)
    message = decode(octets)
    if not isinstance(message, Submit):
        raise DeviceError(Cause.SMS_NOT_ALLOWED, f"the message at index {index} has come, and is not to be sent")
    if target:
        message = message.to(address_of(at, target, kind))
    return Information.of(f"+CMSS: {at.device.messages.send(message, centre, stored_at=index)}")
