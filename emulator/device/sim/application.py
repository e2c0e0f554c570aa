"""Choose the application of the card that the module uses from this start on. Software User Guide 2.10.6."""

from typing import Literal

from emulator.device.memory.settings import StoredSettings
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.stored import USIM_APPLICATION

Application = Literal["GSM", "USIM"]


def started_application(profile: Profile, stored: StoredSettings) -> Application:
    """Return the application by the settings in force."""
    applications = profile.sim.applications
    if len(applications) == 1:
        return "USIM" if "USIM" in applications else "GSM"
    wanted = stored[USIM_APPLICATION] if USIM_APPLICATION in profile.stored else 1
    return "USIM" if wanted == 1 else "GSM"
