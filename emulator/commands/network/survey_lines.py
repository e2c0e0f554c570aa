"""Lines of the network survey, one for each ARFCN. AT Commands Reference Guide, #CSURV and #CSURVC."""

from collections.abc import Iterable

import msgspec

from emulator.firmware.schema.eutran import EutranCell
from emulator.firmware.schema.network import GsmCell, UtranCell

_SUITABLE = ("CELL_SUITABLE", "0")
"""<cellStatus>, in words and as a number."""
_NOTHING_HEARD = -110
"""dBm."""


class Entry(msgspec.Struct, frozen=True):
    """One value of an ARFCN."""

    label: str
    value: str
    number: str | None = None
    """Its form in the numeric format; None where that is the same."""


class Arfcn(msgspec.Struct, frozen=True):
    """One ARFCN or UARFCN, and what was found there."""

    channel: int
    entries: tuple[Entry, ...]
    is_cell: bool = True

    def in_words(self) -> str:
        """Format the ARFCN for #CSURV."""
        return " ".join(f"{entry.label}: {entry.value}" for entry in self.entries)

    def in_numbers(self) -> str:
        """Format the ARFCN for #CSURVC."""
        return ",".join(entry.value if entry.number is None else entry.number for entry in self.entries)


class Survey(msgspec.Struct, frozen=True):
    """The result of a survey, formatted by the settings of the survey."""

    cell: GsmCell | UtranCell | EutranCell
    """The serving one."""
    technology: int | None
    """Its <AcT>."""
    operator: str
    """MCC and MNC."""
    power: int
    """Of the serving cell in dBm."""
    hexadecimal: bool
    """Areas and cells in hexadecimal and colours in octal digits, all in decimal else (#CSURVF)."""
    extended: bool
    """Whether neighbours and packet service are printed for all cells, not the serving one alone (#CSURVEXT)."""

    def arfcns(self) -> list[Arfcn]:
        """Return every cell in reach, the serving one first."""
        if isinstance(self.cell, EutranCell):
            return [self._eutran_arfcn(self.cell)]
        if isinstance(self.cell, UtranCell):
            return [self._utran_arfcn(self.cell)]
        return list(self._gsm_arfcns(self.cell))

    def empty(self, channel: int) -> Arfcn:
        """Return a channel without a cell."""
        return Arfcn(
            channel, (Entry(_label(self.cell), str(channel)), Entry("rxLev", str(_NOTHING_HEARD))), is_cell=False
        )

    def _eutran_arfcn(self, cell: EutranCell) -> Arfcn:
        measured = cell.answers.survey_measures
        reference, quality = (self.power + cell.reference_ratio, cell.quality) if measured else (0.0, 0.0)
        mark = _NARROW_BAND_MARK if self.technology == _NARROW_BAND else ""
        return Arfcn(
            cell.channel,
            (
                Entry(_label(cell), str(cell.channel)),
                Entry("rxLev", str(self.power if measured else 0)),
                *self._network_code,
                Entry(f"{mark}cellid", str(cell.physical_cell)),
                Entry("tac", self._digits(cell.tracking_area, 4)),
                Entry("cellIdentity", self._digits(cell.cell, 7)),
                Entry("rsrp", f"{reference:.2f}"),
                Entry("rsrq", f"{quality:.2f}"),
            ),
        )

    def _utran_arfcn(self, cell: UtranCell) -> Arfcn:
        return Arfcn(
            cell.channel,
            (
                Entry("uarfcn", str(cell.channel)),
                Entry("rxLev", str(self.power)),
                *self._network_code,
                Entry("scr code", str(cell.scrambling_code)),
                Entry("cellId", self._digits(cell.cell, 8)),
                Entry("lac", self._digits(cell.location_area, 4)),
                Entry("cellStatus", *_SUITABLE),
                Entry("rscp", str(round(self.power + cell.energy_ratio))),
                Entry("ecio", str(cell.energy_ratio)),
            ),
        )

    def _gsm_arfcns(self, cell: GsmCell) -> Iterable[Arfcn]:
        environment = [neighbour.channel for neighbour in cell.neighbours]
        place = (cell.location_area, cell.cell)
        more = (*_listed("numChannels", "array", environment), *_packet_service(cell))
        yield self._gsm_arfcn(cell.channel, cell.colour, self.power, place, more)
        for one in cell.neighbours:
            heard = [cell.channel, *(channel for channel in environment if channel != one.channel)]
            more = (*_listed("numChannels", "array", heard), *_packet_service(cell)) if self.extended else ()
            yield self._gsm_arfcn(one.channel, one.colour, one.power, (one.location_area, one.cell), more)

    def _gsm_arfcn(
        self, channel: int, colour: str, power: int, place: tuple[str, str], more: tuple[Entry, ...]
    ) -> Arfcn:
        area, cell = place
        return Arfcn(
            channel,
            (
                Entry("arfcn", str(channel)),
                Entry("bsic", colour if self.hexadecimal else str(int(colour, 8))),
                Entry("rxLev", str(power)),
                Entry("ber", "0.00"),
                *self._network_code,
                Entry("lac", self._digits(area, 4)),
                Entry("cellId", self._digits(cell, 4)),
                Entry("cellStatus", *_SUITABLE),
                *_listed("numArfcn", "arfcn", [channel]),
                *more,
            ),
        )

    @property
    def _network_code(self) -> tuple[Entry, Entry]:
        return Entry("mcc", self.operator[:3]), Entry("mnc", self.operator[3:])

    def _digits(self, hexadecimal: str, width: int) -> str:
        return hexadecimal.zfill(width) if self.hexadecimal else str(int(hexadecimal, 16))


_NARROW_BAND, _NARROW_BAND_MARK = 9, "NBIoT"
"""<AcT> of NB-IoT, and what marks its cells."""


def _label(cell: GsmCell | UtranCell | EutranCell) -> str:
    if isinstance(cell, EutranCell):
        return "earfcn"
    return "uarfcn" if isinstance(cell, UtranCell) else "arfcn"


def _listed(count: str, label: str, channels: list[int]) -> tuple[Entry, Entry]:
    return Entry(count, str(len(channels))), Entry(label, " ".join(map(str, channels)))


def _packet_service(cell: GsmCell) -> tuple[Entry, ...]:
    packet = cell.packet_service
    if packet is None:
        return ()
    values = {
        "pbcch": 0,
        "nom": cell.operation_mode,
        "rac": int(cell.routing_area, 16),
        "spgc": packet.paging_split,
        "pat": cell.access_threshold,
        "nco": packet.control_order,
        "t3168": packet.assignment_timer,
        "t3192": packet.release_timer,
        "drxmax": packet.reception_time,
        "ctrlAck": packet.acknowledgement,
        "bsCVmax": packet.countdown,
        "alpha": packet.alpha,
        "pcMeasCh": packet.measured_channel,
    }
    return tuple(Entry(label, str(value)) for label, value in values.items())
