"""Sending of mails: #EMAILACT, #EMAILD, #SEMAIL, #EMAILMSG. IP Easy User Guide 3.5.2."""

from collections.abc import Callable, Mapping
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text
from emulator.at.prompt import TextPrompt
from emulator.commands.context import Context
from emulator.commands.email.link import MailLink
from emulator.commands.kinds import no_values
from emulator.commands.packet.activation import Switch
from emulator.device.email.attachment import Attachment, BinaryAttachment, TextAttachment
from emulator.device.email.client import Mail
from emulator.device.network.contexts import IP_CONTEXT, Stack
from emulator.errors import Cause, DeviceError

_GUIDE = "IP Easy User Guide 3.5.2"
_AT_GUIDE = "AT Commands Reference Guide"
_HSPA_GUIDE = "MultiTech HSPA+ AT Commands Reference Guide"

_NONE = 0
_ATTACHMENTS: Mapping[int, tuple[Callable[[str], Attachment], int]] = {
    1: (TextAttachment, 0),
    2: (BinaryAttachment, 1),
}
"""By kind: the attachment, and the encoding that it has."""

Name = Annotated[str, Text(lambda profile: profile.email.parameter_length)]
Recipient = Annotated[
    str,
    Text(lambda profile: profile.email.parameter_length, pattern=".+", form="not empty"),
    "The address of the recipient.",
]
AttachmentFlag = Annotated[
    int, Number(lambda profile: profile.email.attachment), "Whether a file is attached; 0 says no."
]


email_activation = Command("#EMAILACT", source=_AT_GUIDE)


@email_activation.set
async def activate_for_email(at: Context, state: Switch) -> None:
    """Activate context 1 for mails, or deactivate it; the address is not shown.

    Args:
        state: 0 deactivates, 1 activates.

    Example:
        AT#EMAILACT=0
    """
    contexts = at.device.contexts
    if not state:
        contexts.deactivate(IP_CONTEXT)
        return
    easy = at.device.easy.settings.current
    await contexts.activate(IP_CONTEXT, Stack.INTERNAL, easy.user, easy.password)


@email_activation.read
def show_email_activation(at: Context) -> Information:
    """Show whether it is active."""
    return Information.of(f"#EMAILACT: {int(at.device.contexts.is_active(IP_CONTEXT))}")


email_send = Command("#EMAILD", source=_GUIDE, test=no_values)


@email_send.set
async def send_mail(
    at: Context, recipient: Recipient, subject: Name, attachment: AttachmentFlag = FROM_PROFILE
) -> None:
    """Send a mail, whose text is entered at the prompt, by the active context 1.

    Args:
        subject: The subject of the mail.

    Example:
        AT#ESMTP="smtp.lab"
        AT#EADDR="me@here.lab"
        AT#EMAILD="you@there.lab","Hello"
        > Good morning
    """
    email = at.device.email
    email.check()
    mail = await _entered(at, recipient, subject)
    with at.instance.dialling():
        await email.send(mail)


email_send_alone = Command("#SEMAIL", source=_AT_GUIDE, test=no_values)


@email_send_alone.set
async def send_mail_alone(
    at: Context, recipient: Recipient, subject: Name, attachment: AttachmentFlag = FROM_PROFILE
) -> None:
    """Activate context 1, send a mail, whose text is entered at the prompt, and deactivate the context.

    Args:
        subject: The subject of the mail.

    Example:
        AT#ESMTP="smtp.lab"
        AT#EADDR="me@here.lab"
        AT#SGACT=1,0
        AT#SEMAIL="you@there.lab","Hello"
        > Good morning
    """
    email = at.device.email
    email.check_without_context()
    mail, easy = await _entered(at, recipient, subject), at.device.easy.settings.current
    with at.instance.dialling():
        await email.send_with_context(mail, easy.user, easy.password)


async def _entered(at: Context, recipient: str, subject: str) -> Mail:
    entry = await at.instance.enter(TextPrompt(at.profile.email.text_limit))
    return Mail(recipient, subject, entry.data)


mail_with_attachment = Command("#SMTPCL", source=_HSPA_GUIDE, test=no_values)


@mail_with_attachment.set
async def send_mail_with_attachment(
    at: Context,
    recipient: Recipient,
    subject: Name,
    kind: Annotated[int, Number(lambda profile: profile.email.attachment_kinds)],
    file_name: Annotated[str, Text(lambda profile: profile.email.file_name_length)] = "",
    encoding: Annotated[int, Number(lambda profile: profile.email.encodings)] | None = None,
) -> MailLink | None:
    """Send a mail alone (0), or with a file that is sent online until +++: a text (1), or bytes in base64 (2).

    Args:
        subject: The subject of the mail.
        kind: 0 no attachment, 1 a text, 2 bytes in base64.
        file_name: The name of the attachment.
        encoding: 0 7 bits, 1 8 bits.

    Example:
        AT#ESMTP="smtp.lab"
        AT#EADDR="me@here.lab"
        AT#SMTPCL="you@there.lab","Hello",0
        > Good morning
    """
    email = at.device.email
    attachment = _attachment(kind, file_name, encoding)
    email.check()
    mail = await _entered(at, recipient, subject)
    with at.instance.dialling():
        if attachment is not None:
            return MailLink(await email.begin(mail, attachment))
        await email.send(mail)
    return None


def _attachment(kind: int, name: str, encoding: int | None) -> Attachment | None:
    if kind == _NONE:
        return None
    if not name:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"file_name is missing; kind {kind} needs it")
    make, its_encoding = _ATTACHMENTS[kind]
    if encoding not in (None, its_encoding):
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED, f"encoding is {encoding}; a file of kind {kind} has {its_encoding}"
        )
    return make(name)


email_message = Command("#EMAILMSG", source=_AT_GUIDE, test=no_values)


@email_message.execute
def show_server_message(at: Context) -> Information:
    """Show the last line that a mail server has replied."""
    reply = at.device.email.last_reply
    return Information.of(f"#EMAILMSG: {reply.last_line if reply is not None else ''}")
