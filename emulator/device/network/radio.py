"""Register the device with the network, as far as SIM, coverage and +CFUN allow it."""

from collections.abc import Callable

from emulator.device.calendar import Calendar
from emulator.device.lack import Lack
from emulator.device.memory.store import NvmStore
from emulator.device.needs.network import RadioOn, WantedRegistration
from emulator.device.network.registration import DEREGISTERED, Network
from emulator.device.network.search import Search
from emulator.device.sim.card import Sim
from emulator.device.sim.card_lack import CARD_LACKS, UNDETECTED_CARD
from emulator.firmware.schema.hardware import Power as PowerProfile
from emulator.firmware.schema.network import Operator

_SETS_CALENDAR = 1
"""Bit of #NITZ: the network's time sets the calendar."""


class Radio:
    """Decides when the device is registered; made anew at each start."""

    def __init__(
        self,
        profile: PowerProfile,
        network: Network,
        search: Search,
        sim: Sim,
        calendar: Calendar,
        store: NvmStore,
    ) -> None:
        self._radio_off = profile.radio_off
        self._full_functionality = profile.functionality.default or 0
        self._network = network
        self._search = search
        self._sim = sim
        self._calendar = calendar
        self._store = store
        self.functionality = self._full_functionality
        """<fun> of +CFUN."""
        self.on_network_time: list[Callable[[], None]] = []
        """Called when the network has told the time."""
        self._explain_registration = network.explain_no_service
        network.explain_no_service = self.explain_no_service
        sim.on_ready.append(self.register)
        sim.on_change.append(self._sim_changed)

    def __repr__(self) -> str:
        return f"<Radio {'on' if self.is_on else 'off'}, {self._network!r}>"

    @property
    def is_on(self) -> bool:
        """Return whether +CFUN lets the device register."""
        return self.functionality not in self._radio_off

    def explain_no_service(self) -> Lack:
        """Say why the network does not serve the module: radio, card, host or network."""
        if not self.is_on:
            return self.off
        if not self._sim.ready:
            return UNDETECTED_CARD if self._sim.looks_absent else CARD_LACKS[self._sim.state]
        if self._network.operator_mode == DEREGISTERED:
            return Lack("the host has ended the registration", WantedRegistration())
        return self._explain_registration()

    @property
    def off(self) -> Lack:
        """Return what is missing while the radio is off."""
        return Lack(f"the radio is off at functionality {self.functionality}", RadioOn(self._full_functionality))

    def set_functionality(self, level: int) -> None:
        """Set the functionality, and register or deregister as it says; +COPS=2 holds while the radio stays on."""
        was_on, self.functionality = self.is_on, level
        if self.is_on:
            if not (was_on and self._network.operator_mode == DEREGISTERED):
                self.register()
        else:
            self.leave()

    def leave(self) -> None:
        """Deregister, and search no more."""
        self._search.stop()
        self._network.set_registration(0)

    def stop(self) -> None:
        """Search no more: the power has gone."""
        self._search.stop()

    async def searched(self) -> None:
        """Wait for the end of a search, if there is one."""
        await self._search.over()

    @property
    def searches(self) -> bool:
        """Whether a network is being searched for."""
        return self._search.under_way

    def register(self) -> None:
        """Register with the home network, if the SIM is unlocked and the radio is on."""
        if self._sim.ready and self.is_on:
            self.join(None)

    def join(self, operator: Operator | None) -> None:
        """Search for an operator, None for the home network, register there, and take its time."""
        self._search.begin(operator, lambda: self._found(operator))

    def _found(self, operator: Operator | None) -> None:
        registered_before = self._network.registered
        self._network.restore(operator)
        self._search.attach()
        if self._network.registered and not registered_before:
            self.take_network_time()
            for listener in self.on_network_time:
                listener()

    def take_network_time(self) -> None:
        """Set the calendar to the network's time, if the device is registered and #NITZ allows it."""
        if self._network.registered and self._store.content.network_time & _SETS_CALENDAR:
            self._calendar.set_from_network()

    def coverage_changed(self) -> None:
        """Take the registration that the network offers now, unless the host wants none."""
        if self._sim.in_use and self.is_on and self._network.operator_mode != DEREGISTERED:
            self.join(self._network.operator)

    def packet_service_changed(self) -> None:
        """Lose or take up packet service, as the network has it now."""
        self._network.packet_service_changed()

    def signal_changed(self) -> None:
        """Tell the listeners of this start that the signal has changed."""
        for listener in self._network.on_signal:
            listener()

    def _sim_changed(self) -> None:
        """End the registration when the SIM is not unlocked."""
        if not self._sim.ready:
            self.leave()
