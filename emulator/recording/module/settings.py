"""Sets the module's port to what the host has set; what a port refuses is told once, and bytes go on."""

import logging
from collections.abc import Callable

import serial

from emulator.dte.port import SerialPort
from emulator.line.serial.lines import HostLines
from emulator.line.serial.serial_line import LineFormat


def apply_lines(port: serial.Serial, lines: HostLines) -> None:
    """Set DTR and RTS; with hardware flow control RTS is the driver's."""
    port.dtr = HostLines.DTR in lines
    if not port.rtscts:
        port.rts = HostLines.RTS in lines


def apply_speed(port: SerialPort, rate: int) -> None:
    """Set the speed."""

    def change() -> None:
        port.serial.baudrate = rate

    if port.serial.baudrate != rate:
        _tried(port, f"{rate} bit/s", change)


def apply_break(port: SerialPort, on: bool) -> None:
    """Begin or end a BREAK."""
    _tried(port, "BREAK", lambda: setattr(port.serial, "break_condition", on))


def apply_format(port: SerialPort, form: LineFormat) -> None:
    """Set the bits of a character, and flow control."""

    def change() -> None:
        line = port.serial
        line.bytesize = form.data_bits
        line.parity = form.parity
        line.stopbits = form.stop_bits
        line.rtscts = form.hardware_flow

    flow = "with RTS and CTS" if form.hardware_flow else "without flow control"
    _tried(port, f"{form.data_bits}{form.parity}{form.stop_bits:g} {flow}", change)


def _tried(port: SerialPort, setting: str, change: Callable[[], None]) -> None:
    try:
        change()
    except (ValueError, OSError) as error:
        logging.getLogger("emulator").warning("%s: it cannot be set to %s (%s)", port.name, setting, error)
