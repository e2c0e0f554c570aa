"""Sending of mails: #EMAILACT, #EMAILD, #SEMAIL, #EMAILMSG. IP Easy User Guide 3.5.2."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text
from emulator.at.prompt import TextPrompt
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.packet.activation import Switch
from emulator.device.email.client import Mail
from emulator.device.network.contexts import IP_CONTEXT, Stack

_GUIDE = "IP Easy User Guide 3.5.2"
_AT_GUIDE = "AT Commands Reference Guide"

Name = Annotated[str, Text(lambda profile: profile.email.parameter_length)]
Recipient = Annotated[str, Text(lambda profile: profile.email.parameter_length, pattern=".+")]
Attachment = Annotated[int, Number(lambda profile: profile.email.attachment)]


email_activation = Command("#EMAILACT", source=_AT_GUIDE)


@email_activation.set
async def activate_for_email(at: Context, state: Switch) -> None:
    """Activate context 1 for mails, or deactivate it; the address is not shown."""
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
async def send_mail(at: Context, recipient: Recipient, subject: Name, attachment: Attachment = FROM_PROFILE) -> None:
    """Send a mail, whose text is entered at the prompt, by the active context 1."""
    email = at.device.email
    email.check()
    await email.send(await _entered(at, recipient, subject))


email_send_alone = Command("#SEMAIL", source=_AT_GUIDE, test=no_values)


@email_send_alone.set
async def send_mail_alone(
    at: Context, recipient: Recipient, subject: Name, attachment: Attachment = FROM_PROFILE
) -> None:
    """Activate context 1, send a mail, whose text is entered at the prompt, and deactivate the context."""
    email = at.device.email
    email.check_without_context()
    mail, easy = await _entered(at, recipient, subject), at.device.easy.settings.current
    await email.send_with_context(mail, easy.user, easy.password)


async def _entered(at: Context, recipient: str, subject: str) -> Mail:
    entry = await at.instance.enter(TextPrompt(at.profile.email.text_limit))
    return Mail(recipient, subject, entry.data)


email_message = Command("#EMAILMSG", source=_AT_GUIDE, test=no_values)


@email_message.execute
def show_server_message(at: Context) -> Information:
    """Show the last line that a mail server has replied."""
    reply = at.device.email.last_reply
    return Information.of(f"#EMAILMSG: {reply.last_line if reply is not None else ''}")
