"""Commands that only set a number that NVM keeps at once: #AUTOBND, #AUTOATT, +WS46 … AT Commands Reference Guide."""

from collections.abc import Collection, Iterable
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number
from emulator.commands.context import Context
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.settings import Default


def commands_of(profile: Profile, declared: Collection[str]) -> Iterable[Command]:
    """A command for each stored number of the profile that no declared command looks after."""
    for name, definition in profile.stored.items():
        if name not in declared and "." not in name:
            yield _stored(name, definition)


def _stored(name: str, definition: Default) -> Command:
    command = Command(name, source="AT Commands Reference Guide")

    @command.set
    def assign(at: Context, value: Annotated[int, Number(definition)] = FROM_PROFILE) -> None:
        """Set the value, which is kept in NVM; without one, the default."""
        at.device.stored.keep({name: value})

    @command.read
    def show(at: Context) -> Information:
        """Show the value."""
        return Information.of(f"{name}: {at.device.stored[name]}")

    return command
