"""Choose the application of the card that the module uses from this start on. Software User Guide 2.10.6."""

from emulator.device.memory.settings import StoredSettings
from emulator.device.memory.store import NvmStore
from emulator.device.sim.card import Sim
from emulator.device.sim.file_system import FileSystem
from emulator.device.sim.files import files_of
from emulator.device.sim.interface import Card, CardInterface
from emulator.device.sim.usim import UsimInterface
from emulator.device.sim.usim_files import usim_files_of
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.stored import USIM_APPLICATION


def started_card(profile: Profile, store: NvmStore, sim: Sim, stored: StoredSettings) -> Card:
    """Return the card as it is at power-on: the master file is selected."""
    if _uses_usim(profile, stored):
        return UsimInterface(FileSystem(profile, store, sim, usim_files_of), sim)
    return CardInterface(FileSystem(profile, store, sim, files_of), sim)


def _uses_usim(profile: Profile, stored: StoredSettings) -> bool:
    applications = profile.sim.applications
    if len(applications) == 1:
        return "USIM" in applications
    wanted = stored[USIM_APPLICATION] if USIM_APPLICATION in profile.stored else 1
    return wanted == 1
