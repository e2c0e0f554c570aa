"""Write down a refusal, with its final results on a firmware."""

from emulator.errors import Cause
from emulator.firmware.schema.profile import Profile
from emulator.manual.page import Refusal

_PLAIN = "ERROR"


def refusal(
    profile: Profile,
    cause: Cause | None,
    reason: str,
    *,
    typed: str = "",
    situation: str = "",
    is_general: bool = False,
) -> Refusal:
    """Write a refusal as +CMEE=1 and +CMEE=2 show it."""
    if cause is None:
        return Refusal(typed, situation, _PLAIN, _PLAIN, reason, is_general)
    entry = profile.errors[cause]
    start = f"+{entry.family} ERROR: "
    return Refusal(typed, situation, f"{start}{entry.code}", f"{start}{entry.text}", reason, is_general)
