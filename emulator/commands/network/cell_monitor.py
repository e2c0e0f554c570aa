"""Cell monitor: #MONI, #SERVINFO, #RFSTS. Software User Guide 2.11.4."""

from collections.abc import Iterable
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import between
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.network.eutran_lines import Reception
from emulator.commands.network.operator import network_heard
from emulator.device.network.coverage import UNKNOWN_SIGNAL
from emulator.errors import Cause
from emulator.firmware.schema.eutran import EutranCell
from emulator.firmware.schema.network import GsmCell, UtranCell

_ALL_CELLS = 7
"""<number> of #MONI that asks for the serving cell and its neighbours in a table."""
_MOST_NEIGHBOURS = 6
_NOTHING_HEARD = -111
"""dBm shown of a channel on which nothing is heard."""

_ROMAN = ("", "I", "II", "III")

_NO_SERVICE, _CIRCUIT_ONLY, _CIRCUIT_AND_PACKET = 0, 1, 3
"""<SD> of #RFSTS and #SERVINFO."""


def power(at: Context) -> int:
    """Return the power of the serving cell in dBm, from <rssi> of +CSQ (27.007 8.5)."""
    signal = at.device.network.signal
    return _NOTHING_HEARD if signal == UNKNOWN_SIGNAL else -113 + 2 * signal


def _operator_name(at: Context) -> str:
    network = at.device.network
    return network.name_of(network.operator) if network.registered and network.operator is not None else ""


def _operator_number(at: Context) -> str:
    network = at.device.network
    return network.operator.numeric if network.registered and network.operator is not None else ""


def _code_power(at: Context, cell: UtranCell) -> int:
    return round(power(at) + cell.energy_ratio)


def _reception(at: Context, cell: EutranCell) -> Reception:
    return Reception(cell, power(at), _operator_name(at), _operator_number(at), _subscriber(at), _service_domain(at))


def _subscriber(at: Context) -> str:
    return at.profile.identity.imsi if at.device.sim.ready else ""


def _service_domain(at: Context) -> int:
    network = at.device.network
    if not network.registered:
        return _NO_SERVICE
    return _CIRCUIT_AND_PACKET if network.attached else _CIRCUIT_ONLY


cell_monitor = Command("#MONI", source="Software User Guide 2.11.4")


@cell_monitor.set
def choose_cell(at: Context, number: Annotated[int, between(0, _ALL_CELLS)] = 0) -> None:
    """Choose the cell to show: 0 the serving one, 1 to 6 a neighbour, 7 all in a table.

    Args:
        number: 0 the serving cell, 1 to 6 a neighbour, 7 all.
    """
    at.device.monitored_cell = number


@cell_monitor.execute
def show_cell(at: Context) -> Information | None:
    """Show the cell that was chosen."""
    network_heard(at)
    cell, number = at.device.network.cell, at.device.monitored_cell
    if isinstance(cell, EutranCell):
        return Information.of(f"#MONI: {_network_name(at)} {_reception(at, cell).monitored()}") if number == 0 else None
    if isinstance(cell, UtranCell):
        return Information.of(_utran_line(at, cell)) if number == 0 else None
    lines = tuple(_gsm_lines(at, cell, number))
    return Information(lines) if lines else None


@cell_monitor.test
def test_monitor(at: Context) -> Information:
    """Show the highest number, and the one that is chosen now (Software User Guide 2.11.4)."""
    return Information.of(f"#MONI: ({_ALL_CELLS},{at.device.monitored_cell})")


def _utran_line(at: Context, cell: UtranCell) -> str:
    return (
        f"#MONI: {_network_name(at)} PSC:{cell.scrambling_code} RSCP:{_code_power(at, cell)}"
        f" LAC:{cell.location_area} Id:{cell.cell} EcIo:{cell.energy_ratio} UARFCN:{cell.channel}"
        f" PWR:{power(at)} dbm DRX:{cell.paging_cycle} SCR:{16 * cell.scrambling_code}"
    )


_UNKNOWN_NETWORK = "Cc:000 Nc:00"


def _network_name(at: Context) -> str:
    return _operator_name(at) or _UNKNOWN_NETWORK


def _gsm_lines(at: Context, cell: GsmCell, number: int) -> Iterable[str]:
    name = _operator_name(at)
    if number == 0:
        yield (
            f"#MONI: {_network_name(at)} BSIC:{cell.colour} RxQual:{cell.quality} LAC:{cell.location_area}"
            f" Id:{cell.cell} ARFCN:{cell.channel} PWR:{power(at)}dbm TA:{cell.timing_advance}"
        )
    elif number < _ALL_CELLS:
        for neighbour in cell.neighbours[number - 1 : min(number, _MOST_NEIGHBOURS)]:
            yield (
                f"#MONI: Adj Cell{number} LAC:{neighbour.location_area} Id:{neighbour.cell}"
                f" ARFCN:{neighbour.channel} PWR:{neighbour.power}dbm"
            )
    else:
        yield "#MONI: Cell  BSIC  LAC  CellId  ARFCN    Power  C1  C2  TA  RxQual  PLMN"
        place = (cell.colour, cell.location_area, cell.cell, cell.channel, power(at), *cell.reselection)
        yield f"{_row(' S', *place)}{cell.timing_advance:>4}{cell.quality:>6}    {name}"
        for position, one in enumerate(cell.neighbours[:_MOST_NEIGHBOURS], 1):
            yield _row(
                f"N{position}", one.colour, one.location_area, one.cell, one.channel, one.power, *one.reselection
            )


def _row(label: str, colour: str, area: str, cell: str, channel: int, dbm: int, first: int, second: int) -> str:
    return f"#MONI: {label}    {colour}  {area}   {cell}{channel:>8}{f'{dbm}dbm':>9}{first:>4}{second:>4}"


serving_cell = Command("#SERVINFO", source="Software User Guide 2.11.4", test=no_values)


@serving_cell.execute
def show_serving_cell(at: Context) -> Information:
    """Show the serving cell: channel, power, operator, identity and packet service."""
    cell = at.device.network.cell
    if not at.device.network.registered:
        raise at.device.network.explain_no_service().refusal(Cause.NO_NETWORK_SERVICE)
    if isinstance(cell, EutranCell):
        return Information.of(f"#SERVINFO: {_reception(at, cell).served()}")
    whose = f'"{_operator_name(at)}","{_operator_number(at)}"'
    if isinstance(cell, UtranCell):
        return Information.of(
            f"#SERVINFO: {cell.channel},{power(at)},{whose},{cell.scrambling_code},{cell.location_area},"
            f"{cell.paging_cycle},{_service_domain(at)},{_code_power(at, cell)},"
            f'"{_ROMAN[cell.operation_mode]}",{cell.routing_area}'
        )
    place = f"{cell.channel},{power(at)},{whose},{cell.colour},{cell.location_area},{cell.timing_advance:02d}"
    if cell.packet_service is None:
        return Information.of(f"#SERVINFO: {place},0")
    packet = f'1,,"{_ROMAN[cell.operation_mode]}",{cell.routing_area},{cell.access_threshold}'
    return Information.of(f"#SERVINFO: {place},{packet}")


radio_status = Command("#RFSTS", source="AT Commands Reference Guide", test=no_values)


@radio_status.execute
def show_radio_status(at: Context) -> Information:
    """Show what the radio receives, and the states of mobility and radio resources."""
    cell, number = at.device.network.cell, _operator_number(at)
    if isinstance(cell, EutranCell):
        return Information.of(f"#RFSTS: {_reception(at, cell).status()}")
    network = f'"{number[:3]} {number[3:]}"' if number else ""
    subscriber = f'"{_subscriber(at)}","{_operator_name(at)}"'
    if isinstance(cell, UtranCell):
        return Information.of(
            f"#RFSTS: {network},{cell.channel},{cell.scrambling_code},{cell.energy_ratio},"
            f"{_code_power(at, cell)},{power(at)},{cell.location_area},{cell.routing_area},"
            f"{cell.transmission_power},{cell.paging_cycle},{cell.mobility_state},{cell.radio_state},"
            f"{cell.operation_mode},000,{cell.cell},{subscriber},{_service_domain(at)},1"
        )
    return Information.of(
        f"#RFSTS: {network},{cell.channel},{power(at)},{cell.location_area},{cell.routing_area},"
        f"{cell.transmission_power},{cell.mobility_state},{cell.radio_state},{cell.operation_mode},{cell.cell},"
        f"{subscriber},{_service_domain(at)},{cell.band}"
    )
