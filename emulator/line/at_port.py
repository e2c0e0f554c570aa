"""One port of a modem with the AT instance behind it, or the channels of a multiplexer; a module may have several."""

from collections.abc import Callable, Sequence

from emulator.at.syntax import Form
from emulator.at.table import CommandTable
from emulator.clock import Clock
from emulator.device.device import Device
from emulator.faults.plan import FaultPlan
from emulator.faults.port import FaultyPort
from emulator.line.instance import Instance
from emulator.line.mux.channel import ChannelPort
from emulator.line.mux.multiplexer import Multiplexer
from emulator.line.port import Port
from emulator.line.serial_line import SerialLine
from emulator.line.uart import Uart
from emulator.trace.events import StateChanged


class AtPort:
    """A `Target` of faults; opened once the module is there."""

    def __init__(
        self, number: int, make: Callable[[SerialLine], Port], plan: FaultPlan, baud: int | None = None
    ) -> None:
        """`make` makes the real port; raises what making it raises. `baud` is the speed of its line, if it has one."""
        self.name = str(number)
        """By which the trace and faults call the AT instance, from `1` on."""
        self._line = SerialLine(baud)
        self.port = FaultyPort(lambda: Uart(make(self._line), plan.clock, self._line), plan, self.name)
        self._plan = plan
        self._instance: Instance | None = None
        self._table: CommandTable | None = None
        self._multiplexer: Multiplexer | None = None
        self._channels: dict[int, Instance] = {}
        """The AT instances of channels, which stay when a channel is closed: its settings do, too."""

    def __repr__(self) -> str:
        return f"<AtPort {self.name} on {self.port.name}>"

    @property
    def instance(self) -> Instance:
        """The AT instance; there once `serve` was called."""
        assert self._instance is not None
        return self._instance

    def serve(self, device: Device, table: CommandTable) -> None:
        """Put an AT instance of the module behind the port."""
        self._table = table
        self._instance = Instance(device, table, self.port, self.name, self._line)
        self._instance.host.connect(self.port)
        self._instance.requests.on_multiplex = self._start_multiplexer
        device.power.on_stop.append(self._end_multiplexer)

    def open(self) -> None:
        """Listen to the host."""
        self.port.open(self.instance.host)

    def close(self) -> None:
        """Take both away; harmless before `serve`."""
        self._end_multiplexer()
        for instance in self._channels.values():
            instance.close()
        if self._instance is not None:
            self._instance.close()
        self.port.close()

    # Several channels on the port.

    def _start_multiplexer(self, frame_size: int) -> None:
        profile = self.device.profile.terminal.multiplexer
        self._multiplexer = Multiplexer(
            self.port,
            self.clock,
            channels=profile.channels,
            frame_size=frame_size,
            patience=profile.opening_timeout,
            opened=self._open_channel,
            closed=self._close_channel,
            ended=self._multiplexer_ended,
        )
        self.instance.host.disconnect()
        self.port.hand_over(self._multiplexer)
        self._trace_multiplexer("off", "on")

    def _end_multiplexer(self) -> None:
        if self._multiplexer is not None:
            self._multiplexer.end()

    def _multiplexer_ended(self) -> None:
        self._multiplexer = None
        self._trace_multiplexer("on", "off")
        self.instance.host.connect(self.port)
        self.port.hand_over(self.instance.host)

    def _open_channel(self, channel: ChannelPort) -> None:
        instance = self._channels.get(channel.number)
        if instance is None:
            assert self._table is not None
            name = f"{self.name}.{channel.number}"
            instance = Instance(self.device, self._table, _ChannelWatcher(self._plan, name), name)
            self._channels[channel.number] = instance
        instance.host.connect(channel)
        channel.open(instance.host)
        channel.arrive()

    def _close_channel(self, channel: ChannelPort) -> None:
        channel.leave()
        channel.close()
        self._channels[channel.number].host.disconnect()

    def _trace_multiplexer(self, before: str, after: str) -> None:
        self._plan.trace.emit(StateChanged(thing=f"multiplexer on {self.name}", before=before, after=after))

    # As a target of faults.

    @property
    def device(self) -> Device:
        """See `faults.fault.Target`."""
        return self.instance.device

    @property
    def clock(self) -> Clock:
        """See `faults.fault.Target`."""
        return self.device.environment.clock

    def notify(self, text: str) -> None:
        """See `faults.fault.Target`."""
        self.instance.notify(text)

    def inject(self, data: bytes) -> None:
        """See `faults.fault.Target`."""
        self.port.inject(data)

    def vanish(self, duration: float) -> None:
        """See `faults.fault.Target`."""
        self.port.vanish(duration)


class _ChannelWatcher:
    """Tells of the commands on a channel; bytes are counted on the whole port only."""

    counts_bytes = False

    def __init__(self, plan: FaultPlan, terminal: str) -> None:
        self._plan = plan
        self._terminal = terminal

    def command_begins(self, names: Sequence[str], form: Form) -> None:
        """See `instance.Watcher`."""
        self._plan.command_begins(names, form, self._terminal)

    def entry_begins(self) -> None:
        """See `instance.Watcher`."""
