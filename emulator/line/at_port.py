"""A port of a modem with the AT instance behind it, or with the channels of a multiplexer."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from emulator.at.table import CommandTable
from emulator.clock import Clock
from emulator.device.device import Device
from emulator.errors import UserError
from emulator.later import later
from emulator.line.host_side import Overhears
from emulator.line.instance import Instance
from emulator.line.observer import InstanceObserver, Unobserved
from emulator.line.serial.port import Port, PortOwner
from emulator.line.serial.serial_line import SerialLine
from emulator.line.serial.uart import Uart
from emulator.trace.defect import report_defect
from emulator.trace.events import Defect, Ready, StateChanged
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    from emulator.line.mux import channel as mux_channel
    from emulator.line.mux import multiplexer
else:
    mux_channel = later("emulator.line.mux.channel")
    multiplexer = later("emulator.line.mux.multiplexer")


class AtPort:
    """Join one port with its AT instances."""

    def __init__(
        self, number: int, make: Callable[[SerialLine], Port], clock: Clock, trace: Trace, baud: int | None = None
    ) -> None:
        """Make the port.

        Args:
            number: from 1 on.
            make: makes the port, and makes it again after it has vanished; this passes on its errors.
            clock: the module's time.
            trace: gets the events of the port.
            baud: the speed of its line, if it has one.
        """
        self.name = str(number)
        """Name of the AT instance in the trace and for faults, from `1` on."""
        self.observe: Callable[[Instance], InstanceObserver] = lambda instance: Unobserved()
        """Makes the observer of each AT instance here; may be replaced before `serve`."""
        self._line = SerialLine(baud)
        self._make: Callable[[], Uart] = lambda: Uart(make(self._line), clock, self._line)
        self._clock = clock
        self._trace = trace
        self._uart: Uart | None = self._make()
        self._absences = 0
        """Number of conditions that keep the port away."""
        self.host_opens = self._uart.name
        """Path or URL that a host opens."""
        self._overhears: Overhears | None = None
        self._instance: Instance | None = None
        self._owner: PortOwner | None = None
        self._table: CommandTable | None = None
        self._multiplexer: multiplexer.Multiplexer | None = None
        self._channels: dict[int, tuple[mux_channel.ChannelPort, Instance]] = {}
        """Channels with their AT instances; they and their settings stay when a channel is closed."""

    def __repr__(self) -> str:
        return f"<AtPort {self.name} on {self.host_opens}{'' if self._uart else ', gone'}>"

    @property
    def instance(self) -> Instance:
        """The AT instance; there once `serve` was called."""
        assert self._instance is not None
        return self._instance

    @property
    def instances(self) -> Iterator[Instance]:
        """The AT instance and those of the channels that have been opened."""
        yield self.instance
        yield from (instance for _, instance in self._channels.values())

    def serve(self, device: Device, table: CommandTable) -> None:
        """Put an AT instance of the module behind the port."""
        self._table = table
        self._instance = Instance(device, table, self.name, self._line, self.observe)
        self._owner = self._instance.host
        if self._uart is not None:
            self._instance.host.connect(self._uart)
        self._instance.requests.on_multiplex = self._start_multiplexer
        device.power.on_stop.append(self._end_multiplexer)
        self._trace.emit(self.ready)

    @property
    def ready(self) -> Ready:
        """Return the event that says where a host finds the port; there once `serve` was called."""
        firmware = self.instance.device.firmware
        return Ready(port=self.host_opens, firmware=firmware.name, status=firmware.status, terminal=self.name)

    def open(self) -> None:
        """Listen to the host."""
        if self._uart is not None and self._owner is not None:
            self._uart.open(self._owner)

    def close(self) -> None:
        """Close the port and the instances; harmless before `serve`."""
        self._end_multiplexer()
        for channel, instance in self._channels.values():
            instance.close()
            channel.close()
        if self._instance is not None:
            self._instance.close()
        if self._uart is not None:
            self._uart.close()

    # Somebody who listens, or types beside the host.

    def overhear(self, overhears: Overhears) -> None:
        """Tell of all bytes of the AT instances here from now on."""
        self._overhears = overhears
        for instance in self.instances:
            instance.host.overhear(overhears)

    @property
    def channels(self) -> "dict[str, mux_channel.ChannelPort]":
        """Return the channels that the host has opened, by the names of their AT instances."""
        is_on = self._multiplexer is not None
        return {f"{self.name}.{number}": port for number, (port, _) in self._channels.items() if is_on and port.is_open}

    def type(self, data: bytes, channel: str | None = None) -> None:
        """Take bytes from somebody who types beside the host; where there is none, they are the host until one comes.

        Raises:
            UserError: nothing can be typed now.
        """
        if channel is not None:
            self.channels[channel].received(data)
            return
        if self._uart is None:
            raise UserError(f"port {self.name} is gone; type when it is back")
        if self._multiplexer is not None:
            raise UserError(f"port {self.name} carries the frames of a multiplexer, into which nobody can type")
        if not self._uart.takes_more:
            raise UserError(f"port {self.name} takes nothing more: the module does not read; wait, or restart it")
        self._uart.type(data)

    def hang_up(self) -> None:
        """Let whoever types leave: DTR falls, unless a host is there."""
        if self._uart is not None:
            self._uart.hang_up()

    @property
    def is_gone(self) -> bool:
        """Whether the port has vanished for a while."""
        return self._uart is None

    # A port that goes and comes back.

    def take_away(self) -> Callable[[], None]:
        """Remove the port until the return value is called, once; with several such calls, until the last."""
        self._absences += 1
        if self._uart is not None:
            uart, self._uart = self._uart, None
            host_was_present = uart.host_is_present
            uart.close()
            if host_was_present and self._owner is not None:
                self._owner.host_closed()
            self.instance.host.disconnect()
        return self._give_back

    def _give_back(self) -> None:
        self._absences -= 1
        if self._absences:
            return
        try:
            self._uart = self._make()
        except UserError as error:
            self._trace.emit(Defect(text=f"the port cannot come back: {error}"))
            return
        self.host_opens = self._uart.name
        self.instance.host.connect(self._uart)
        self.open()
        self._trace.emit(self.ready)

    # Several channels on the port.

    def _start_multiplexer(self, frame_size: int) -> None:
        if self._uart is None:
            return
        profile = self.instance.device.profile.terminal.multiplexer
        self._multiplexer = multiplexer.Multiplexer(
            self._uart,
            self._clock,
            channels=profile.channels,
            frame_size=frame_size,
            timeout=profile.opening_timeout,
            channel=self._channel,
            ended=self._multiplexer_ended,
            failed=partial(report_defect, self._trace, "the multiplexer"),
        )
        self.instance.host.disconnect()
        self._hand_over(self._multiplexer)
        self._trace_multiplexer("off", "on")

    def _end_multiplexer(self) -> None:
        if self._multiplexer is not None:
            self._multiplexer.end()

    def _multiplexer_ended(self) -> None:
        self._multiplexer = None
        self._trace_multiplexer("on", "off")
        if self._uart is not None:
            self.instance.host.connect(self._uart)
        self._hand_over(self.instance.host)

    def _hand_over(self, owner: PortOwner) -> None:
        """Give the port to another owner; it may have vanished meanwhile."""
        self._owner = owner
        if self._uart is not None:
            self._uart.hand_over(owner)
        else:
            owner.host_closed()

    def _channel(self, number: int) -> "mux_channel.ChannelPort":
        """Return a channel; make it and its AT instance when the host opens it first."""
        if number not in self._channels:
            assert self._table is not None
            name = f"{self.name}.{number}"
            instance = Instance(self.instance.device, self._table, name, observe=self.observe)
            if self._overhears is not None:
                instance.host.overhear(self._overhears)
            channel = mux_channel.ChannelPort(number, f"{self.host_opens} channel {number}")
            instance.host.connect(channel)
            channel.open(instance.host)
            self._channels[number] = channel, instance
        return self._channels[number][0]

    def _trace_multiplexer(self, before: str, after: str) -> None:
        self._trace.emit(StateChanged(thing=f"multiplexer on {self.name}", before=before, after=after))
