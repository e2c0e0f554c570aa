"""`VirtualModem` as a Python program uses it."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import serial

from emulator import ManualClock, UserError, VirtualModem, WallClock, load_firmware
from emulator.trace.events import Dialled, Event
from tests.cli.programs import TIMEOUT, ask
from tests.peers.plain import scripted_server


def open_files() -> int:
    """Descriptors of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_modem_in_a_thread_answers_on_its_port() -> None:
    """The whole of the README's example."""
    with VirtualModem("GE865-QUAD@10.00.007") as modem, serial.Serial(modem.port, timeout=TIMEOUT) as port:
        answer = ask(port, "AT+CGMR")

    assert answer == "AT+CGMR\r\r\n10.00.007\r\n\r\nOK\r\n"


def test_a_modem_in_the_programs_own_loop_needs_no_thread() -> None:
    """The async form."""

    async def scenario() -> tuple[str, int]:
        before = threading.active_count()
        async with VirtualModem("HE910") as modem:
            with serial.Serial(modem.port, timeout=TIMEOUT) as port:
                return await asyncio.to_thread(ask, port, "ATI4"), threading.active_count() - before

    answer, threads = asyncio.run(scenario())

    assert "HE910" in answer
    assert threads <= 1  # the one that the test itself has used


@pytest.mark.parametrize(
    "make",
    [
        lambda: VirtualModem("HE911"),
        lambda: VirtualModem(routes={"a": "b"}),
        lambda: VirtualModem(link="/nonexistent/port"),
        lambda: VirtualModem(settings=["signal=200"]),
        lambda: VirtualModem(keylog="/nonexistent/keys"),
        lambda: VirtualModem(pcap="/nonexistent/capture"),
        lambda: VirtualModem(pcap="/dev/null"),
    ],
)
def test_a_wrong_option_is_raised_where_the_modem_is_started(make: Callable[[], VirtualModem]) -> None:
    """In the caller's thread, and nothing is left behind."""
    before, files = threading.active_count(), open_files()

    with pytest.raises(UserError):
        make().start()

    assert (before, files) == (threading.active_count(), open_files())


def test_starting_twice_is_a_mistake_and_stopping_twice_is_not() -> None:
    """And a stopped one can be started again, on another port."""
    modem = VirtualModem()
    modem.start()
    with pytest.raises(RuntimeError):
        modem.start()
    modem.stop()
    modem.stop()

    with pytest.raises(RuntimeError):
        _ = modem.port
    with modem:
        assert modem.port.startswith("/dev/")


def test_many_modems_leave_nothing_behind() -> None:
    """Each in its own thread, each with a host on its port, some of them in the middle of something."""
    before, files = threading.active_count(), open_files()
    dialled = threading.Event()

    def watch(now: float, event: Event) -> None:
        if isinstance(event, Dialled):
            dialled.set()

    with scripted_server(b"") as server:
        routes = {"silent": f"127.0.0.1:{server}"}
        modems = [VirtualModem(routes=routes, readers=[watch]).start() for _ in range(20)]
        ports = [serial.Serial(modem.port, timeout=TIMEOUT) for modem in modems]
        for port in ports:
            assert ask(port, "AT").endswith("OK\r\n")
        for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
            ask(ports[0], line)
        ports[0].write(b'AT#SSLD=1,443,"silent",0,1,5000\r')
        assert dialled.wait(TIMEOUT)
        for modem in modems:
            modem.stop()
        for port in ports:
            port.close()

    assert (before, files) == (threading.active_count(), open_files())


def test_a_manual_clock_is_advanced_from_the_programs_thread() -> None:
    """Ninety seconds take no time."""
    clock = ManualClock()
    with VirtualModem(clock=clock) as modem, serial.Serial(modem.port, timeout=TIMEOUT) as port:
        ask(port, "ATE0")
        before = ask(port, "AT+CCLK?")
        clock.advance(90)
        after = ask(port, "AT+CCLK?")

    assert (before, after) == (
        '\r\n+CCLK: "14/06/01,13:00:00+04"\r\n\r\nOK\r\n',
        '\r\n+CCLK: "14/06/01,13:01:30+04"\r\n\r\nOK\r\n',
    )


def test_a_scaled_clock_makes_a_restart_short() -> None:
    """Five seconds of boot time at scale 100."""
    with VirtualModem(clock=WallClock(scale=100)) as modem, serial.Serial(modem.port, timeout=0.2) as port:
        port.write(b"ATE0\r")
        port.read_until(b"OK\r\n")
        port.write(b"AT#REBOOT\r")
        assert port.read_until(b"OK\r\n") == b"\r\nOK\r\n"
        for _ in range(100):
            port.write(b"AT\r")
            if answer := port.read_until(b"OK\r\n"):
                break

    assert answer.endswith(b"AT\r\r\nOK\r\n")


def test_a_function_runs_with_the_modem_in_its_own_thread() -> None:
    """The way to touch the module from outside."""
    with VirtualModem() as modem:
        inside = modem.call(lambda running: (threading.get_ident(), running.firmware.name))

    assert inside[0] != threading.get_ident()
    assert inside[1] == load_firmware("HE910").name


def test_its_repr_says_whether_it_runs(tmp_path: Path) -> None:
    """For whoever debugs a test."""
    modem = VirtualModem("UE910-EUR", link=tmp_path / "modem")
    assert repr(modem) == "<VirtualModem UE910-EUR, stopped>"
    with modem:
        assert modem.port in repr(modem)
