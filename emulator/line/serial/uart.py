"""The UART of the device, between a port and its owner: the speed of the line, and flow control."""

from emulator.clock import Clock
from emulator.guard import log_defect
from emulator.line.serial.host_queue import HostQueue
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.port import Port, PortOwner
from emulator.line.serial.queue import PacedQueue
from emulator.line.serial.serial_line import XOFF, XON, SerialLine


class Uart:
    """Serve the device as a `Port`, over the real one.

    Bytes take the time of the `SerialLine` in either direction. Where host and device are set to different speeds,
    nothing gets through. A pause is told to the host, by XOFF where that is the flow control in force.
    """

    def __init__(self, port: Port, clock: Clock, line: SerialLine) -> None:
        self._port = port
        self._line = line
        self._outgoing = PacedQueue(port.write, clock, relieved=self._regulate, failed=self.port_failed)
        self._outgoing.take_late = self._transmit
        self._hosts = HostQueue(clock, line, waits=self._stop_reading)
        self._reading = True
        self._owner: PortOwner | None = None
        self._stopped = False
        """The host has sent XOFF, and no XON since."""
        self._host_lines = HOST_IS_READY
        self._changes = False
        """Whether the next host is there already, so that what waits for it must not be dropped."""
        self._typist_is_host = False
        """Whether somebody who types beside the port is the only host."""
        self.congested = False
        line.on_flow = self._regulate

    def __repr__(self) -> str:
        return f"<Uart {self._line!r}{', paused' if self._hosts.paused else ''} on {self._port!r}>"

    @property
    def name(self) -> str:
        return self._port.name

    def open(self, owner: PortOwner) -> None:
        self._owner = owner
        self._hosts.open(self)
        self._port.open(self._hosts)

    @property
    def host_is_present(self) -> bool:
        """Whether a host has the port open."""
        return self._hosts.is_present

    def hand_over(self, owner: PortOwner) -> None:
        """Give the port to another owner, and tell it if the host has gone."""
        self._owner = owner
        if not self._hosts.is_present:
            owner.host_closed()

    def close(self) -> None:
        self._owner = None
        self._hosts.close()
        self._outgoing.clear()
        self._port.close()

    # To the host.

    def write(self, data: bytes) -> None:
        if not (self._hosts.is_heard and self._line.speeds_agree):
            return
        outgoing = self._outgoing
        outgoing.put(data, self._line.seconds_a_byte)
        if self._port.congested:
            outgoing.hold(True)
            self.congested = True
        elif outgoing.congested:
            self.congested = True

    def set_lines(self, lines: DeviceLines) -> None:
        self._port.set_lines(lines)

    def _transmit(self, data: bytes) -> None:
        port = self._port
        port.write(data)
        if port.congested:
            self._outgoing.hold(True)

    def writable(self) -> None:
        self._regulate()

    def port_failed(self, error: Exception) -> None:
        if self._owner is not None:
            self._owner.port_failed(error)
        else:
            log_defect("a port", error)

    def _regulate(self) -> None:
        """Send while the host and the real port take it."""
        flow = self._line.flow
        stopped = self._stopped and flow.heeds_xoff
        not_ready = flow.rts and HostLines.RTS not in self._host_lines
        self._outgoing.hold(stopped or not_ready or self._port.congested)
        if self.congested and not self._outgoing.congested and not self._port.congested:
            self.congested = False
            if self._owner is not None:
                self._owner.writable()

    # From the host.

    def data_received(self, data: bytes) -> None:
        if self._line.flow.heeds_xoff:
            data = self._heed(data)
        if data and self._owner is not None:
            self._owner.data_received(data)
        if not self._reading:
            self._read_on()

    def pause(self) -> None:
        if not self._hosts.paused:
            self._hosts.pause(True)
            self._stop_reading()
            self._tell(XOFF)

    def resume(self) -> None:
        if self._hosts.paused:
            self._tell(XON)
            self._hosts.pause(False)
            self._read_on()

    def _tell(self, character: int) -> None:
        """Send ahead of what waits: a host must stop soon."""
        if self._line.flow.sends_xoff and self._hosts.is_heard:
            self._port.write(bytes((character,)))

    def _stop_reading(self) -> None:
        self._reading = False
        self._port.pause()

    def _read_on(self) -> None:
        if self._owner is not None and not self._hosts.paused and not self._hosts.waiting:
            self._reading = True
            self._port.resume()

    def _heed(self, data: bytes) -> bytes:
        """Obey the last XOFF or XON of the host; return the data without them."""
        last = max(data.rfind(XOFF), data.rfind(XON))
        if last >= 0:
            self._stopped = data[last] == XOFF
            self._regulate()
        return data if self._line.flow.passes_xoff else data.translate(None, bytes((XON, XOFF)))

    # Somebody who types beside the host.

    def type(self, data: bytes) -> None:
        """Take bytes as if they came at the port; where no host is there, whoever types is the host until one comes."""
        if not self._hosts.is_present:
            self._hosts.host_opened()
            self._typist_is_host = True
        self._hosts.data_received(data)

    def hang_up(self) -> None:
        """Let whoever types leave, if there is no other host."""
        if self._typist_is_host:
            self._hosts.host_closed()

    @property
    def takes_more(self) -> bool:
        """Whether somebody may type: the queue of what has come is not full."""
        return not self._hosts.congested

    # The coming and going of hosts, and their lines.

    def host_opened(self) -> None:
        if self._typist_is_host:
            self.host_closed()
        self._stopped = False
        self._host_lines = HOST_IS_READY
        self._regulate()
        if self._owner is not None:
            self._owner.host_opened()

    def host_changes(self) -> None:
        self._stopped = False
        self._changes = True
        self._outgoing.clear()
        if self._owner is not None:
            self._owner.host_changes()
        self._outgoing.relieve()
        self._regulate()

    def host_closed(self) -> None:
        self._stopped = self._typist_is_host = False
        self._line.set_host(None)
        if not self._changes:
            self._outgoing.clear()
        self._changes = False
        if self._owner is not None:
            self._owner.host_closed()
        self._outgoing.relieve()
        self._regulate()

    def lines_changed(self, lines: HostLines) -> None:
        self._host_lines = lines
        self._regulate()
        if self._owner is not None:
            self._owner.lines_changed(lines)
