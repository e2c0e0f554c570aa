"""Keep scripts in the module's file store, and which of them would run; none ever does."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.errors import Cause, DeviceError
from emulator.later import later

if TYPE_CHECKING:
    from emulator.device.needs import memory as needs
else:
    needs = later("emulator.device.needs.memory")


class Script(Record, frozen=True):
    """A script in the store."""

    content: bytes
    hidden: bool = False
    """Whether it is never shown."""


class ScriptStore:
    """Scripts by their names, within the room that the profile gives."""

    def __init__(self, room: int, store: NvmStore) -> None:
        """`room` is the size of the store, in bytes."""
        self._room = room
        self._store = store

    def __repr__(self) -> str:
        return f"<ScriptStore {' '.join(self.all)}>"

    @property
    def all(self) -> Mapping[str, Script]:
        """Return the scripts by name, in their order."""
        return dict(sorted(self._store.content.scripts.items()))

    @property
    def free(self) -> int:
        """Return the bytes that are free."""
        return max(0, self._room - sum(len(script.content) for script in self._store.content.scripts.values()))

    def __getitem__(self, name: str) -> Script:
        """Return a script.

        Raises:
            DeviceError: there is none of that name.
        """
        try:
            return self._store.content.scripts[name]
        except KeyError:
            known = ", ".join(self.all) or "none"
            reason = f"no script {name!r} is stored; stored: {known}"
            raise DeviceError(Cause.NOT_FOUND, reason, needs.StoredScript(name)) from None

    def check_room(self, name: str, size: int) -> None:
        """Refuse a script for which there is no room; one of the same name makes way for it.

        Raises:
            DeviceError: there is not enough.
        """
        before = self._store.content.scripts.get(name)
        if size > self.free + (0 if before is None else len(before.content)):
            others = [other for other in self.all if other != name]
            reason = f"the script has {size} bytes, and {self.free} are free"
            raise DeviceError(Cause.MEMORY_FULL, reason, needs.ScriptRoom(others[0]) if others else None)

    def write(self, name: str, script: Script) -> None:
        """Write a script, in the place of one of the same name.

        Raises:
            DeviceError: there is no room for it, or the memory fails.
        """
        self.check_room(name, len(script.content))
        with self._store.change() as nvm:
            nvm.scripts[name] = script

    def delete(self, name: str) -> None:
        """Delete a script.

        Raises:
            DeviceError: there is none of that name, or the memory fails.
        """
        self[name]
        with self._store.change() as nvm:
            del nvm.scripts[name]

    @property
    def selected(self) -> str:
        """Return the name of the script that would run; empty for none."""
        return self._store.content.selected_script

    def select(self, name: str) -> None:
        """Select the script that would run, whether it is there or not.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.selected_script = name
