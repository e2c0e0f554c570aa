"""A port on the network whose host sees and sets control lines."""

import logging
import struct
from typing import Final

from emulator.line.serial.host_queue import HostQueue
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.line.serial.port import HIGH_MARK, PortOwner
from emulator.line.serial.queue import PacedQueue
from emulator.line.serial.serial_line import LineFormat, SerialLine
from emulator.line.transports.rfc2217.com_port import (
    FROM_SERVER,
    PARITIES,
    STOP_BITS,
    Command,
    Control,
    modem_state,
)
from emulator.line.transports.rfc2217.telnet import Agreed, Data, Option, Subnegotiation, Telnet, escaped
from emulator.line.transports.tcp import TcpPort

_SIGNATURE: Final = b"telit-emulator"
_ALL_LINES: Final = 0xFF
_EIGHT_NONE_ONE: Final = {Command.SET_DATASIZE: 8, Command.SET_PARITY: 1, Command.SET_STOPSIZE: 1}
_LINE_OF: Final = {
    Control.DTR_ON: (HostLines.DTR, True),
    Control.DTR_OFF: (HostLines.DTR, False),
    Control.RTS_ON: (HostLines.RTS, True),
    Control.RTS_OFF: (HostLines.RTS, False),
}
_PURGES_TO_HOST: Final = (1, 3)
_PURGES_FROM_HOST: Final = (2, 3)


class Rfc2217Port:
    """Serve a host as a `Port`, and own the TCP port below.

    DTR and RTS of the host are up when it connects. During a pause some of its data is read and kept, so that a change
    of its lines behind that data is seen.
    """

    def __init__(self, port: TcpPort, line: SerialLine) -> None:
        """Set the speed that the host asks for on `line`."""
        self._port = port
        self._line = line
        self.name = port.name.replace("socket:", "rfc2217:", 1)
        self._hosts = HostQueue(waits=self._keep_within_bounds)
        self._to_host = PacedQueue(self._transmit, relieved=self.writable, failed=self.port_failed)
        self._device_lines = DeviceLines.NONE
        self._shown_lines = DeviceLines.NONE
        self._forget_host()

    def __repr__(self) -> str:
        return (
            f"<Rfc2217Port {self.name}{', paused' if self._hosts.paused else ''}, {self._telnet!r} on {self._port!r}>"
        )

    def _forget_host(self) -> None:
        self._telnet = Telnet(self._port.write)
        self._host_lines = HOST_IS_READY
        self._format = dict(_EIGHT_NONE_ONE)
        self._flow = {Control.ASK_FLOW: Control.NO_FLOW, Control.ASK_INBOUND_FLOW: Control.NO_INBOUND_FLOW}
        self._breaks = False
        self._mask = _ALL_LINES
        self._to_host.clear()
        self._to_host.hold(False)

    # As the device's port.

    def open(self, owner: PortOwner) -> None:
        self._hosts.open(owner)
        self._port.open(self)

    def close(self) -> None:
        self._hosts.close()
        self._to_host.clear()
        self._to_host.relieve()
        self._port.close()

    @property
    def congested(self) -> bool:
        return self._port.congested or self._to_host.congested

    def write(self, data: bytes) -> None:
        if self._hosts.is_heard:
            self._to_host.put(data)

    def _transmit(self, data: bytes) -> None:
        self._port.write(escaped(data))

    def set_lines(self, lines: DeviceLines) -> None:
        self._device_lines = lines
        self._tell_lines()

    def pause(self) -> None:
        self._hosts.pause(True)

    def resume(self) -> None:
        self._hosts.pause(False)
        if self._hosts.is_empty:
            self._port.resume()

    def _keep_within_bounds(self) -> None:
        if self._hosts.waiting > HIGH_MARK:
            self._port.pause()

    # As the owner of the connection.

    def host_opened(self) -> None:
        self._forget_host()
        self._telnet.begin()
        self._hosts.host_opened()

    def host_changes(self) -> None:
        self._hosts.host_changes()

    def host_closed(self) -> None:
        self._to_host.clear()
        self._hosts.host_closed()
        self._to_host.relieve()
        if not self._hosts.is_empty:
            self._port.pause()  # one host may wait behind the news, not any number

    def writable(self) -> None:
        if not self.congested:
            self._hosts.writable()

    def port_failed(self, error: Exception) -> None:
        self._hosts.port_failed(error)

    def lines_changed(self, lines: HostLines) -> None:
        """Ignore them: a bare connection has none."""

    def data_received(self, data: bytes) -> None:
        for event in self._telnet.feed(data):
            match event:
                case Data(plain):
                    self._hosts.data_received(plain)
                case Agreed(Option.COM_PORT):
                    self._tell_lines(always=True)
                case Subnegotiation(Option.COM_PORT, value) if value:
                    self._obey(value[0], value[1:])
                case _:
                    pass

    # What the host asks of the port.

    def _obey(self, command: int, value: bytes) -> None:
        match command, value:
            case Command.SIGNATURE, b"":
                self._confirm(Command.SIGNATURE, _SIGNATURE)
            case Command.SET_BAUDRATE, _ if len(value) == 4:
                self._set_rate(struct.unpack("!I", value)[0])
            case (Command.SET_DATASIZE | Command.SET_PARITY | Command.SET_STOPSIZE) as what, _ if len(value) == 1:
                self._format[Command(what)] = value[0] or self._format[Command(what)]
                self._tell_format()
                self._confirm(Command(what), bytes((self._format[Command(what)],)))
            case Command.SET_CONTROL, _ if len(value) == 1:
                self._confirm(Command.SET_CONTROL, bytes((self._control(value[0]),)))
            case Command.SET_LINESTATE_MASK, _ if len(value) == 1:
                self._confirm(Command.SET_LINESTATE_MASK, value)
            case Command.SET_MODEMSTATE_MASK, _ if len(value) == 1:
                self._mask = value[0]
                self._confirm(Command.SET_MODEMSTATE_MASK, value)
                self._tell_lines(always=True)
            case Command.NOTIFY_MODEMSTATE, _:
                self._tell_lines(always=True)
            case Command.FLOWCONTROL_SUSPEND, _:
                self._to_host.hold(True)
            case Command.FLOWCONTROL_RESUME, _:
                self._to_host.hold(False)
            case Command.PURGE_DATA, _ if len(value) == 1:
                self._purge(value[0])
                self._confirm(Command.PURGE_DATA, value)
            case _:
                pass

    def _confirm(self, command: Command, value: bytes) -> None:
        self._telnet.subnegotiate(Option.COM_PORT, bytes((command + FROM_SERVER,)) + value)

    def _set_rate(self, rate: int) -> None:
        if rate:
            self._line.set_host(rate)
        if not self._line.speeds_agree:
            logging.getLogger("emulator").warning(
                "%s: the host is set to %d bit/s, the module to %d: neither understands the other",
                self.name,
                rate,
                self._line.device_rate,
            )
        in_force = self._line.host_rate or self._line.rate
        self._confirm(Command.SET_BAUDRATE, struct.pack("!I", in_force))

    def _control(self, value: int) -> int:
        """Obey SET-CONTROL; return the value in force."""
        match value:
            case Control.DTR_ON | Control.DTR_OFF | Control.RTS_ON | Control.RTS_OFF:
                self._move_line(*_LINE_OF[Control(value)])
            case Control.ASK_DTR:
                return Control.DTR_ON if HostLines.DTR in self._host_lines else Control.DTR_OFF
            case Control.ASK_RTS:
                return Control.RTS_ON if HostLines.RTS in self._host_lines else Control.RTS_OFF
            case Control.ASK_BREAK:
                return Control.BREAK_ON if self._breaks else Control.BREAK_OFF
            case Control.BREAK_ON | Control.BREAK_OFF:
                self._breaks = value == Control.BREAK_ON
                self._line.set_host_break(self._breaks)
            case Control.ASK_FLOW | Control.ASK_INBOUND_FLOW:
                return self._flow[Control(value)]
            case Control.NO_FLOW | Control.XON_XOFF | Control.HARDWARE:
                self._flow[Control.ASK_FLOW] = Control(value)
                self._tell_format()
            case Control.NO_INBOUND_FLOW | Control.INBOUND_XON_XOFF | Control.INBOUND_HARDWARE:
                self._flow[Control.ASK_INBOUND_FLOW] = Control(value)
            case _:
                pass
        return value

    def _tell_format(self) -> None:
        self._line.set_host_format(
            LineFormat(
                data_bits=self._format[Command.SET_DATASIZE],
                parity=PARITIES.get(self._format[Command.SET_PARITY], "N"),
                stop_bits=STOP_BITS.get(self._format[Command.SET_STOPSIZE], 1.0),
                hardware_flow=self._flow[Control.ASK_FLOW] == Control.HARDWARE,
            )
        )

    def _move_line(self, line: HostLines, up: bool) -> None:
        lines = self._host_lines | line if up else self._host_lines & ~line
        if lines != self._host_lines:
            self._host_lines = lines
            self._hosts.lines_changed(lines)

    def _purge(self, what: int) -> None:
        if what in _PURGES_TO_HOST:
            self._to_host.clear()
            self._to_host.relieve()
        if what in _PURGES_FROM_HOST:
            self._hosts.clear_bytes()

    def _tell_lines(self, *, always: bool = False) -> None:
        """Report the lines that the host wants to know, when they have changed or it has asked."""
        if not self._telnet.uses(Option.COM_PORT):
            return
        state = modem_state(self._shown_lines, self._device_lines) & self._mask
        if always or self._device_lines != self._shown_lines:
            self._shown_lines = self._device_lines
            self._confirm(Command.NOTIFY_MODEMSTATE, bytes((state,)))
