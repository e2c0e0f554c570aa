"""The schema of the cellular network: operators, cells and the subscriber's services."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Numeric, Octet, Section, Text
from emulator.firmware.schema.eutran import EutranCell

Technology = Annotated[int, Meta(ge=0, le=9)]
RoutingArea = Annotated[str, Meta(pattern=r"^[0-9A-F]{2}$", description="2 hexadecimal digits in quotes")]
Area = Annotated[str, Meta(pattern=r"^[0-9A-F]{4}$", description="4 hexadecimal digits in quotes")]
LongCell = Annotated[str, Meta(pattern=r"^[0-9A-F]{4,8}$", description="4 to 8 hexadecimal digits in quotes")]
Decibels = Annotated[int, Meta(ge=-150, le=0)]


class Operator(Section, frozen=True, kw_only=True):
    """An operator that +COPS=? finds."""

    name: Text
    numeric: Annotated[str, Meta(pattern=r"^\d{5,6}$", description="5 or 6 digits in quotes")]
    status: Annotated[int, Meta(ge=0, le=3)]
    """0 unknown, 1 available, 2 current, 3 forbidden."""
    access_technology: Technology | None = None


class GsmNeighbour(Section, frozen=True, kw_only=True):
    """A GSM cell that is heard beside the serving one."""

    channel: Annotated[int, Meta(ge=0, le=1023)]
    """<arfcn>."""
    power: Decibels
    """dBm."""
    colour: Annotated[str, Meta(pattern=r"^[0-7]{2}$", description="2 octal digits in quotes")]
    """<bsic>."""
    location_area: Area
    cell: Area
    reselection: tuple[int, int]
    """<C1value> and <C2value>."""


class GsmPacketService(Section, frozen=True, kw_only=True):
    """The packet service of a GSM cell as #CSURV prints it."""

    paging_split: Annotated[int, Meta(ge=0, le=1)]
    """<spgc>."""
    control_order: Annotated[int, Meta(ge=0, le=2)]
    """<nco>."""
    assignment_timer: Octet
    """<t3168>."""
    release_timer: Octet
    """<t3192>."""
    reception_time: Octet
    """<drxmax> in seconds."""
    acknowledgement: Octet
    """<ctrlAck>."""
    countdown: Octet
    """<bsCVmax>."""
    alpha: Octet
    """<alpha>."""
    measured_channel: Annotated[int, Meta(ge=0, le=1)]
    """<pcMeasCh>: 0 BCCH, 1 PDCH."""


class GsmCell(Section, frozen=True, kw_only=True):
    """The serving cell where the access technology is GSM; its power follows from `signal`."""

    location_area: Area
    """<lac> of +CREG."""
    cell: Area
    """<ci> of +CREG."""
    channel: Annotated[int, Meta(ge=0, le=1023)]
    """<arfcn>."""
    colour: Annotated[str, Meta(pattern=r"^[0-7]{2}$", description="2 octal digits in quotes")]
    """<bsic>."""
    quality: Annotated[int, Meta(ge=0, le=7)]
    """<qual>, RxQual."""
    timing_advance: Annotated[int, Meta(ge=0, le=63)]
    """<timadv>, in bit periods."""
    reselection: tuple[int, int]
    """<C1value> and <C2value>."""
    transmission_power: Octet
    """<TXPWR> of #RFSTS."""
    routing_area: RoutingArea
    """<RAC>."""
    operation_mode: Annotated[int, Meta(ge=1, le=3)]
    """<NOM>, which #SERVINFO prints in Roman digits."""
    mobility_state: Octet
    """<MM> of #RFSTS."""
    radio_state: Octet
    """<RR> of #RFSTS."""
    access_threshold: Octet
    """<PAT> of #SERVINFO."""
    band: Annotated[int, Meta(ge=1, le=4)]
    """<ABND> of #RFSTS: 1 GSM 850, 2 GSM 900, 3 DCS 1800, 4 PCS 1900."""
    packet_service: GsmPacketService | None = None
    """Absent: a cell without GPRS, of which #SERVINFO and #CSURV show less."""
    neighbours: tuple[GsmNeighbour, ...] = ()
    """At most six are shown."""


class UtranCell(Section, frozen=True, kw_only=True):
    """The serving cell where the access technology is UTRAN; its power follows from `signal`."""

    location_area: Area
    """<lac> of +CREG."""
    cell: LongCell
    """<ci> of +CREG."""
    channel: Annotated[int, Meta(ge=0, le=16383)]
    """<uarfcn>."""
    scrambling_code: Annotated[int, Meta(ge=0, le=511)]
    """<psc>; <scr> is sixteen times as much."""
    energy_ratio: Annotated[float, Meta(ge=-30, le=0)]
    """<ecio> in dB; the power less this is the code's."""
    paging_cycle: Annotated[int, Meta(ge=6, le=640)]
    """<drx>."""
    transmission_power: Annotated[int, Meta(ge=-60, le=40)]
    """<TXPWR> of #RFSTS in dBm."""
    routing_area: RoutingArea
    """<RAC>."""
    operation_mode: Annotated[int, Meta(ge=1, le=3)]
    """<NOM>, which #SERVINFO prints in Roman digits."""
    mobility_state: Octet
    """<MM> of #RFSTS."""
    radio_state: Octet
    """<RR> of #RFSTS."""


class NetworkSurvey(Section, frozen=True, kw_only=True):
    """Listening on all channels (#CSURV)."""

    channels: Numeric
    """<s> and <e> of #CSURV, and each channel of #CSURVU."""
    duration: Annotated[float, Meta(ge=0, le=600)]
    """Duration of a survey in seconds."""


LONGEST_USSD = 182
"""Characters of the default alphabet in a text of +CUSD (24.090)."""


class Ussd(Section, frozen=True, kw_only=True):
    """A code that the network knows, and its answer (+CUSD)."""

    code: Text
    answer: Annotated[str, Meta(max_length=LONGEST_USSD, description=f"text of at most {LONGEST_USSD} characters")]
    replies: tuple["Ussd", ...] = ()
    """What the host can reply, and the answers to that; with any, the session stays open (`+CUSD: 1`)."""


class Services(Section, frozen=True, kw_only=True):
    """Supplementary services of the subscriber."""

    calling_line: Annotated[int, Meta(ge=0, le=2)]
    """<m> of +CLIP: 0 not provisioned, 1 provisioned, 2 unknown."""
    connected_line: Annotated[int, Meta(ge=0, le=2)]
    """<m> of +COLP."""
    restriction: Annotated[int, Meta(ge=0, le=4)]
    """<m> of +CLIR: 3 temporarily restricted, 4 temporarily allowed …"""
    barring_password: Annotated[str, Meta(pattern=r"^\d{4}$", description="4 digits in quotes")]
    """The password that +CLCK needs to bar calls."""
    no_service: Cause
    """The refusal of +CLCK, +CCFC, +CCWA and +CUSD while the module is not registered."""
    ussd: tuple[Ussd, ...] = ()
    """The codes that +CUSD can send."""
    ussd_reply_time: Annotated[float, Meta(gt=0, le=3600)]
    """Seconds that the network waits for a reply before it ends the session."""


class Enhanced(Section, frozen=True, kw_only=True):
    """What #ENS=1 changes at the next start."""

    stored: dict[str, int]
    """By command: the values of settings in NVM, which are set when it comes into force."""
    settings: dict[str, int]
    """By command: the values that settings of an AT instance have at a start without a user profile of &P."""
    bands: tuple[int, ...]
    """The GSM bands of #BND that are left."""


class Network(Section, frozen=True, kw_only=True):
    """The cellular network that the module finds at start."""

    operators: tuple[Operator, ...]
    """The operators that +COPS=? finds."""
    registration: Annotated[int, Meta(ge=0, le=5)]
    """<stat> of +CREG and +CGREG: 1 home, 5 roaming …"""
    quoted_location: bool
    """Whether +CREG prints area and cell in quotes."""
    access_technology: Technology | None = None
    """<AcT> of the network: +CREG and +COPS show it unless +WS46 forbids it; absent on families that print none."""
    technologies: Numeric
    """<AcT> of +COPS."""
    iot_technologies: tuple[tuple[Technology, ...], ...] | None = None
    """By value of #WS46, the <AcT> that it allows, the preferred one first; absent: no such command."""
    routing_area_printed: bool
    """Whether +CGREG prints <rac> behind <AcT>."""
    routing_area_reported: Literal["as printed", "left empty"]
    """What the URC of +CGREG has of it."""
    signal: Annotated[int, Meta(ge=0, le=99)]
    """<rssi> of +CSQ: 0 to 31, 99 unknown."""
    bit_errors: Annotated[int, Meta(ge=0, le=99)]
    """<ber> of +CSQ: 0 to 7, 99 unknown."""
    enhanced: Enhanced
    location: tuple[float, float, float]
    """Latitude and longitude in degrees, altitude in metres: what #AGPSSND finds."""
    encoded_names: bool
    """Whether +COPS writes names of operators in the character set of +CSCS; if not, as they are."""
    operator_modes: Numeric
    """<mode> of +COPS."""
    operator_formats: Numeric
    """<format> that +COPS=? lists; 0 to 2 are taken."""
    short_names: bool
    """Whether +COPS=? has the short name of an operator, which is the long one."""
    attached: bool
    """Whether the module attaches to packet service by itself (+CGATT), unless #AUTOATT forbids it."""
    packet_technology: Octet | None = None
    """<nt> of #PSNT in UTRAN: 2 WCDMA, 3 HSDPA …; 0 is GPRS, 4 LTE. Absent: no such command."""
    unregistered_packet_technology: Octet | None = None
    """<nt> of #PSNT while the module is not registered; absent: that of the cell."""
    gsm_cell: GsmCell
    utran_cell: UtranCell | None = None
    """The serving cell where the access technology is UTRAN; absent on families without it."""
    eutran_cell: EutranCell | None = None
    """The serving cell where the access technology is E-UTRAN; absent on families without it."""
    survey: NetworkSurvey
    services: Services
