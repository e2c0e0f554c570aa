"""The operator: +COPS, and what other commands need of the network. 27.007 7.3."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command, Waiting
from emulator.at.parameters import Number, Text, describe, fixed
from emulator.commands.context import Context
from emulator.commands.sim.card import sim_unlocked
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.network import Operator

operator_selection = Command("+COPS", source="27.007 7.3")

_OPERATOR_FORMATS = fixed(0, 1, 2, default=0)
_NUMERIC = 2
_MANUAL, _DEREGISTER, _FORMAT_ONLY, _MANUAL_ELSE_AUTOMATIC = 1, 2, 3, 4


def radio_in_use(at: Context) -> None:
    """Refuse what needs an unlocked SIM and a radio that is on."""
    sim_unlocked(at)
    if not at.device.radio.is_on:
        raise at.device.radio.off.refusal(Cause.NO_NETWORK_SERVICE)


def network_heard(at: Context) -> None:
    """Refuse what shows networks or cells while none is heard."""
    if not at.device.radio.is_on:
        raise at.device.radio.off.refusal(Cause.NO_NETWORK_SERVICE)
    if not at.device.coverage.is_heard:
        raise DeviceError(Cause.NO_NETWORK_SERVICE, "no network is heard")


def in_service(at: Context) -> None:
    """Refuse what the network has to be asked for while it does not serve the module."""
    radio_in_use(at)
    if not at.device.network.registered:
        raise at.device.network.explain_no_service().refusal(at.profile.network.services.no_service)


@operator_selection.set
def select_operator(
    at: Context,
    mode: Annotated[int, Number(lambda profile: profile.network.operator_modes)],
    form: Annotated[int, _OPERATOR_FORMATS] | None = None,
    name: Annotated[str, Text()] | None = None,
    technology: Annotated[int, Number(lambda profile: profile.network.technologies)] | None = None,
) -> Waiting | None:
    """Select the operator: 0 automatic, 1 by name, 2 deregister, 3 set the format only, 4 by name, else automatic.

    Args:
        mode: 0 automatic, 1 by name, 2 deregister, 3 sets the format only, 4 by name, else automatic.
        form: How operators are named: 0 long name, 1 short name, 2 number.
        name: The operator, in that format.
        technology: The radio technology: 0 GSM, 2 UMTS, 7 LTE, 8 LTE-M, 9 NB-IoT; it counts where there are several.
    """
    network = at.device.network
    wanted = None
    if name is not None and mode in (_MANUAL, _MANUAL_ELSE_AUTOMATIC):
        wanted = network.find_operator(name if form == _NUMERIC else _name_of_host(at, name), technology)
    if mode not in (_DEREGISTER, _FORMAT_ONLY):
        radio_in_use(at)
    if mode == _MANUAL and wanted is None:
        known = ", ".join(
            f"{network.name_of(operator)} ({operator.numeric})" for operator in at.profile.network.operators
        )
        named = f"no network {name!r} is in reach" if name is not None else "no network is named"
        raise DeviceError(Cause.NO_NETWORK_SERVICE, f"{named}; in reach: {known}; <format> 2 takes the number")
    if form is not None:
        network.operator_format = form
    if mode == _FORMAT_ONLY:
        return None
    network.operator_mode = mode
    if mode == _DEREGISTER:
        at.device.radio.leave()
        return None
    network.ask_technology(technology if wanted is not None and wanted.access_technology == technology else None)
    at.device.radio.join(wanted)
    return at.device.radio.searched() if at.device.radio.searches else None


@operator_selection.read
def show_operator(at: Context) -> Information:
    """Show the mode, and the operator while the module is registered."""
    network = at.device.network
    current = network.operator
    if not network.registered or current is None:
        return Information.of(f"+COPS: {network.operator_mode}")
    shown = current.numeric if network.operator_format == _NUMERIC else _name_for_host(at, network.name_of(current))
    answer = f'+COPS: {network.operator_mode},{network.operator_format},"{shown}"'
    return Information.of(answer if network.technology is None else f"{answer},{network.technology}")


@operator_selection.test
def list_operators(at: Context) -> Information:
    """List the networks within reach, the modes, and the formats; of those all are taken, whatever is listed."""
    radio_in_use(at)
    network_heard(at)
    found = ",".join(_operator_entry(at, candidate) for candidate in at.device.network.operators)
    return Information.of(f"+COPS: {found},,{at.values('mode')},{describe(at.profile.network.operator_formats)}")


def _operator_entry(at: Context, candidate: Operator) -> str:
    status, technology = at.device.network.status_of(candidate), at.device.network.technology_of(candidate)
    name = f'"{_name_for_host(at, at.device.network.name_of(candidate))}"'
    entry = f'{status},{name},{name if at.profile.network.short_names else ""},"{candidate.numeric}"'
    return f"({entry})" if technology is None else f"({entry},{technology})"


def _name_for_host(at: Context, name: str) -> str:
    return at.characters.written(name) if at.profile.network.encoded_names else name


def _name_of_host(at: Context, name: str) -> str:
    if not at.profile.network.encoded_names:
        return name
    try:
        return at.characters.read(name)
    except ValueError:
        return name  # numbers are never encoded, and <format> may be left out
