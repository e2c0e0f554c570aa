"""Put the parts of a card together."""

from emulator.device.memory.store import NvmStore
from emulator.device.sim.application import Application
from emulator.device.sim.card import Sim
from emulator.device.sim.file_system import FileSystem
from emulator.device.sim.files import files_of
from emulator.device.sim.interface import Card, CardInterface
from emulator.device.sim.preferred import PreferredNetworks
from emulator.device.sim.usim import UsimInterface
from emulator.device.sim.usim_files import usim_files_of
from emulator.firmware.schema.profile import Profile


class InsertedCard:
    """The card of one start, as the module and its host use it; it is made when something of it is first asked for."""

    def __init__(self, profile: Profile, store: NvmStore, sim: Sim, application: Application) -> None:
        """Make it as it is at power-on: the master file is selected."""
        self.contacts: Card
        if application == "USIM":
            self.contacts = UsimInterface(FileSystem(profile, store, sim, usim_files_of), sim)
        else:
            self.contacts = CardInterface(FileSystem(profile, store, sim, files_of), sim)
        self.preferred_networks = PreferredNetworks(self.contacts.files)

    def __repr__(self) -> str:
        return f"<InsertedCard {self.contacts!r}>"
