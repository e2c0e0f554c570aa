"""Commands that only set a number: ATE, AT&K, ATS12, AT+CMEE …, for each setting of the profile that none declares.

Sources: V.250 5.3.2 and 6, 27.007 9, AT Commands Reference Guide.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number
from emulator.commands.basic.option_summaries import SUMMARIES
from emulator.commands.context import Context
from emulator.commands.kinds import setting, single_setting, stored
from emulator.firmware.acted_on import ACTED_ON
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile

_MOST = 512


def commands_of(profile: Profile, declared: Collection[str]) -> Iterable[Command]:
    """Make a command for each number of the profile that no declared command sets."""
    for name in profile.settings:
        if name in declared:
            continue
        if name[0] == "S":
            yield _register(name)
        elif name[0] not in "+#":
            yield _basic(name, profile.settings[name])
        elif "." not in name:
            yield _single(name)
    for name in profile.stored:
        if name not in declared and "." not in name:
            yield _stored(name)


# Many profiles have the same ones: a program that runs several firmwares makes each command once.


@lru_cache(maxsize=_MOST)
def _single(name: str) -> Command:
    summary = SUMMARIES.get(name, "Set the value; without one, the default.")
    source = "27.007" if name[0] == "+" else "AT Commands Reference Guide"
    return single_setting(setting(name), summary, source=source)


@lru_cache(maxsize=_MOST)
def _stored(name: str) -> Command:
    summary = "Set the value, which is kept in NVM; without one, the default."
    return single_setting(stored(name), summary, source="AT Commands Reference Guide")


@lru_cache(maxsize=_MOST)
def _basic(name: str, limits: Numeric) -> Command:
    summary = SUMMARIES.get(name, "Set the option to the number that follows.")
    command = Command(name, source="V.250 6", summary=summary, has_effect=name in ACTED_ON)

    @command.set
    def assign(at: Context, value: Annotated[int, Number(limits)]) -> None:
        """Set the option to the number that follows."""
        at.settings[name] = value

    @command.execute
    def clear(at: Context) -> None:
        """Set the option to 0, which is what a missing number means."""
        if limits.allows(0):
            at.settings[name] = 0

    _show_three_digits(command)
    return command


@lru_cache(maxsize=_MOST)
def _register(name: str) -> Command:
    summary = SUMMARIES.get(name, "Set the S-register.")
    command = single_setting(setting(name).required, summary, source="V.250 5.3.2")
    _show_three_digits(command)
    return command


def _show_three_digits(command: Command) -> None:
    @command.read
    def show(at: Context) -> Information:
        """Show the number, with three digits."""
        return Information.of(f"{at.settings[command.name]:03d}")
