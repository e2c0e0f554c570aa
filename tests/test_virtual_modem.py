"""`VirtualModem` as a Python program uses it."""

import asyncio
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import serial

from emulator import ManualClock, UserError, VirtualModem, WallClock, load_firmware
from emulator.lab.conversations import echo
from emulator.lab.server import LabServer
from emulator.trace.events import Dialled, Event, Ready
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


async def test_a_modem_in_the_programs_own_loop_needs_no_thread() -> None:
    """The async form."""
    before = threading.active_count()
    async with VirtualModem("HE910") as modem:
        with serial.Serial(modem.port, timeout=TIMEOUT) as port:
            answer, threads = await asyncio.to_thread(ask, port, "ATI4"), threading.active_count() - before

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


AT_ONCE = "AT#SSLCFG=1,1,300,90,100,1"
"""Data leaves 0.1 s after it has come."""


def online(port: serial.Serial, *settings: str) -> None:
    """A host that is in data mode."""
    ask(port, "ATE0")
    for line in ('AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1", "AT#SSLEN=1,1", *settings):
        assert ask(port, line).endswith("OK\r\n"), line
    assert ask(port, 'AT#SSLD=1,443,"echo",0,0').endswith("CONNECT\r\n")


@pytest.fixture
def echoing() -> Iterator[VirtualModem]:
    """A modem in the hands of the test's clock, and a server that sends back."""
    with LabServer(echo) as server, VirtualModem(clock=ManualClock(), routes={"echo": server.address}) as modem:
        yield modem


def test_an_idle_socket_is_closed_after_its_90_seconds(echoing: VirtualModem) -> None:
    """maxTo of #SSLCFG, guide 3.4; the last byte counts, not the first."""
    with serial.Serial(echoing.port, timeout=TIMEOUT) as port:
        online(port, AT_ONCE)
        echoing.clock.advance(89)
        port.write(b"Hello")
        echoing.clock.advance(0.5)
        assert port.read(5) == b"Hello"
        echoing.clock.advance(89)
        assert port.in_waiting == 0
        echoing.clock.advance(2)
        assert port.read_until(b"NO CARRIER\r\n") == b"\r\nNO CARRIER\r\n"


def test_a_packet_leaves_when_its_time_is_over(echoing: VirtualModem) -> None:
    """txTo of #SSLCFG, here 25 s: what is less than a packet waits for it."""
    with serial.Serial(echoing.port, timeout=TIMEOUT) as port:
        online(port, "AT#SSLCFG=1,1,300,90,100,250")
        port.write(b"Hello")
        echoing.clock.advance(24)
        assert port.in_waiting == 0
        echoing.clock.advance(2)
        assert port.read(5) == b"Hello"


def test_the_guard_times_decide_what_three_plusses_are(echoing: VirtualModem) -> None:
    """S12, 1 s before and after; without them they are data."""
    with serial.Serial(echoing.port, timeout=TIMEOUT) as port:
        online(port, AT_ONCE)
        port.write(b"a+++")
        echoing.clock.advance(3)
        assert port.read(4) == b"a+++"
        port.write(b"+++")
        echoing.clock.advance(3)
        assert b"OK\r\n" in port.read_until(b"OK\r\n")
        assert ask(port, "AT#SSLS=1").startswith("\r\n#SSLS: 1,2,")


def test_a_real_clock_cannot_be_advanced() -> None:
    with VirtualModem() as modem, pytest.raises(RuntimeError, match="give the modem clock=ManualClock"):
        modem.clock.advance(90)


def test_faults_are_set_seen_and_taken_back_from_any_thread() -> None:
    with VirtualModem(seed=3) as modem, serial.Serial(modem.port, timeout=TIMEOUT) as port:
        ask(port, "ATE0")
        rule = modem.faults.add("unsolicited-line", command="+CSQ", at="answer", byte=0, text="RING", times=0)
        assert ask(port, "AT+CSQ") == "\r\nRING\r\n\r\n+CSQ: 20,0\r\n\r\nOK\r\n"
        assert ([rule], 1) == (modem.faults.rules, rule.fired)
        modem.faults.remove(rule)
        assert ask(port, "AT+CSQ") == "\r\n+CSQ: 20,0\r\n\r\nOK\r\n"
        with pytest.raises(UserError, match="there is no fault 1; there are none"):
            modem.faults.remove(rule)
        with pytest.raises(UserError, match="the nearest is reboot"):
            modem.faults.add("rebot")


def test_a_port_that_vanishes_comes_back_behind_its_link(tmp_path: Path) -> None:
    """A host that has it open hears an error; the link leads to the new one."""
    link, returned = tmp_path / "modem", threading.Event()
    readies: list[str] = []

    def watch(now: float, event: Event) -> None:
        if isinstance(event, Ready):
            readies.append(event.port)
            if len(readies) == 2:
                returned.set()

    with VirtualModem(link=link, readers=[watch], clock=WallClock(scale=20)) as modem:
        with serial.Serial(str(link), timeout=TIMEOUT) as port:
            modem.faults.add("port-vanished", duration="2 s")
            with pytest.raises((serial.SerialException, termios.error)):
                port.read(1)
                port.write(b"AT\r")
                port.read(1)
        assert returned.wait(TIMEOUT)
        with serial.Serial(str(link), timeout=TIMEOUT) as port:
            assert ask(port, "AT").endswith("OK\r\n")
        assert readies[1] == modem.modem.port
        assert str(link) == modem.port


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
        assert modem.modem.port in repr(modem)


def test_a_program_is_given_the_link_where_there_is_one(tmp_path: Path) -> None:
    """A port that vanishes comes back behind it, with another number."""
    show = "import os, sys; print(sys.argv[1], os.readlink(sys.argv[1]))"
    with VirtualModem(link=tmp_path / "modem") as modem:
        run = modem.run([sys.executable, "-c", show, "{port}"])

        assert f"{tmp_path / 'modem'} {modem.modem.port}\n" == run.output


@pytest.mark.parametrize(("options", "scale"), [({}, "1"), ({"time_scale": 20}, "20"), ({"clock": ManualClock()}, "1")])
def test_a_program_is_told_how_fast_the_modules_time_runs(options: dict[str, Any], scale: str) -> None:
    with VirtualModem(**options) as modem:
        run = modem.run(["sh", "-c", "echo $TELIT_TIME_SCALE"])

    assert run.output == f"{scale}\n"


def test_a_program_rings_the_module_and_ends_its_calls() -> None:
    """From any thread; iterating shows the calls."""
    with VirtualModem("HE910") as modem, serial.Serial(modem.port, timeout=TIMEOUT) as port:
        port.write(b"ATE0\r")
        port.read_until(b"OK\r\n")
        assert modem.calls.ring("+4912345") == 1
        assert port.read(8) == b"\r\nRING\r\n"
        port.write(b"ATA\r")
        port.read_until(b"OK\r\n")
        assert [(one.number, one.incoming, one.state) for one in modem.calls] == [("+4912345", True, "active")]
        modem.calls.press("1")
        modem.calls.end()
        assert port.read(14) == b"\r\nNO CARRIER\r\n"
        with pytest.raises(UserError, match="there is no such call"):
            modem.calls.answer()
        assert repr(modem.calls).startswith("<VirtualCalls of <VirtualModem")


def test_a_start_that_is_broken_off_leaves_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the modem starts in its thread: it ends all the same."""
    waited = []

    def interrupted(future: Future[object], timeout: float | None = None) -> object:
        waited.append(future)
        if len(waited) == 1:
            raise KeyboardInterrupt
        return result(future, timeout)

    result = Future.result
    monkeypatch.setattr(Future, "result", interrupted)
    with pytest.raises(KeyboardInterrupt):
        VirtualModem("HE910").start()

    assert [] == [thread for thread in threading.enumerate() if thread.name == "virtual-modem"]
