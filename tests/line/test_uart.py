"""The speed of a line, and who lets whom wait on it: exact times, under a manual clock."""

import pytest

from emulator.clock import ManualClock
from emulator.line.serial.lines import HOST_IS_READY, HostLines
from emulator.line.serial.port import HIGH_MARK
from emulator.line.serial.serial_line import FlowControl, SerialLine
from emulator.line.serial.uart import Uart
from emulator.line.transports.memory import MemoryPort
from emulator.testing.contracts.port_bench import Recorder

SOFTWARE = FlowControl(heeds_xoff=True, sends_xoff=True)
STOP, GO = b"\x13", b"\x11"


class Wire:
    """A UART with a host at the other end of its line."""

    def __init__(self, baud: int | None = None, flow: FlowControl | None = None) -> None:
        self.clock, self.line, self.host = ManualClock(), SerialLine(baud), MemoryPort()
        self.uart, self.device = Uart(self.host, self.clock, self.line), Recorder()
        self.uart.open(self.device)
        self.host.host_open()
        if flow is not None:
            self.line.set_flow(flow)

    async def pass_time(self, seconds: float) -> None:
        await self.clock.advance_in_loop(seconds)


@pytest.mark.parametrize(
    ("baud", "bits", "seconds"), [(9600, 10, 1.0), (9600, 11, 1.1), (300, 9, 28.8), (1200, 10, 8.0)]
)
async def test_bytes_take_the_time_of_their_bits(baud: int, bits: int, seconds: float) -> None:
    """960 of them, in either direction; the last one is not there before the last bit has come."""
    wire = Wire(baud)
    wire.line.set_device(0, bits)
    wire.uart.write(bytes(960))
    wire.host.host_write(bytes(960))
    await wire.pass_time(seconds - 0.0001)
    assert len(wire.host.host_read()) < 960 > len(wire.device.received)
    await wire.pass_time(0.0002)
    assert len(wire.device.received) == 960


async def test_a_byte_comes_when_its_stop_bit_has() -> None:
    """At 300 bit/s every 33 ms one."""
    wire = Wire(300)
    wire.host.host_write(b"AT\r")
    heard = []
    for _ in range(4):
        heard.append(wire.device.received)
        await wire.pass_time(1 / 30 + 1e-6)
    assert heard == [b"", b"A", b"AT", b"AT\r"]


async def test_a_fast_line_carries_as_much_as_it_can_and_no_more() -> None:
    """However the module writes it: ten thousand single bytes at 115200 bit/s are gone after 868 ms."""
    wire = Wire(115200)
    for _ in range(10_000):
        wire.uart.write(b"x")
    await wire.pass_time(0.5)
    assert 5740 <= len(wire.host.host_read()) <= 5760
    await wire.pass_time(0.3681)
    assert len(wire.host.host_read()) in range(4240, 4261)


async def test_a_new_speed_counts_for_what_is_written_after_it() -> None:
    """What waits goes out at the speed at which it was written."""
    wire = Wire(1200)
    wire.uart.write(bytes(120))
    wire.line.set_device(9600, 10)
    wire.uart.write(bytes(96))
    await wire.pass_time(1.0001)
    assert len(wire.host.host_read()) == 120
    await wire.pass_time(0.1)
    assert len(wire.host.host_read()) == 96


async def test_both_sides_have_to_agree_on_the_speed() -> None:
    """A module at a fixed one and a host at another hear nothing of each other; a module that finds it follows."""
    wire = Wire(9600)
    wire.line.set_host(1200)
    wire.host.host_write(b"1200")
    await wire.pass_time(1)
    wire.line.set_device(9600, 10)
    wire.host.host_write(b"lost")
    wire.uart.write(b"lost")
    await wire.pass_time(1)
    wire.line.set_host(9600)
    wire.host.host_write(b"9600")
    await wire.pass_time(1)
    assert wire.device.received == b"12009600"
    assert wire.host.host_read() == b""


async def test_a_module_that_writes_faster_than_the_line_is_held_back() -> None:
    """Beyond the mark it is told to wait, and told when it may go on."""
    wire = Wire(9600)
    wire.uart.write(bytes(HIGH_MARK))
    assert not wire.uart.congested
    wire.uart.write(b"1")
    assert wire.uart.congested
    await wire.pass_time(60)
    assert (wire.uart.congested, wire.device.congestion_ended) == (False, 1)


async def test_a_host_that_writes_faster_than_the_line_is_slowed_down() -> None:
    """What it has written is not taken from it before the line has carried it."""
    wire = Wire(9600)
    for _ in range(3):
        wire.host.host_write(bytes(96))
    wire.host.host_close()
    await wire.pass_time(0.1001)
    assert (len(wire.device.received), wire.device.presence) == (96, ["opened"])
    await wire.pass_time(0.2)
    assert (len(wire.device.received), wire.device.presence) == (288, ["opened", "closed"])


async def test_a_host_that_leaves_hears_nothing_more() -> None:
    """What was on its way to it is gone."""
    wire = Wire(9600)
    wire.uart.write(bytes(960))
    await wire.pass_time(0.5)
    wire.host.host_close()
    wire.host.host_open()
    await wire.pass_time(1)
    assert wire.host.host_read() == b""


@pytest.mark.parametrize("baud", [None, 9600])
async def test_xoff_stops_the_module_and_xon_lets_it_go_on(baud: int | None) -> None:
    """The two are no data, and nothing of what is written meanwhile is lost."""
    wire = Wire(baud, SOFTWARE)
    wire.host.host_write(b"a" + STOP + b"b")
    await wire.pass_time(1)
    wire.uart.write(b"waits")
    await wire.pass_time(1)
    heard_while_stopped = wire.host.host_read()
    wire.host.host_write(GO)
    await wire.pass_time(1)
    assert (heard_while_stopped, wire.host.host_read()) == (b"", b"waits")
    assert wire.device.received == b"ab"


async def test_a_stopped_module_is_told_that_it_must_wait() -> None:
    """Beyond the mark, and when it may go on."""
    wire = Wire(None, SOFTWARE)
    wire.host.host_write(STOP)
    wire.uart.write(bytes(HIGH_MARK + 1))
    assert wire.uart.congested
    wire.host.host_write(GO)
    assert len(wire.host.host_read()) == HIGH_MARK + 1
    assert (wire.uart.congested, wire.device.congestion_ended) == (False, 1)


async def test_xoff_is_data_where_it_is_not_heeded_and_too_where_it_is_passed_on() -> None:
    """Without software flow control every byte is the peer's."""
    wire = Wire()
    wire.host.host_write(STOP + b"1" + GO)
    wire.line.set_flow(FlowControl(heeds_xoff=True, passes_xoff=True))
    wire.host.host_write(STOP)
    wire.uart.write(b"waits")
    assert wire.host.host_read() == b""
    wire.host.host_write(GO)
    assert wire.device.received == STOP + b"1" + GO + STOP + GO
    assert wire.host.host_read() == b"waits"


async def test_other_flow_control_forgets_xoff() -> None:
    """A module that was stopped goes on when XOFF means nothing any more, and so it does for the next host."""
    wire = Wire(None, SOFTWARE)
    wire.host.host_write(STOP)
    wire.uart.write(b"waits")
    wire.line.set_flow(FlowControl())
    assert wire.host.host_read() == b"waits"
    wire.line.set_flow(SOFTWARE)
    assert wire.host.host_read() == b""
    wire.host.host_close()
    wire.host.host_open()
    wire.uart.write(b"next")
    assert wire.host.host_read() == b"next"


async def test_a_module_that_takes_no_more_sends_xoff_ahead_of_what_waits() -> None:
    """And XON when it takes more."""
    wire = Wire(9600, SOFTWARE)
    wire.uart.write(bytes(96))
    wire.uart.pause()
    wire.uart.pause()
    assert wire.host.host_read() == STOP
    wire.uart.resume()
    wire.uart.resume()
    assert wire.host.host_read() == GO


async def test_rts_stops_the_module_where_it_counts() -> None:
    """With hardware flow control only."""
    wire = Wire()
    wire.host.host_lines(HostLines.DTR)
    wire.uart.write(b"1")
    heard = [wire.host.host_read()]
    wire.line.set_flow(FlowControl(rts=True))
    wire.uart.write(b"2")
    heard.append(wire.host.host_read())
    wire.host.host_lines(HOST_IS_READY)
    heard.append(wire.host.host_read())
    assert heard == [b"1", b"", b"2"]
    assert wire.device.lines == [HostLines.DTR, HOST_IS_READY]


async def test_lines_keep_their_place_among_the_bytes_of_a_slow_line() -> None:
    """The module has what was sent before DTR fell."""
    wire = Wire(9600)
    wire.host.host_write(bytes(96))
    await wire.pass_time(0.05)
    wire.host.host_lines(HostLines.RTS)
    assert wire.device.lines == []
    await wire.pass_time(0.0501)
    assert (len(wire.device.received), wire.device.lines) == (96, [HostLines.RTS])


async def test_a_host_is_there_with_both_lines_up_and_hears_what_was_held_back() -> None:
    """However the last one left them: RTS that was low holds nothing back for the next one."""
    wire = Wire(flow=FlowControl(rts=True))
    wire.host.host_lines(HostLines.DTR)
    wire.uart.write(b"to the first one")
    wire.host.host_close()
    wire.host.host_open()
    wire.uart.write(b"OK")

    assert b"OK" == wire.host.host_read()


async def test_the_lines_of_a_host_that_waits_for_its_turn_are_its_own() -> None:
    """They are told behind its coming, though the first one is still to be heard."""
    wire = Wire(300, FlowControl(rts=True))
    wire.host.host_write(b"AT\r")
    wire.host.host_close()
    wire.host.host_open()
    wire.host.host_lines(HostLines.DTR)
    wire.uart.write(b"to the first one")
    assert (["opened"], []) == (wire.device.told, wire.device.lines)
    await wire.pass_time(0.1)
    assert (["opened", b"AT\r", "closed", "opened"], [HostLines.DTR]) == (wire.device.told, wire.device.lines)
    wire.uart.write(b"waits")
    await wire.pass_time(0.1)
    assert b"" == wire.host.host_read()
    wire.host.host_lines(HOST_IS_READY)
    await wire.pass_time(0.3)
    assert b"waits" == wire.host.host_read()
