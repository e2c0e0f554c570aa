"""Mail server and account: #ESMTP, #EADDR, #EUSER, #EPASSW, #SMTPCFG, #ESAV, #ERST. IP Easy User Guide 3.5.2."""

from collections.abc import Callable
from typing import Annotated

from msgspec.structs import replace

from emulator.at.answers import Information
from emulator.at.command import Command, Parameter
from emulator.at.parameters import Number, Text
from emulator.at.syntax import Form
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.email import EmailConfiguration
from emulator.firmware.schema.profile import Profile

_GUIDE = "IP Easy User Guide 3.5.2"
_LATER = "AT Commands Reference Guide of later lines"


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


def _limits(choose: Callable[[EmailConfiguration], Numeric | None]) -> Callable[[Profile], Numeric | None]:
    """Return the limits of a number of #SMTPCFG, where there is such a command."""

    def limits(profile: Profile) -> Numeric | None:
        configuration = profile.email.configuration
        return None if configuration is None else choose(configuration)

    return limits


def _reserved(place: int) -> Callable[[Profile], Numeric | None]:
    return _limits(lambda configuration: Numeric(choices=(0,)) if configuration.reserved >= place else None)


email_configuration = Command("#SMTPCFG", source=_LATER, requires="email.configuration")


@email_configuration.set
def configure(
    at: Context,
    secure: Annotated[int, Number(_limits(lambda configuration: configuration.secure))],
    port: Annotated[int, Number(_limits(lambda configuration: configuration.port))] | None = None,
    mode: Annotated[int, Number(_limits(lambda configuration: configuration.modes))] | None = None,
    reserved_1: Annotated[int, Number(_reserved(1)), "Reserved; 0."] | None = None,
    reserved_2: Annotated[int, Number(_reserved(2)), "Reserved; 0."] | None = None,
    cid: Annotated[int, Number(_limits(lambda configuration: configuration.cids))] | None = None,
) -> None:
    """Set whether mails are protected by TLS, port and context; what is left out stays, and #ESAV saves it.

    Args:
        secure: 1 protects mails by TLS.
        port: The port of the server.
        mode: How the session starts: 0 with TLS, 1 by STARTTLS; it counts with TLS alone.
        cid: The PDP context.

    Example:
        AT#SMTPCFG=0,25
    """
    settings = at.device.email.settings
    values = {"secure": secure, "port": port, "mode": mode, "cid": cid}
    given = {name: value for name, value in values.items() if value is not None}
    settings.current = replace(settings.current, **given)


@email_configuration.read
def show_configuration(at: Context) -> Information:
    """Show them."""
    settings, configuration = at.device.email.settings, at.profile.email.configuration
    assert configuration is not None, "the command requires it"
    values = [
        settings.current.secure,
        settings.port,
        *([settings.current.mode] if configuration.modes is not None else []),
        *[0] * configuration.reserved,
        *([settings.cid] if configuration.cids is not None else []),
    ]
    return Information.of(f"{at.name}: {','.join(map(str, values))}")


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
