"""The schema of a firmware profile: one table a subject, each field with its meaning and unit.

A profile is TOML. The loader merges a model onto its software line and the line onto the facts common to all, then
decodes the result into these structs, strictly: an unknown key, a missing one or a value of the wrong kind is an error
that names its path.
"""

from msgspec import field

from emulator.errors import Cause
from emulator.firmware.limits import Default, Section
from emulator.firmware.schema.calendar import Calendar
from emulator.firmware.schema.calls import Calls
from emulator.firmware.schema.commands import FixedAnswer, Presence
from emulator.firmware.schema.easy import EasySockets
from emulator.firmware.schema.email import Email
from emulator.firmware.schema.firewall import Firewall
from emulator.firmware.schema.ftp import Ftp
from emulator.firmware.schema.gateway import Gateway
from emulator.firmware.schema.gnss import Gnss
from emulator.firmware.schema.hardware import Hardware, Power
from emulator.firmware.schema.http import Http
from emulator.firmware.schema.identity import Identity
from emulator.firmware.schema.mqtt import Mqtt
from emulator.firmware.schema.names import NameService
from emulator.firmware.schema.network import Network
from emulator.firmware.schema.packet import Pdp
from emulator.firmware.schema.ping import Ping
from emulator.firmware.schema.scripts import Scripts
from emulator.firmware.schema.settings import ErrorEntry, Setting
from emulator.firmware.schema.sim import Sim
from emulator.firmware.schema.sms import Messages
from emulator.firmware.schema.sockets import Sockets
from emulator.firmware.schema.ssl import SecureSocket
from emulator.firmware.schema.terminal import Terminal
from emulator.firmware.schema.time_service import TimeService
from emulator.firmware.schema.times import Times


class Profile(Section, frozen=True, kw_only=True):
    """Everything that differs between firmwares, and everything that was chosen where documents are silent."""

    identity: Identity
    terminal: Terminal
    settings: dict[str, Setting]
    """By the command that sets it: `E`, `&K`, `S12`, `+CMEE`, `#QSS` …"""
    stored: dict[str, Default]
    """By the command that sets it: `#BND`, `#SIMDET` …; kept in NVM at once, outside the user profiles."""
    errors: dict[Cause, ErrorEntry]
    """By cause: the number and the text that +CMEE=1 and +CMEE=2 print."""
    commands: dict[str, Presence] = field(default_factory=dict)
    """By command: false takes it away, true gives it back; a table does so, or gives limits, by parameter."""
    answers: dict[str, FixedAnswer] = field(default_factory=dict)
    """By command that the emulator lacks: its fixed answer in each form, lines before OK."""
    sim: Sim
    calls: Calls
    network: Network
    pdp: Pdp
    calendar: Calendar
    time_service: TimeService
    power: Power
    hardware: Hardware
    secure_socket: SecureSocket | None = None
    """Absent where the firmware has no SSL commands."""
    sms: Messages
    sockets: Sockets
    easy_sockets: EasySockets
    ftp: Ftp
    http: Http
    mqtt: Mqtt | None = None
    """Absent where the firmware has no MQTT commands."""
    email: Email
    gnss: Gnss
    name_service: NameService
    scripts: Scripts
    ping: Ping
    firewall: Firewall
    gateway: Gateway
    times: Times

    def has_command(self, name: str) -> bool:
        """Whether no layer has taken the command away."""
        return self.commands.get(name) is not False

    def __post_init__(self) -> None:
        missing = [cause.value for cause in Cause if cause not in self.errors]
        if missing:
            raise ValueError(f"`errors` lacks {', '.join(missing)}")
        last, places = self.settings["+CSCS"].highest, len(self.sms.alphabets)
        if last >= places:
            raise ValueError(f'settings."+CSCS" allows {last}; the places in `sms.alphabets` are 0 to {places - 1}')
