"""The schema of a cell of E-UTRAN (LTE, LTE-M, NB-IoT), and of what the commands print of it."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.firmware.limits import Octet, Section

TrackingArea = Annotated[str, Meta(pattern=r"^[0-9A-F]{4}$", description="4 hexadecimal digits in quotes")]
CellIdentity = Annotated[str, Meta(pattern=r"^[0-9A-F]{7}$", description="7 hexadecimal digits in quotes")]
"""28 bits, of which 20 name the base station (36.331)."""

MonitorField = Literal["RSRP", "RSRQ", "TAC", "Id", "EARFCN", "PWR", "DRX", "pci", "QRxLevMin"]
StatusField = Literal[
    "PLMN",
    "EARFCN",
    "RSRP",
    "RSSI",
    "RSRQ",
    "TAC",
    "RAC",
    "TXPWR",
    "DRX",
    "MM",
    "RRC",
    "CID",
    "IMSI",
    "NetNameAsc",
    "SD",
    "ABND",
    "T3402",
    "T3412",
    "SINR",
]


class EutranAnswers(Section, frozen=True, kw_only=True):
    """What the commands of a firmware print of a cell of E-UTRAN."""

    monitor: tuple[MonitorField, ...]
    """The fields of #MONI behind the name of the network."""
    status: tuple[StatusField, ...]
    """The fields of #RFSTS."""
    served: Literal["cell", "physical cell"]
    """The identity that #SERVINFO shows."""
    survey_measures: bool
    """Whether #CSURV shows powers; if not, they are 0."""
    packet_registration: bool
    """Whether +CGREG shows the registration in E-UTRAN, as +CEREG does; if not, it shows 0."""


class EutranCell(Section, frozen=True, kw_only=True):
    """The serving cell where the access technology is E-UTRAN; its power (RSSI) follows from `signal`."""

    tracking_area: TrackingArea
    """<tac> of +CEREG, <lac> of +CREG."""
    cell: CellIdentity
    """<ci> of +CEREG and +CREG, which print no leading zeros."""
    channel: Annotated[int, Meta(ge=0, le=262143)]
    """<earfcn>."""
    physical_cell: Annotated[int, Meta(ge=0, le=503)]
    """<pci>."""
    reference_ratio: Annotated[float, Meta(ge=-60, le=0)]
    """RSRP less RSSI, in dB."""
    quality: Annotated[float, Meta(ge=-20, le=0)]
    """RSRQ in dB."""
    noise_ratio: Annotated[int, Meta(ge=-30, le=255)]
    """<SINR> of #RFSTS, as it is printed."""
    paging_cycle: Annotated[int, Meta(ge=32, le=10240)]
    """<drx> in ms."""
    transmission_power: Annotated[int, Meta(ge=-60, le=255)] | None = None
    """<TXPWR> of #RFSTS; absent: left empty, as without traffic."""
    routing_area: Annotated[str, Meta(pattern=r"^[0-9A-F]{2}$", description="2 hexadecimal digits in quotes")]
    """<RAC> of #RFSTS."""
    mobility_state: Octet
    """<MM> of #RFSTS."""
    radio_state: Octet
    """<RRC> of #RFSTS."""
    band: Annotated[int, Meta(ge=1, le=88)]
    """<ABND> of #RFSTS."""
    least_level: Annotated[int, Meta(ge=-140, le=0)]
    """<QRxLevMin> of #MONI."""
    rejection: Octet
    """<reject_cause> of +CEREG in modes 3 and 5 while the network denies the registration (24.301 annex A)."""
    timers: tuple[int, int]
    """<T3402> and <T3412> of #RFSTS, in seconds."""
    answers: EutranAnswers
