"""Say what a refused request lacks."""

import msgspec

from emulator.errors import Cause, DeviceError, Need


class Lack(msgspec.Struct, frozen=True):
    """What is missing, in words and as a need."""

    reason: str
    need: Need | None = None

    def refusal(self, cause: Cause | None) -> DeviceError:
        """Return the refusal with this cause."""
        return DeviceError(cause, self.reason, self.need)
