"""A virtual modem: one module wired to its port, its bearer and its trace, inside an event loop."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from emulator import later
from emulator.commands import catalogue
from emulator.device.calls.far_end import FarEnd
from emulator.device.device import Device
from emulator.device.environment import Environment
from emulator.device.memory.factory import factory_nvm
from emulator.device.memory.store import NvmStore
from emulator.device.pace import AT_ONCE, Pace, Realistic
from emulator.device.ssl.item import SETTING as SECURITY_DATA
from emulator.errors import UserError
from emulator.firmware.loader import Firmware, load_firmware
from emulator.gateways import Gateways
from emulator.line.at_port import AtPort
from emulator.line.host_side import Overhears
from emulator.line.instance import Instance
from emulator.line.serial.port import Port
from emulator.line.serial.serial_line import SerialLine
from emulator.line.transports import listen_at
from emulator.line.transports.pty import PtyPort
from emulator.net.bearer import SystemBearer
from emulator.net.routes import Routes
from emulator.net.tap import BothTaps
from emulator.options import DEFAULT_FIRMWARE, ModemOptions, PathName
from emulator.trace.defect import report_defect
from emulator.trace.event_batch import EventBatch
from emulator.trace.events import FaultTally, Seeded
from emulator.trace.files import LineFile
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    from emulator.device.memory import file
    from emulator.device.network import echo_replies
    from emulator.device.ssl import preload, service
    from emulator.faults.plan import FaultPlan
    from emulator.faults.scenario import Scenario
    from emulator.faults.triggers import Rule as Rule
    from emulator.trace import capture, pcapng, transcript
else:
    file = later.later("emulator.device.memory.file")
    echo_replies = later.later("emulator.device.network.echo_replies")
    preload = later.later("emulator.device.ssl.preload")
    service = later.later("emulator.device.ssl.service")
    capture = later.later("emulator.trace.capture")
    pcapng = later.later("emulator.trace.pcapng")
    transcript = later.later("emulator.trace.transcript")


class Modem:
    """Run a module with its ports, inside a running event loop.

    Raises:
        UserError: an option is wrong; the message names it and what mends it.
    """

    def __init__(self, options: ModemOptions) -> None:
        preloads = [text for text in options.settings if text.startswith(SECURITY_DATA)]
        values = [text for text in options.settings if text not in preloads]
        self._routes = dict(options.routes)
        scenario = _load_scenario(options)
        name = options.firmware or (scenario and scenario.firmware) or DEFAULT_FIRMWARE
        self.firmware: Firmware = _at_speed(load_firmware(name, values), name, options, values)
        self.clock = options.make_clock()
        self.trace = Trace(self.clock)
        self._gateways = Gateways(self.trace)
        with ExitStack() as opened:
            opened.callback(self._gateways.close)
            routes = self._parsed(self._routes)
            store = _open_store(options, self.firmware)
            opened.callback(store.close)
            if preloads:
                preload.preload(preloads, self.firmware.profile, store)
            self.at_ports: dict[str, AtPort] = {}
            for number, make in enumerate(_port_makers(options), 1):
                at_port = AtPort(number, make, self.clock, self.trace, options.baud)
                opened.callback(at_port.close)
                self.at_ports[at_port.name] = at_port
            self._open_readers(options, opened)
            tap = self._open_capture(options, opened)
            self._bearer = SystemBearer(
                routes,
                self.trace,
                self.clock,
                listens_beyond_loopback=options.active_ftp,
                tap=tap,
                offline=options.offline,
            )
            opened.callback(self._bearer.close)
            environment = Environment(self.clock, self.trace, self._bearer, options.tls_engine)
            self._faults, environment = self._install_faults(options, scenario, environment, store)
            self.seed = self._faults.seed if self._faults is not None else options.seed or 0
            """The number that decides all that is left to chance."""
            environment = replace(environment, pace=self._pace(options))
            self.device = Device(self.firmware, store, environment)
            opened.callback(self.device.close)
            if self._faults is not None:
                opened.callback(self._faults.close)
            table = catalogue.command_table(self.firmware)
            for at_port in self.at_ports.values():
                at_port.serve(self.device, table)
            self.device.begin()  # once `ready` has said where a host finds it
            for at_port in self.at_ports.values():
                at_port.open()
            self.trace.emit(Seeded(seed=self.seed))
            if self._faults is not None:
                self._faults.begin()
            self._opened = opened.pop_all()

    def __repr__(self) -> str:
        return f"<Modem {self.firmware.name} on {self.port}>"

    @property
    def port(self) -> str:
        """Path or URL of the first port."""
        return self.ports[0]

    @property
    def ports(self) -> list[str]:
        """Paths or URLs that hosts open, in the order of their AT instances."""
        return [at_port.host_opens for at_port in self.at_ports.values()]

    @property
    def instance(self) -> Instance:
        """The first AT instance."""
        return next(iter(self.at_ports.values())).instance

    @property
    def faults(self) -> "FaultPlan":
        """The plan of faults.

        Raises:
            UserError: this emulator has no faults.
        """
        if self._faults is None:
            load_faults()
        assert self._faults is not None
        return self._faults

    @property
    def rules(self) -> "list[Rule]":
        """The faults at work; none where the emulator has no faults."""
        return self._faults.rules if self._faults is not None else []

    @property
    def tallies(self) -> list[FaultTally]:
        """How often each fault has fired up to now, and why one never did; none where the emulator has no faults."""
        return self._faults.tallies if self._faults is not None else []

    def route(self, dialled: str, target: str) -> None:
        """Add a route, or replace one.

        Raises:
            UserError: it is not of the form that `Rule` has, or its gateway cannot be had.
        """
        routes = {**self._routes, dialled: target}
        self._bearer.routes = self._parsed(routes)
        self._routes = routes

    def overhear(self, overhears: Overhears) -> None:
        """Tell of all bytes between hosts and AT instances from now on."""
        for at_port in self.at_ports.values():
            at_port.overhear(overhears)

    def capture_to(self, packets: "pcapng.PacketWriter") -> None:
        """Write the packets of all traffic from now on, beside the capture that the options may name."""
        tap = capture.Capture(packets, self.clock, self.firmware.profile.pdp.address)
        self._bearer.tap = tap if self._bearer.tap is None else BothTaps(self._bearer.tap, tap)

    def receive_sms(self, number: str, text: str) -> None:
        """Send the module a text from `number`, a telephone number or a name; see `VirtualModem.receive_sms`.

        Raises:
            UserError: `number` is neither.
        """
        self.device.mailbox.post(number, text)
        self.device.messages.collect()

    def send_ussd(self, text: str, *, wants_reply: bool = False) -> bool:
        """Send the module a USSD text of the network; see `VirtualModem.send_ussd`.

        Raises:
            UserError: it is too long, or the module is not registered.
        """
        return self.device.ussd.request(text, wants_reply=wants_reply)

    def answer_ussd(self, code: str, text: str) -> None:
        """Let the network answer a code in this way; see `VirtualModem.answer_ussd`.

        Raises:
            UserError: there is no code, or the text is too long.
        """
        self.device.ussd_network.answer(code, text)

    def ping(self, peer: str) -> bool:
        """Send the module an echo request from an IPv4 address; return whether it answers, as #ICMP has it.

        Raises:
            UserError: `peer` is no IPv4 address.
        """
        instances = (instance for at_port in self.at_ports.values() for instance in at_port.instances)
        modes = {instance.settings["#ICMP"] for instance in instances}
        return echo_replies.answers_echo(peer, modes, self.device.contexts, self.device.firewall)

    @property
    def calls(self) -> FarEnd:
        """Return the other side of voice calls: it rings, answers and ends them."""
        return self.device.far_end

    def loading(self) -> Iterator[str]:
        """Load what a host's first command and first TLS session would load, and all other parts, one at each step."""
        yield from catalogue.loading()
        if self.device.ssl is not None:
            yield from self.device.ssl.loading()
        yield from later.loading()

    def close(self) -> None:
        """Close connections, ports and files; what was stored is kept. Harmless when closed already."""
        self._opened.close()

    def _pace(self, options: ModemOptions) -> Pace:
        """Return how long things take."""
        return Realistic(self.firmware.profile.times, self.seed) if options.realistic else AT_ONCE

    def _install_faults(
        self, options: ModemOptions, scenario: "Scenario | None", environment: Environment, store: NvmStore
    ) -> "tuple[FaultPlan | None, Environment]":
        """Install the faults, if the emulator has them: it works without them, too."""
        try:
            faults = load_faults()
        except UserError:
            return None, environment
        channels = self.firmware.profile.terminal.multiplexer.channels
        installed: tuple[FaultPlan, Environment] = faults.install(
            environment, store, self.at_ports, channels=channels, scenario=scenario, seed=options.seed
        )
        return installed

    def _parsed(self, routes: Mapping[str, str]) -> Routes:
        rules = (f"{dialled}={target}" for dialled, target in routes.items())
        return Routes.parse(rules, self._gateways.address)

    def _open_readers(self, options: ModemOptions, opened: ExitStack) -> None:
        """Open the files last: another wrong option must not leave an empty file behind."""
        for reader in options.readers:
            self.trace.subscribe(reader)
        if options.transcript is not None:
            lines = LineFile(Path(options.transcript), "--transcript")
            opened.callback(lines.close)
            self.trace.subscribe(transcript.Transcript(lines.write))
        if options.trace is not None:
            trace = LineFile(Path(options.trace), "--trace")
            opened.callback(trace.close)
            batch = EventBatch(trace.write_lines, partial(report_defect, self.trace, "the trace file"))
            opened.callback(batch.flush)
            self.trace.subscribe(batch.keep)
        if options.keylog is not None:
            keylog = LineFile(Path(options.keylog), "--keylog")
            opened.callback(keylog.close)
            self.trace.on_secret.append(keylog.write)

    def _open_capture(self, options: ModemOptions, opened: ExitStack) -> "capture.Capture | None":
        if options.pcap is None:
            return None
        packets = pcapng.CaptureFile(Path(options.pcap), "--pcap", self.firmware.name)
        opened.callback(packets.close)
        return capture.Capture(packets, self.clock, self.firmware.profile.pdp.address)


def firmware_of_scenario(path: PathName | None) -> str | None:
    """Return the firmware that a scenario names, as `MODEL@VERSION` or the path of a profile; None where it has none.

    Raises:
        UserError: the scenario is wrong, or this emulator has no faults.
    """
    scenario = _load_scenario(ModemOptions(scenario=path))
    return None if scenario is None else scenario.firmware


def _load_scenario(options: ModemOptions) -> "Scenario | None":
    if options.scenario is None:
        return None
    try:
        faults = load_faults()
    except UserError as error:
        raise UserError(f"--scenario {options.scenario}: {error}") from None
    scenario: Scenario = faults.load(Path(options.scenario))
    return scenario


def load_what_modems_share() -> None:
    """Load what a modem loads at its start and in its first TLS session: processes that are forked later have it."""
    import_module("emulator.device.internet")
    _ = catalogue.command_table(load_firmware(DEFAULT_FIRMWARE)).commands
    with suppress(UserError):
        load_faults()
    for _ in service.SslService.loading():
        pass


def load_faults() -> ModuleType:
    """Import the faults, which nothing else does.

    Raises:
        UserError: this emulator has none.
    """
    try:
        import emulator.faults
    except ImportError as error:
        if error.name is not None and not error.name.startswith("emulator.faults"):
            raise
        raise UserError("this emulator has no faults; its folder emulator/faults is missing") from error
    return emulator.faults


def _port_makers(options: ModemOptions) -> Iterator[Callable[[SerialLine], Port]]:
    """Yield the makers of the ports: first those on this machine, then those of `listen`."""
    further = [listen_at(text) for text in options.listen]
    in_its_place = bool(further) and options.link is None and options.port is None
    count = options.ports if options.ports is not None else 0 if in_its_place else 1
    for number in range(1, count + 1):
        yield partial(_local_port, options, number)
    yield from further


def _local_port(options: ModemOptions, number: int, line: SerialLine) -> Port:
    return options.port() if options.port is not None else PtyPort(link_to(options.link, number))


def _at_speed(firmware: Firmware, name: str, options: ModemOptions, values: Sequence[str]) -> Firmware:
    """Set a module that does not find the speed of its host to that of the line."""
    if options.baud is None:
        return firmware
    if options.baud < 1:
        raise UserError(f"--baud {options.baud}: give the speed of the line in bit/s, as in 115200")
    rates = firmware.profile.settings.get("+IPR")
    if rates is None or not rates.default:
        return firmware
    if not rates.allows(options.baud):
        speeds = ", ".join(map(str, rates.choices or rates.range or ()))
        raise UserError(f"--baud {options.baud}: {firmware.name} has no such speed; it has {speeds}")
    return load_firmware(name, [*values, f'settings."+IPR".default={options.baud}'])


def link_to(link: PathName | None, number: int) -> Path | None:
    """Return the path of the link to a port, by its number."""
    if link is None:
        return None
    path = Path(link)
    return path if number == 1 else path.with_name(f"{path.name}.{number}")


def _open_store(options: ModemOptions, firmware: Firmware) -> NvmStore:
    if options.state is None:
        return NvmStore(factory_nvm(firmware))
    return file.NvmFile(Path(options.state), firmware)
