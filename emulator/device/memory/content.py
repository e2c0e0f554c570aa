"""Compose the content of NVM from the records of the services."""

from collections.abc import Mapping

from emulator.device.alarm import Alarm
from emulator.device.audio import AudioProfile
from emulator.device.email.settings import EmailSettings
from emulator.device.events import WatchedEvent
from emulator.device.gnss.settings import GnssSettings
from emulator.device.http.settings import HttpSettings
from emulator.device.memory.record import Record, freeze
from emulator.device.memory.settings import UserProfile
from emulator.device.memory.volume import Volume
from emulator.device.mqtt.settings import MqttSettings
from emulator.device.network.activation import ContextActivation
from emulator.device.network.contexts import ContextDefinition, ContextLogin
from emulator.device.network.names import NameServers
from emulator.device.scripts import Script
from emulator.device.sim.card import CardMemory
from emulator.device.sim.phonebook import PhonebookEntry
from emulator.device.sms.memory import StoredMessage
from emulator.device.sms.service import ServiceCentre
from emulator.device.sockets.easy_settings import EasySettings
from emulator.device.sockets.settings import PlainSocketSettings
from emulator.device.ssl.configuration import SecureSocketSettings

FORMAT = "telit-emulator nvm"
VERSION = 2


class Nvm(Record, frozen=True, kw_only=True):
    """The content, for reading; `NvmStore.change` writes another one."""

    format: str = FORMAT
    version: int = VERSION
    model: str
    secure_sockets: Mapping[int, SecureSocketSettings] = {}
    """By <SSId>; a missing one has its factory values."""
    contexts: Mapping[int, ContextDefinition] = {}
    logins: Mapping[int, ContextLogin] = {}
    """By <cid>, what +CGAUTH has set."""
    name_servers: Mapping[int, NameServers] = {}
    """By <cid>; for a missing one the network chooses."""
    activations: Mapping[int, ContextActivation] = {}
    """By <cid>; a missing one has its factory values."""
    plain_sockets: Mapping[int, PlainSocketSettings] = {}
    """By <connId>; a missing one has its factory values."""
    http: Mapping[int, HttpSettings] = {}
    """By <prof_id> of #HTTPCFG; a missing one has its factory values."""
    mqtt: Mapping[int, MqttSettings] = {}
    """By <instance> of #MQCFG; a missing one has its factory values."""
    data_volumes: Mapping[int, Volume] = {}
    """By <cid>, what its sessions have carried since #GDATAVOL=0."""
    easy_settings: EasySettings | None = None
    """What #SKTSAV has kept; None stands for the factory's."""
    profiles: Mapping[int, UserProfile] = {}
    base_profile: int = 0
    """Loaded at start for the base part (&Y)."""
    full_profile: int | None = None
    """Loaded at start for both parts (&P)."""
    interface_style: int
    network_time: int
    clock_mode: int = 0
    """#CCLKMODE."""
    restart_mode: int = 0
    restart_delay: int = 0
    stored: Mapping[str, int] = {}
    """By the profile's name of the setting; a missing one has its factory value."""
    card: CardMemory | None = None
    """The SIM card's own memory; None before a card has written to it."""
    card_files: Mapping[int, str] = {}
    """Files of the card that a host has written, by identifier, in hexadecimal."""
    phonebook: Mapping[str, Mapping[int, PhonebookEntry]] = {}
    """By storage and index; on the card, too."""
    messages: Mapping[str, Mapping[int, StoredMessage]] = {}
    """By memory and index."""
    email: EmailSettings = EmailSettings()
    """Those that #ESAV has saved."""
    gnss: GnssSettings | None = None
    """Settings of the receiver that $GPSSAV has saved."""
    service_centre: ServiceCentre | None = None
    """None stands for the card's own."""
    message_parameters: tuple[int, int, int, int] | None = None
    """Parameters of +CSMP that +CSAS has kept."""
    message_reference: int = 0
    """<mr> of the last message that was sent."""
    alarm: Alarm | None = None
    """What +CALA has set, until it has rung."""
    circuit_number: str | None = None
    """Number of the context of circuit-switched data (#GSMCONT); None where there is none."""
    scripts: Mapping[str, Script] = {}
    """By name."""
    selected_script: str = ""
    """Name of the script that would run (#ESCRIPT)."""
    events: Mapping[str, WatchedEvent] = {}
    """By label; a missing one is not watched."""
    enhanced: bool = False
    """Whether #ENS was in force at the last start."""
    audio_profiles: Mapping[int, AudioProfile] = {}
    """By number; a missing one has the factory's gains."""

    def __post_init__(self) -> None:
        freeze(self)
