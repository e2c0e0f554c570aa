"""Find out where a module has kept something: in a setting, in NVM."""

from collections.abc import Mapping, Sequence

from emulator.at.settings import ProfilePart
from emulator.firmware.loader import Firmware
from emulator.manual.conversation import Conversation


class Memory:
    """What a module keeps, to be compared later."""

    def __init__(self, host: Conversation, firmware: Firmware) -> None:
        self._modem = host.bench.modem
        self._parts = {name: setting.part for name, setting in firmware.profile.settings.items()}
        self._settings = dict(self._modem.instance.settings)
        self._nvm = self._modem.device.nvm

    def changes(self) -> list[str]:
        """Say where something is kept that was not kept before."""
        settings = self._modem.instance.settings
        parts = {self._parts[name] for name, value in settings.items() if value != self._settings[name]}
        found = [_PARTS[part] for part in ProfilePart if part in parts]
        nvm = self._modem.device.nvm
        changed = [name for name in nvm.__struct_fields__ if getattr(nvm, name) != getattr(self._nvm, name)]
        if changed:
            told = [name.replace("_", " ") for name in changed if name != "stored"]
            found.append(f"In NVM at once{_in_brackets(told)}; it stays without power.")
        return found


_PARTS: Mapping[ProfilePart, str] = {
    ProfilePart.BASE: "In the AT instance, until power-off; AT&W stores it in the base part of a user profile.",
    ProfilePart.EXTENDED: "In the AT instance, until power-off; AT&W stores it in the extended part of a user profile.",
    ProfilePart.NONE: "In the AT instance, until power-off.",
}


def place_of(setting: str, firmware: Firmware) -> str:
    """Return where a setting of the AT instance is kept."""
    return _PARTS[firmware.profile.settings[setting].part]


def _in_brackets(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if names else ""
