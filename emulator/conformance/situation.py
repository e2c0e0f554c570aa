"""The situation of the module: its SIM card and its registration, which decide what can be played."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.conformance.items import Item, Need
from emulator.dte.module_line import ModuleLine

_READY = "READY"
_REGISTERED = (1, 5)
_STAT = re.compile(r"\d+,\s*(\d)")
_SEARCHING = 2
_DETACHED = "0"
_INTERVAL = 1.0
_CARD_TRIES, _REGISTRATION_TRIES, _ATTACHMENT_TRIES = 5, 60, 10
"""How often a module is asked that may have been started only now; a second apart."""
_CARD_WAITS = 20.0
"""Seconds that the answer to +CPIN? may take while the module starts."""


@dataclass(frozen=True)
class Situation:
    """What the module says of its card and its network."""

    card: str
    """What +CPIN? shows; empty where the module refuses."""
    registration: int
    """<stat> of +CREG; 0 where it is not shown."""

    @property
    def is_registered(self) -> bool:
        """Return whether the module is registered at home or roaming."""
        return self.registration in _REGISTERED

    def lacks(self, item: Item, has_server: bool) -> str:
        """Return why an item cannot be played; empty where it can."""
        return next(self._lacking(item, has_server), "")

    def _lacking(self, item: Item, has_server: bool) -> Iterator[str]:
        if Need.SERVER in item.needs and not has_server:
            yield "it needs --server and --ca"
        if item.needs and self.card != _READY:
            yield f"the SIM waits: +CPIN: {self.card}" if self.card else "no SIM is ready"
        if item.needs & {Need.NETWORK, Need.SERVER} and not self.is_registered:
            yield f"the module is not registered: +CREG shows {self.registration}"


def situation_of(module: ModuleLine) -> Situation:
    """Ask for the state of the card and of the registration, once a module that has just been started has them."""
    for _ in range(_CARD_TRIES):
        card = module.ask("AT+CPIN?", _CARD_WAITS).value("+CPIN") or ""
        if card:
            break
        module.wait(_INTERVAL)
    for _ in range(_REGISTRATION_TRIES):
        registration = _number(_STAT, module.ask("AT+CREG?").value("+CREG"))
        if registration != _SEARCHING:
            break
        module.wait(_INTERVAL)
    situation = Situation(card, registration)
    for _ in range(_ATTACHMENT_TRIES * situation.is_registered):
        if module.ask("AT+CGATT?").value("+CGATT") != _DETACHED:
            break
        module.wait(_INTERVAL)
    return situation


def _number(pattern: re.Pattern[str], value: str | None) -> int:
    match = pattern.match(value or "")
    return int(match[1]) if match else 0


def settings_of(situation: Situation, pin: str) -> list[str]:
    """Return the settings that bring an emulated module into the same situation; `pin` is any that it may ask for."""
    if not situation.card:  # it hears the network all the same
        return ["sim.present=false"]
    settings = [f"network.registration={situation.registration}"]
    if situation.card == "SIM PIN":
        settings.append(f'sim.pin="{pin}"')
    return settings
