"""What the port in memory adds to the contract: the host's end, held by the test itself."""

from collections.abc import Callable

import pytest

from emulator.line.serial.port import HIGH_MARK, LOW_MARK
from emulator.line.transports.memory import MemoryPort
from emulator.testing.contracts.port_bench import Recorder


def test_the_owner_has_heard_the_host_when_the_call_returns() -> None:
    """Tests need not wait for a port in memory."""
    port, recorder = MemoryPort(), Recorder()
    port.open(recorder)
    port.host_open()
    port.host_write(b"AT\r")
    port.host_close()

    assert recorder.told == ["opened", b"AT\r", "closed"]


def test_an_answer_written_from_inside_a_callback_can_be_read_at_once() -> None:
    """A round trip takes no event loop."""
    port, recorder = MemoryPort(), Recorder()
    recorder.on_data = lambda data: port.write(data.upper())
    port.open(recorder)
    port.host_open()
    port.host_write(b"at")

    assert port.host_read() == b"AT"
    assert port.host_read() == b""


def test_congestion_ends_at_the_low_mark_and_not_above() -> None:
    """The two marks stand apart, so that a host that reads byte by byte does not wake the owner for each."""
    port, recorder = MemoryPort(), Recorder()
    port.open(recorder)
    port.host_open()
    port.write(bytes(HIGH_MARK))
    assert port.congested is False
    port.write(b"+")
    assert port.congested is True

    port.host_read(HIGH_MARK - LOW_MARK)
    assert (port.congested, recorder.congestion_ended) == (True, 0)
    port.host_read(1)
    assert (port.congested, recorder.congestion_ended) == (False, 1)


@pytest.mark.parametrize("act", [MemoryPort.host_close, MemoryPort.host_read, lambda port: port.host_write(b"AT")])
def test_a_host_that_never_came_can_do_nothing(act: Callable[[MemoryPort], object]) -> None:
    """A test that forgets to open the port is told so."""
    with pytest.raises(ValueError, match="no host has opened memory"):
        act(MemoryPort())


def test_nobody_hears_the_host_of_a_closed_port() -> None:
    """The host's end survives the port's closing, as a descriptor does."""
    port, recorder = MemoryPort(), Recorder()
    port.open(recorder)
    port.host_open()
    port.close()
    port.host_write(b"AT\r")
    port.host_close()

    assert recorder.told == ["opened"]
