"""What a firmware profile holds: one struct a room, each field with its meaning and unit.

A profile is TOML. The loader merges a model onto its software line and the line onto the facts common to all, then
decodes the result into these structs, strictly: an unknown key, a missing one or a value of the wrong kind is an error
that names its path.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, field

from emulator.at.settings import ProfilePart
from emulator.errors import Cause
from emulator.firmware.limits import IPv4, Numeric, Section, Text
from emulator.firmware.schema.commands import Presence
from emulator.firmware.schema.ftp import Ftp
from emulator.firmware.schema.line import ControlLines, FlowControl
from emulator.firmware.schema.names_ping_firewall import Firewall, NameService, Ping
from emulator.firmware.schema.network import Network, Operator
from emulator.firmware.schema.sim import Sim
from emulator.firmware.schema.sms import Messages
from emulator.firmware.schema.sockets import Sockets
from emulator.firmware.schema.ssl import SecureSocket

__all__ = ["Network", "Operator", "Profile", "ProfilePart", "Sim"]


class Default(Numeric, frozen=True, kw_only=True):
    """A number that the module keeps: its values, and its factory default."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.default is None:
            raise ValueError("a setting needs a `default`")


class Setting(Default, frozen=True, kw_only=True):
    """One numeric setting of a terminal, and the profile part that &W stores it in."""

    part: ProfilePart = ProfilePart.BASE


class ErrorEntry(Section, frozen=True, kw_only=True):
    """How a cause is printed: `+CME ERROR: <code>` or `+CME ERROR: <text>`, or with +CMS."""

    code: Annotated[int, Meta(ge=0, le=65535)]
    text: Text
    family: Literal["CME", "CMS"] = "CME"
    """CMS for the message service (27.005 3.2.5), CME for all else."""


class Identity(Section, frozen=True, kw_only=True):
    """Who the module says it is."""

    manufacturer: Text
    """+CGMI."""
    model: Text
    """+CGMM; the model that was asked for, unless a profile gives another."""
    revision: Text
    """+CGMR; the version that was asked for, unless a profile gives another."""
    imei: Annotated[str, Meta(pattern=r"^\d{15}$", description="15 digits in quotes")]
    """+CGSN."""
    serial: Annotated[str, Meta(pattern=r"^\w{1,20}$", description="1 to 20 letters and digits in quotes")]
    """Board serial number, +GSN."""
    imsi: Annotated[str, Meta(pattern=r"^\d{6,15}$", description="6 to 15 digits in quotes")]
    """+CIMI."""
    iccid: Annotated[str, Meta(pattern=r"^\d{18,20}$", description="18 to 20 digits in quotes")]
    """#CCID."""
    information: tuple[Text, ...]
    """The answers of ATI0, ATI1, …; `{manufacturer}`, `{model}` and `{revision}` are filled in."""
    capabilities: Text
    """The answer of +GCAP after its prefix."""


class WithoutPrefix(StrEnum):
    """What a line gets that holds no `AT`."""

    SILENCE = "silence"
    ERROR = "error"


class Cancelled(StrEnum):
    """The final result of a command whose data entry was cancelled by ESC."""

    OK = "OK"
    ERROR = "ERROR"


class Multiplexer(Section, frozen=True, kw_only=True):
    """27.010 on one port, basic option (+CMUX)."""

    modes: Numeric
    """<mode> of +CMUX."""
    subsets: Numeric
    """<subset> of +CMUX: 0 UIH frames only."""
    speeds: Numeric | None = None
    """<port_speed> of +CMUX, as 27.007 numbers them, where the command has it; without effect."""
    frame_sizes: Numeric | None = None
    """<N1> of +CMUX, where the command has it."""
    channels: Annotated[int, Meta(ge=1, le=61)]
    """How many a host can open beside the control channel."""
    frame_size: Annotated[int, Meta(ge=1, le=32767)]
    """Bytes of information in a frame, at most (N1), unless +CMUX says less."""
    patience: Annotated[float, Meta(gt=0, le=600)]
    """Seconds until the host must have opened the control channel; else the port speaks AT again."""


class Terminal(Section, frozen=True, kw_only=True):
    """The AT interface."""

    line_limit: Annotated[int, Meta(ge=40, le=4096)]
    """Longest command line in characters, `AT` included; a longer one answers ERROR and runs nothing."""
    without_prefix: WithoutPrefix
    """What a line gets that holds no `AT`."""
    interface_styles: Numeric
    """The values of #SELINT."""
    escape_is_sent: bool
    """Whether the three characters of the escape sequence go to the peer as data (#SKIPESC=0)."""
    prompt_echo: bool
    """Whether data typed at a prompt is echoed while echo is on."""
    entry_cancelled: Cancelled
    """What ESC at a prompt is answered with."""
    dtr_suspends: tuple[int, ...]
    """The values of &D with which data mode is left, and the connection kept, when the last host closes the port."""
    dtr_closes: tuple[int, ...]
    """The values of &D with which the connection is closed then; with all others nothing happens."""
    multiplexer: Multiplexer
    flow_control: FlowControl
    control_lines: ControlLines
    closing_abandons_entry: bool
    """Whether a half-typed line, an entry at a prompt and the rest of a running command's answer are forgotten when the
    last host closes the port."""


class PdpContext(Section, frozen=True, kw_only=True):
    """A PDP context definition that the factory leaves in NVM."""

    cid: Annotated[int, Meta(ge=1, le=16)]
    type: Text
    apn: Text


class PdpRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the packet data commands."""

    already_active: Cause
    """The context is active already."""
    undefined: Cause
    """+CGDCONT has not defined the context."""
    not_attached: Cause
    """The module is not attached to packet service."""
    not_registered: Cause
    """The module is not registered."""
    no_socket: Cause
    """No connection is tied to the context by #SCFG."""
    authentication: Cause
    """The network does not accept the user name or the password."""


class Pdp(Section, frozen=True, kw_only=True):
    """PDP contexts and packet data."""

    cids: Numeric
    """<cid> of +CGDCONT."""
    activation_cids: Numeric
    """<cid> of #SGACT."""
    classes: tuple[Text, ...]
    """<class> of +CGCLASS; the first is that of the factory."""
    types: tuple[Text, ...]
    """<PDP_type> of +CGDCONT."""
    factory: tuple[PdpContext, ...] = ()
    """The contexts that are defined from the start."""
    address: IPv4
    """The address that the network gives to context 1; the next contexts get the next ones."""
    authentication: Numeric
    """<type> of #SGACTAUTH."""
    retries: Numeric
    """<retry> of #SGACTCFG: attempts to activate a context unasked; 0 none."""
    retry_delay: Numeric
    """<delay> of #SGACTCFG: seconds between two of them."""
    username: Text | None = None
    """When given, the network refuses an activation with another user name."""
    password: Text | None = None
    """When given, the network refuses an activation with another password."""
    refusals: PdpRefusals

    def __post_init__(self) -> None:
        for context in self.factory:
            if not self.cids.allows(context.cid):
                raise ValueError(f"`factory` defines context {context.cid}, which `cids` does not allow")
            if context.type not in self.types:
                raise ValueError(f"`factory` has type {context.type}; `types` has {', '.join(self.types)}")


class Calendar(Section, frozen=True, kw_only=True):
    """The module's real-time clock."""

    network_time: Numeric
    """<val> of #NITZ; bit 0 lets the network set the clock."""
    zone: Annotated[int, Meta(ge=-96, le=96)]
    """The network's time zone in quarters of an hour."""
    zone_printed: bool
    """Whether +CCLK? prints the zone."""
    factory_date: (
        Annotated[str, Meta(pattern=r"^\d\d/\d\d/\d\d,\d\d:\d\d:\d\d$", description="yy/MM/dd,hh:mm:ss in quotes")]
        | None
    ) = None
    """What the clock shows when no network has set it; absent: the right time, as with a battery-backed clock."""

    def __post_init__(self) -> None:
        if self.factory_date is not None:
            try:
                datetime.strptime(self.factory_date, "%y/%m/%d,%H:%M:%S")
            except ValueError:
                raise ValueError(f"there is no such `factory_date` as {self.factory_date}") from None


class Power(Section, frozen=True, kw_only=True):
    """Start and stop."""

    boot: Annotated[float, Meta(ge=0, le=600)]
    """Seconds from power-on or restart until the port answers."""
    cpu_modes: Numeric | None = None
    """The values of #CPUMODE; absent: no such command."""
    functionality: Numeric
    """<fun> of +CFUN."""
    radio_off: tuple[int, ...]
    """The levels of +CFUN in which the module is not registered."""
    opening_starts: bool
    """Whether a module that was shut down starts when a host opens the port, which stands for its ON line."""


class Hardware(Section, frozen=True, kw_only=True):
    """What the module measures of itself and its supply, and its general purpose pins."""

    charge: Annotated[int, Meta(ge=0, le=100)]
    """<bcl> of +CBC: the charge of the battery, in percent."""
    voltage: Annotated[int, Meta(ge=0, le=6000)]
    """Supply voltage in millivolts; #CBC shows it in steps of ten."""
    temperature: Annotated[int, Meta(ge=-100, le=150)]
    """Degrees Celsius, #TEMPMON."""
    operating_temperature: tuple[int, int]
    """Degrees Celsius: beyond them #TEMPMON shows level -1 or 1."""
    extreme_temperature: tuple[int, int]
    """Degrees Celsius: beyond them it shows level -2 or 2."""
    pins: Numeric
    """<pin> of #GPIO."""


class Profile(Section, frozen=True, kw_only=True):
    """All that differs between firmwares, and all that was chosen where documents are silent."""

    identity: Identity
    terminal: Terminal
    settings: dict[str, Setting]
    """By the command that sets it: `E`, `&K`, `S12`, `+CMEE`, `#QSS` …"""
    stored: dict[str, Default]
    """By the command that sets it: `#BND`, `#SIMDET` …; kept in NVM at once, outside the user profiles."""
    errors: dict[Cause, ErrorEntry]
    """By cause: the number and the text that +CMEE=1 and +CMEE=2 print."""
    commands: dict[str, Presence] = field(default_factory=dict)
    """By command: false takes it away, true gives it back, and a table has the same, or limits, by parameter."""
    sim: Sim
    network: Network
    pdp: Pdp
    calendar: Calendar
    power: Power
    hardware: Hardware
    secure_socket: SecureSocket | None = None
    """Absent where the firmware has no SSL commands."""
    sms: Messages
    sockets: Sockets
    ftp: Ftp
    name_service: NameService
    ping: Ping
    firewall: Firewall

    def has_command(self, name: str) -> bool:
        """Whether no layer has taken the command away."""
        return self.commands.get(name) is not False

    def __post_init__(self) -> None:
        missing = [cause.value for cause in Cause if cause not in self.errors]
        if missing:
            raise ValueError(f"`errors` lacks {', '.join(missing)}")
