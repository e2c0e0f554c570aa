"""The mail server and its account: #ESMTP, #EADDR, #EUSER, #EPASSW, #ESAV, #ERST. IP Easy User Guide 3.5.2."""

from msgspec.structs import replace

from emulator.at.answers import Information
from emulator.at.command import Command, Parameter
from emulator.at.parameters import Text
from emulator.at.syntax import Form
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.firmware.schema.profile import Profile

_GUIDE = "IP Easy User Guide 3.5.2"


def _longest(profile: Profile) -> int:
    return profile.email.setting_length


class EmailSetting(Command):
    """A command that sets one text of the server's settings, and shows it unless it is secret."""

    def __init__(self, name: str, summary: str, *, field: str, secret: bool = False) -> None:
        """Declare a command for a field of `EmailSettings`."""
        super().__init__(name, source=_GUIDE, summary=summary)
        self._field = field
        self.parameters = (Parameter("value", Text(_longest, secret=secret, shows_length=True), ""),)
        self.handlers = {Form.SET: self._assign} if secret else {Form.SET: self._assign, Form.READ: self._show}

    def _assign(self, at: Context, value: str) -> None:
        settings = at.device.email.settings
        settings.current = replace(settings.current, **{self._field: value})

    def _show(self, at: Context) -> Information:
        return Information.of(f'{self.name}: "{getattr(at.device.email.settings.current, self._field)}"')


email_server = EmailSetting("#ESMTP", "Set the mail server, by name or address; without a value, none.", field="server")
email_address = EmailSetting("#EADDR", "Set the address of the sender.", field="address")
email_user = EmailSetting("#EUSER", "Set the user of the server; without one there is no login.", field="user")
email_password = EmailSetting(
    "#EPASSW", "Set the password of the user; it is not shown.", field="password", secret=True
)
email_save = Command("#ESAV", source=_GUIDE, test=no_values)


@email_save.execute
def save_settings(at: Context) -> None:
    """Save the settings of the mail server in NVM; without it they last until power-off.

    Example:
        AT#EUSER="me"
        AT#ESAV
    """
    at.device.email.settings.save()


email_reset = Command("#ERST", source=_GUIDE, test=no_values)


@email_reset.execute
def reset_settings(at: Context) -> None:
    """Restore the factory's settings of the mail server; #ESAV saves them."""
    at.device.email.settings.reset()
