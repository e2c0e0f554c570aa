"""Keep the lists of networks that the card prefers: the user's, the operator's and the home networks'. 27.007 7.19."""

import msgspec

from emulator.device.needs.memory import FreePlace, UsersList
from emulator.device.sim import coding
from emulator.device.sim.file_system import FileSystem
from emulator.device.sim.files import PREFERRED_NETWORKS, TECHNOLOGY_LISTS
from emulator.errors import Cause, DeviceError

_GSM, _UTRAN = 0x0080, 0x8000


class Preferred(msgspec.Struct, frozen=True):
    """One network of a list."""

    numeric: str
    gsm: bool = True
    utran: bool = False


class PreferredNetworks:
    """The lists, of which one is selected until power-off."""

    def __init__(self, files: FileSystem) -> None:
        self._files = files
        self.selected = 0
        """<list> of +CPLS."""

    def __repr__(self) -> str:
        return f"<PreferredNetworks, list {self.selected}>"

    @property
    def _file(self) -> int:
        """The file of the list; a card without access technologies has the user's list alone."""
        file = TECHNOLOGY_LISTS[self.selected]
        return file if file in self._files.files else PREFERRED_NETWORKS

    @property
    def _octets(self) -> int:
        return 3 if self._file == PREFERRED_NETWORKS else 5

    def networks(self) -> dict[int, Preferred]:
        """Return the networks by their places, from 1."""
        content, size = self._files.content(self._file), self._octets
        records = (content[start : start + size] for start in range(0, len(content), size))
        networks = {place: _read(record) for place, record in enumerate(records, 1)}
        return {place: one for place, one in networks.items() if one.numeric}

    def prefer(self, place: int | None, network: Preferred | None) -> None:
        """Write a network, at the first free place if none is given; None frees the place.

        Raises:
            DeviceError: no place is free, the list is not the user's, or the memory fails.
        """
        if self.selected:
            raise DeviceError(
                Cause.OPERATION_NOT_ALLOWED, "only the user's list of networks can be changed", UsersList()
            )
        content, size = self._files.content(self._file), self._octets
        used = self.networks()
        if place is None:
            place = next((one for one in range(1, len(content) // size + 1) if one not in used), None)
        if place is None:
            raise DeviceError(Cause.MEMORY_FULL, f"all {len(used)} places of the list are taken", FreePlace(max(used)))
        record = (coding.FREE_NETWORK + bytes(2) if network is None else _coded(network))[:size]
        self._files.keep(self._file, content[: size * (place - 1)] + record + content[size * place :])


def _read(record: bytes) -> Preferred:
    technologies = int.from_bytes(record[3:], "big") if record[3:] else _GSM
    return Preferred(coding.numeric_of(record[:3]), bool(technologies & _GSM), bool(technologies & _UTRAN))


def _coded(network: Preferred) -> bytes:
    technologies = (_GSM if network.gsm else 0) | (_UTRAN if network.utran else 0)
    return coding.network(network.numeric) + technologies.to_bytes(2, "big")
