"""Put the parts of a device together: when it is made, and again at each start."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from emulator.device.alarm import AlarmClock
from emulator.device.audio import AudioProfiles
from emulator.device.board import Board
from emulator.device.calendar import Calendar
from emulator.device.calls.far_end import FarEnd
from emulator.device.calls.history import CallHistory
from emulator.device.calls.service import CallService
from emulator.device.environment import Environment
from emulator.device.events import EventMonitor
from emulator.device.gnss.output import NmeaOutput
from emulator.device.gnss.receiver import Receiver
from emulator.device.gnss.sky import Sky
from emulator.device.hardware import Outputs, Pins, SerialPins, StatusLamp
from emulator.device.lack import Lack
from emulator.device.memory.content import Nvm
from emulator.device.memory.settings import StoredSettings
from emulator.device.memory.store import NvmStore
from emulator.device.network.activation import AutomaticActivation
from emulator.device.network.air import over_the_air
from emulator.device.network.contexts import IP_CONTEXT, PdpContexts
from emulator.device.network.coverage import Coverage
from emulator.device.network.default_bearer import DefaultBearer
from emulator.device.network.firewall import Firewall
from emulator.device.network.jamming import JammingDetection
from emulator.device.network.metered import MeteredBearer
from emulator.device.network.names import NameService
from emulator.device.network.power_saving import PowerSaving
from emulator.device.network.radio import Radio
from emulator.device.network.registration import Network
from emulator.device.network.search import Search
from emulator.device.network.subscription import Subscription
from emulator.device.network.technologies import Technologies
from emulator.device.network.ussd import UssdNetwork, UssdSession
from emulator.device.network.volume import DataVolume
from emulator.device.overlay import Overlaid
from emulator.device.power import Power, Restarts
from emulator.device.scripts import ScriptStore
from emulator.device.sim.application import started_application
from emulator.device.sim.card import Sim, SimDetection, SimState
from emulator.device.sim.card_lack import CARD_LACKS, HELD_CARD, UNDETECTED_CARD
from emulator.device.sim.card_start import CardStart
from emulator.device.sim.host_lock import HostLock
from emulator.device.sim.phonebook import Phonebook
from emulator.device.sms.mailbox import Mailbox
from emulator.device.sms.service import MessageService
from emulator.device.sms.tpdu import stamped
from emulator.errors import DeviceError
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.calls import Outcome
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.stored import (
    AUTOMATIC_ATTACHMENT,
    AUXILIARY_SUPPLY,
    ENHANCED_NETWORK,
    IOT_TECHNOLOGIES,
    LAMP_MODE,
    LAMP_OFF,
    LAMP_ON,
    PORT_LAYOUT,
    RADIO_TECHNOLOGIES,
    SIM_DETECTION,
)
from emulator.later import later
from emulator.net.routes import Address

if TYPE_CHECKING:
    from emulator.device import internet
    from emulator.device.data_call import gateway
    from emulator.device.data_call.call import DataCall
    from emulator.device.data_call.service import DataCalls
    from emulator.device.email.client import EmailClient
    from emulator.device.ftp.client import FtpClient
    from emulator.device.http.client import HttpClient
    from emulator.device.mqtt.service import MqttService
    from emulator.device.sim import insertion
    from emulator.device.sim.interface import Card
    from emulator.device.sim.preferred import PreferredNetworks
    from emulator.device.sockets.easy import EasySockets
    from emulator.device.sockets.sockets import PlainSockets
    from emulator.device.ssl.service import SslService
    from emulator.ppp.ipcp import Addresses
else:
    internet = later("emulator.device.internet")
    gateway = later("emulator.device.data_call.gateway")
    insertion = later("emulator.device.sim.insertion")


class Device:
    """One device. NVM, the SIM card and the calendar outlast a start; everything else is made anew."""

    def __init__(self, firmware: Firmware, store: NvmStore, environment: Environment) -> None:
        self.firmware = firmware
        self.profile: Profile = firmware.profile
        self.store = store
        self.environment = environment
        self._internet: internet.InternetServices | None = None
        self._card: insertion.InsertedCard | None = None
        self.calendar = Calendar(self.profile.calendar, environment.clock)
        self.board = Board(self.profile.hardware)
        self.stored = StoredSettings(self.profile.stored, store)
        pace, clock, trace = environment.pace, environment.clock, environment.trace
        self._card_start = CardStart(pace.of("card"), clock, trace)
        self.sim = Sim(self.profile, store, self._card_start)
        self.sim.look_absent(self.stored[SIM_DETECTION] == SimDetection.ABSENT)
        self.subscription = Subscription()
        self.ussd_network = UssdNetwork(self.profile.network.services)
        self.mailbox = Mailbox(
            tuple(own.number for own in self.profile.sim.numbers), lambda: stamped(*self.calendar.of_network())
        )
        self.phonebook = Phonebook(self.profile.sim.phonebook, store, lambda: self.sim.second.verified)
        self.coverage = Coverage(self.profile.network, environment.admit)
        self.coverage.on_change.append(lambda: self.radio.coverage_changed())
        self.coverage.on_signal.append(lambda: self.radio.signal_changed())
        self.coverage.on_packet_service.append(lambda: self.radio.packet_service_changed())
        self.coverage.on_jamming.append(lambda: self.jamming.changed())
        self.sky = Sky(self.profile.gnss.place)
        self.call_outcome: Overlaid[Outcome | None] = Overlaid(None)
        """What becomes of every dialled call now, whatever the profile says."""
        self.power = Power(self.profile.power.boot, pace.of("power"), clock, trace)
        self.power.on_stop.append(self._stop)
        self.restarts = Restarts(self.power, store)
        self.alarm_clock = AlarmClock(store, self.calendar, self.power, environment.clock, environment.trace)
        self._search_pace, self._context_pace, self._air_pace = map(pace.of, ("search", "contexts", "radio"))
        self._start()
        hardware = self.profile.hardware
        self.events = EventMonitor(hardware.pins, len(hardware.converters), store)
        self.scripts = ScriptStore(self.profile.scripts.room, store)
        self.power.on_start.append(self._power_up)
        if self.power.running:
            self.sim.power_up()

    def __repr__(self) -> str:
        return f"<Device {self.firmware.name} {self.power.state.value}>"

    def _power_up(self) -> None:
        self.sim.power_up()
        self.begin()

    def begin(self) -> None:
        """Begin what the module does by itself once it runs; nothing before its start."""
        if self.power.running:
            self.default_bearer.begin()
            self.activations.begin()

    @property
    def internet(self) -> "internet.InternetServices":
        """Return what it does by IP; it is made, and loaded, when somebody first asks for it."""
        if self._internet is None:
            self._internet = internet.InternetServices(
                self.profile,
                self.store,
                self.contexts,
                self.network,
                self.name_service,
                self.firewall,
                self.calendar,
                self._environment_on,
                self._speed,
                self._gateway,
            )
        return self._internet

    def _inserted(self) -> "insertion.InsertedCard":
        if self._card is None:
            self._card = insertion.InsertedCard(self.profile, self.store, self.sim, self._application)
        return self._card

    @property
    def card(self) -> "Card":
        """Return the card behind its contacts."""
        return self._inserted().contacts

    @property
    def preferred_networks(self) -> "PreferredNetworks":
        """Return the networks that the card prefers."""
        return self._inserted().preferred_networks

    @property
    def ssl(self) -> "SslService | None":
        """Return the secure sockets; None where the firmware has none."""
        return self.internet.ssl

    @property
    def ftp(self) -> "FtpClient":
        """Return the FTP client."""
        return self.internet.ftp

    @property
    def http(self) -> "HttpClient":
        """Return the HTTP client."""
        return self.internet.http

    @property
    def mqtt(self) -> "MqttService | None":
        """Return the MQTT instances; None where the firmware has none."""
        return self.internet.mqtt

    @property
    def email(self) -> "EmailClient":
        """Return what sends mails."""
        return self.internet.email

    @property
    def sockets(self) -> "PlainSockets":
        """Return the plain sockets."""
        return self.internet.sockets

    @property
    def easy(self) -> "EasySockets":
        """Return the sockets of easy GPRS."""
        return self.internet.easy

    @property
    def data_calls(self) -> "DataCalls":
        """Return what makes data calls."""
        return self.internet.data_calls

    @property
    def data_call(self) -> "DataCall | None":
        """Return the data call that is not over."""
        return self._internet.data_calls.current if self._internet is not None else None

    @property
    def listening(self) -> dict[int, Address]:
        """Return where a peer reaches each port that sockets listen on; the machine's may have another number."""
        return self._internet.listening if self._internet is not None else {}

    @property
    def nvm(self) -> Nvm:
        """Return the content of NVM, for reading."""
        return self.store.content

    @property
    def card_state(self) -> SimState:
        """Return the state of the card as the module sees it: it does without one that the host has locked."""
        return SimState.ABSENT if self.card_lock.held else self.sim.state

    @property
    def card_lack(self) -> Lack:
        """Say why the card cannot be used; only while it is not unlocked."""
        if self.card_lock.held:
            return HELD_CARD
        return UNDETECTED_CARD if self.sim.looks_absent else CARD_LACKS[self.sim.state]

    def _start(self) -> None:
        """Make every volatile part anew."""
        profile, store = self.profile, self.store
        self._enhance()
        self.sim.restart()
        self.sim.on_ready, self.sim.on_change, self.sim.on_records = [], [], []
        self._application = started_application(profile, self.stored)
        self._card = None
        self.card_lock = HostLock(profile.sim.host_lock, self.environment.clock, self.environment.trace)
        self.enhanced_network = self.stored[ENHANCED_NETWORK] == 1
        """Whether #ENS=1 was in force at the start."""
        self.phonebook.restart()
        self._start_network()
        self._internet = None
        self.activations = AutomaticActivation(
            profile.pdp,
            store,
            self.contexts,
            self.network,
            lambda cid: self.internet.use(cid),
            self._environment_on(IP_CONTEXT),
        )
        self.messages = MessageService(profile.sms, store, self.network, self.mailbox, self.environment.trace)
        self.gnss = Receiver(profile.gnss, store, self.sky, self.environment.clock)
        self.nmea_output = NmeaOutput(self.gnss, self.environment.clock, self.environment.trace)
        self.cpu_mode = 0
        self.board.restart()
        self.audio = AudioProfiles(store)
        self.port_layout = self.stored.get(PORT_LAYOUT, 0)
        """<active> of #PORTCFG: what was requested before this start."""
        self.directory = "/"
        """That of the module's own files."""
        self.pins = Pins(self.board.levels)
        self.serial_pins = SerialPins()
        self.outputs = Outputs(auxiliary=self.stored[AUXILIARY_SUPPLY])
        self.lamp = StatusLamp(*(self.stored[part] for part in (LAMP_MODE, LAMP_ON, LAMP_OFF)))
        self.monitored_cell = 0
        """<number> of #MONI."""
        self.silent_indicators: set[str] = set()
        """Those that +CIND has taken out of the reports."""
        self.radio.take_network_time()

    def _enhance(self) -> None:
        """Take a change of #ENS, which counts from a start on, with the settings that come with it."""
        wanted = self.stored[ENHANCED_NETWORK] == 1
        if wanted is not self.store.content.enhanced:
            with suppress(DeviceError), self.store.change() as nvm:  # a memory that fails is asked at the next start
                nvm.enhanced = wanted
                if wanted:
                    nvm.stored.update(self.profile.network.enhanced.stored)
        self.enhanced = self.store.content.enhanced

    def _start_network(self) -> None:
        profile, store = self.profile, self.store
        clock, trace = self.environment.clock, self.environment.trace
        self.network = Network(
            profile.network,
            self.coverage,
            has_service=self.sim.ready,
            attaches=lambda: profile.network.attached and self.stored[AUTOMATIC_ATTACHMENT] == 1,
            technologies=Technologies(
                profile.network, lambda: self.stored[RADIO_TECHNOLOGIES], self.stored.get(IOT_TECHNOLOGIES, 0)
            ),
        )
        search = Search(self.network, self.coverage, self._search_pace, clock, trace)
        self.radio = Radio(profile.power, self.network, search, self.sim, self.calendar, store)
        self.ussd = UssdSession(self.ussd_network, profile.network.services, self.network, clock, trace)
        self.contexts = PdpContexts(profile.pdp, store, self.network, self.coverage, self._context_pace, clock, trace)
        self.default_bearer = DefaultBearer(profile.pdp.default_bearer, self.contexts, self.network)
        self.calls = CallService(
            profile.calls,
            self.network,
            self.subscription,
            CallHistory(self.phonebook, store),
            self._reaches_emergency,
            clock,
            trace,
        )
        self.contexts.on_refused.append(self.calls.context_refused)
        self.far_end = FarEnd(
            self.calls, self.call_outcome, self.network, self.subscription, self._context_pace, clock, trace
        )
        self.volume = DataVolume(store, self.contexts)
        self._air = over_the_air(self.environment.bearer, self._air_pace, clock, trace)
        bearer = self._environment_on(IP_CONTEXT).bearer
        self.name_service = NameService(profile.name_service, store, self.contexts, bearer, clock)
        self.firewall = Firewall(profile.firewall, trace)
        self.power_saving = PowerSaving()
        self.jamming = JammingDetection(self.coverage, clock, trace)

    def _reaches_emergency(self, number: str) -> bool:
        """Return whether an emergency call to this number finds a network, without any registration."""
        return number in self.profile.sim.files.emergency_numbers and self.radio.is_on and self.coverage.is_heard

    def _environment_on(self, cid: int) -> Environment:
        """Return the environment of what a PDP context carries: it is counted."""
        return replace(self.environment, bearer=MeteredBearer(self._air, self.volume.counter(cid)))

    def _speed(self) -> int:
        return self.cpu_mode

    def _gateway(self, addresses: "Addresses", unit: int, send: Callable[[bytes], None]) -> "gateway.Gateway":
        """Make the network of a data call, whose packets have `unit` bytes at most."""
        own, host = None if addresses.own is None else str(addresses.own), str(addresses.host)
        cid = next((cid for cid in self.contexts.definitions if self.contexts.address(cid) == host), IP_CONTEXT)
        return gateway.Gateway(host, own, send, self.profile, self._environment_on(cid), unit)

    def _stop(self) -> None:
        self.ussd.cancel()
        self.activations.stop()
        self.radio.stop()
        self._card_start.power_down()
        self.jamming.stop()
        self.card_lock.cancel()
        self._drop_connections()
        self.nmea_output.close()
        self.gnss.close()
        self.contexts.deactivate_all()
        self._start()

    def close(self) -> None:
        """End every connection and let go of the memory."""
        self.ussd.cancel()
        self.power.cancel()
        self.radio.stop()
        self._card_start.power_down()
        self.alarm_clock.close()
        self.jamming.stop()
        self.card_lock.cancel()
        self.activations.stop()
        self._drop_connections()
        self.nmea_output.close()
        self.store.close()

    def _drop_connections(self) -> None:
        made = self._internet
        if made is not None:
            made.data_calls.drop()
        self.far_end.drop()
        self.calls.drop()
        if made is not None:
            made.drop()
