"""The environment of a module: its card and its network, which an emulated one must have, too, to answer the same."""

from collections.abc import Sequence

from emulator.learning.asking.step import Step

ASKED = ("AT+CPIN?", "AT+CREG?", "AT+CGATT?")
"""Commands that show it."""
_NO_CARD = ("10", "SIM not inserted")
_ANY_PIN = "0000"
_REGISTERED = ("1", "5")


def settings_of(steps: Sequence[Step]) -> list[str]:
    """Return the values of the profile that give an emulated module the environment that the steps have shown."""
    answers = {step.exchange.sent: step.exchange for step in steps}
    settings: list[str] = []
    pin = answers.get(ASKED[0])
    if pin is not None and (pin.final or "").removeprefix("+CME ERROR: ") in _NO_CARD:
        settings.append("sim.present=false")
    elif pin is not None and pin.value("+CPIN") == "SIM PIN":
        settings.append(f'sim.pin="{_ANY_PIN}"')
    registration = answers.get(ASKED[1])
    shown = ((registration.value("+CREG") or "") if registration else "").split(",")
    if len(shown) > 1 and shown[1].strip() not in _REGISTERED:
        settings.append(f"network.registration={shown[1].strip()}")
    attached = answers.get(ASKED[2])
    if attached is not None and attached.value("+CGATT") == "0":
        settings.append("network.attached=false")
    return settings
