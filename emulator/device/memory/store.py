"""Keep the content of NVM, here for one run only, and change it in transactions."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec

from emulator.decoding import decode_json
from emulator.errors import Cause, DeviceError

if TYPE_CHECKING:
    from emulator.device.memory.content import Nvm


class Draft(SimpleNamespace):
    """The fields of `Nvm` while they are changed; its mappings are dicts. A wrong name or type ends the change."""


class NvmStore:
    """A store whose content only `change` can change."""

    def __init__(self, content: "Nvm") -> None:
        self._content = content
        self._changing = False
        self.writes = 0
        """How often it has been written."""
        self.power_failure: Callable[[], Callable[[], None] | None] = lambda: None
        """Called at each write; returns a function that cuts the power during it, or None."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._content.model}>"

    @property
    def content(self) -> "Nvm":
        """Return the content last written. The object never changes: the next write makes another one."""
        return self._content

    @contextmanager
    def change(self) -> Iterator[Draft]:
        """Write the draft after the block: all of it, or nothing.

        The block must not wait. What follows from the change belongs behind the block, where it has been written.

        Raises:
            DeviceError: the memory fails; the content is what it was.
            RuntimeError: a change is open already; both belong into one.
            msgspec.ValidationError: the draft is no content of NVM.
        """
        if self._changing:
            raise RuntimeError("NVM is being changed already: put both changes into one")
        self._changing = True
        try:
            draft = Draft(**{name: _thawed(value) for name, value in msgspec.structs.asdict(self._content).items()})
            yield draft
            encoded = msgspec.json.encode(vars(draft), enc_hook=dict)
            content = decode_json(encoded, type(self._content))
        finally:
            self._changing = False
        self._write(encoded)
        self._content = content
        self.writes += 1

    def _write(self, encoded: bytes) -> None:
        cut_power = self.power_failure()
        if cut_power is not None:
            cut_power()
            raise DeviceError(
                Cause.MEMORY_FAILURE, "the power failed while the memory was written; nothing has changed"
            )
        try:
            self._keep(encoded)
        except OSError as error:
            raise DeviceError(
                Cause.MEMORY_FAILURE, f"the module's memory cannot be written, and nothing has changed: {error}"
            ) from error

    def _keep(self, encoded: bytes) -> None:
        """Write the encoded content to the medium.

        Raises:
            OSError: that fails.
        """

    def close(self) -> None:
        """Release the medium."""


def _thawed(value: Any) -> Any:
    return {key: _thawed(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value
