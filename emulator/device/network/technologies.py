"""Radio access technologies: the system that each is of, those that the host allows, and the one in use."""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum

from emulator.firmware.schema.network import Network as NetworkProfile


class System(IntEnum):
    """A radio access network; the higher one is preferred."""

    GERAN = 0
    UTRAN = 1
    EUTRAN = 2


_SYSTEMS: Mapping[int, System] = {
    0: System.GERAN,
    1: System.GERAN,
    2: System.UTRAN,
    3: System.GERAN,
    4: System.UTRAN,
    5: System.UTRAN,
    6: System.UTRAN,
    7: System.EUTRAN,
    8: System.EUTRAN,
    9: System.EUTRAN,
}
"""By <AcT> (27.007 7.3); for the vendor 8 is LTE-M and 9 NB-IoT."""

_PLAIN = {System.GERAN: 0, System.UTRAN: 2}
"""The <AcT> of a system that takes the place of a better one."""

_ALLOWED: Mapping[int, Sequence[System]] = {
    12: (System.GERAN,),
    22: (System.UTRAN,),
    25: tuple(System),
    28: (System.EUTRAN,),
    29: (System.GERAN, System.UTRAN),
    30: (System.GERAN, System.EUTRAN),
    31: (System.UTRAN, System.EUTRAN),
}
"""By value of +WS46 (27.007 5.9)."""


def system_of(technology: int) -> System:
    """Return the system of an <AcT>."""
    return _SYSTEMS[technology]


class Technologies:
    """The technology in use: what the network offers, as far as +WS46 and #WS46 allow it."""

    def __init__(self, profile: NetworkProfile, radio: Callable[[], int], iot: int) -> None:
        """`radio` gives the value of +WS46, which counts at once; `iot` that of #WS46, which counts from a start on."""
        self._profile = profile
        self._radio = radio
        choices = profile.iot_technologies or ()
        self._iot = choices[iot] if iot < len(choices) else ()
        self.asked: int | None = None
        """The <AcT> that the host has chosen with the operator; None leaves it to the module."""

    def __repr__(self) -> str:
        return f"<Technologies, {self.in_use} in use>"

    @property
    def in_use(self) -> int | None:
        """Return the <AcT>; None where it is not printed."""
        offered = self._profile.access_technology
        if offered is None:
            return None
        wanted = self._wanted(offered) if self.asked is None else self.asked
        return wanted if self.allows(wanted) else self._next_best(wanted)

    def allows(self, technology: int) -> bool:
        """Return whether +WS46 allows an <AcT>."""
        return system_of(technology) in _ALLOWED.get(self._radio(), tuple(System))

    def _wanted(self, offered: int) -> int:
        among = self._iot if system_of(offered) is System.EUTRAN else ()
        return offered if not among or offered in among else among[0]

    def _next_best(self, forbidden: int) -> int:
        """Return what is there and allowed below a technology; that one if there is nothing."""
        for system in sorted(_PLAIN, reverse=True):
            there = system is System.GERAN or self._profile.utran_cell is not None
            if there and system < system_of(forbidden) and self.allows(_PLAIN[system]):
                return _PLAIN[system]
        return forbidden
