"""Say what a refused request lacks."""

from dataclasses import dataclass

from emulator.errors import Cause, DeviceError, Need


@dataclass(frozen=True)
class Lack:
    """What is missing, in words and as a need."""

    reason: str
    need: Need | None = None

    def refusal(self, cause: Cause | None) -> DeviceError:
        """Return the refusal with this cause."""
        return DeviceError(cause, self.reason, self.need)
