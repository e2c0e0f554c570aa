"""What the fall of DTR does to data mode, as &D says: nothing, suspend the connection, or close it. V.250 6.2.9."""

from collections.abc import Callable, Coroutine
from typing import Any

from emulator.at.answers import FailedResult
from emulator.at.online import DataLink, End
from emulator.at.settings import Settings
from emulator.firmware.schema.terminal import Terminal

DTR_HAS_FALLEN = "DTR has fallen (the host has closed the port), and &D says that this ends the connection"
HUNG_UP = FailedResult.no_carrier(DTR_HAS_FALLEN)
"""The result of a connection that DTR has ended."""

Leave = Callable[[DataLink], End | Coroutine[Any, Any, End]]
"""A way to leave data mode."""


def close(link: DataLink) -> End | Coroutine[Any, Any, End]:
    """End the connection."""
    hanging_up = link.hang_up()
    return HUNG_UP if hanging_up is None else hanging_up


def suspend(link: DataLink) -> End | Coroutine[Any, Any, End]:
    """Leave data mode as the escape sequence does."""
    return link.escape()


class PortDtr:
    """DTR of a port."""

    def __init__(self, settings: Settings, profile: Terminal) -> None:
        self._settings = settings
        self._profile = profile

    def reaction(self, *, host_has_gone: bool) -> Leave | None:
        """Return what its fall does; None for nothing."""
        setting = self._settings["&D"]
        if setting in self._profile.dtr_closes:
            return close
        return suspend if setting in self._profile.dtr_suspends else None


class ChannelDtr(PortDtr):
    """DTR of a channel: its fall means something if the host has gone, or where the multiplexer passes it on."""

    def __init__(self, settings: Settings, profile: Terminal, is_passed_on: Callable[[], bool]) -> None:
        super().__init__(settings, profile)
        self._is_passed_on = is_passed_on

    def reaction(self, *, host_has_gone: bool) -> Leave | None:
        return super().reaction(host_has_gone=host_has_gone) if host_has_gone or self._is_passed_on() else None
