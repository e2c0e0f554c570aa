"""What a raw port on the network promises beside the contract."""

import asyncio
import logging
import os
import resource
import socket
import threading
from pathlib import Path

import pytest
import serial

from emulator import VirtualModem
from emulator.clock import WallClock
from emulator.errors import UserError
from emulator.line.serial.serial_line import SerialLine
from emulator.line.transports import listen_at
from emulator.line.transports.tcp import TcpAddress, TcpPort
from emulator.testing.contracts.port_bench import Recorder
from emulator.trace.events import Ready
from tests.cli.programs import TIMEOUT, ask
from tests.line.benches import TcpHost


def opened(url: str) -> serial.SerialBase:
    """A port as a pyserial program opens it."""
    port: serial.SerialBase = serial.serial_for_url(url, timeout=TIMEOUT)
    return port


def test_pyserial_talks_to_the_module_and_comes_back() -> None:
    """`modem.port` is what `serial_for_url` opens; each connection is a host's stay."""
    with VirtualModem("HE910", listen=["tcp:127.0.0.1:0"]) as modem:
        for _ in range(3):
            with opened(modem.port) as port:
                assert ask(port, "AT+CGMM").endswith("\r\nHE910\r\n\r\nOK\r\n")


def test_ports_of_all_kinds_stand_beside_each_other_with_settings_of_their_own() -> None:
    """Pseudo-terminals first; the trace names each one when it can be opened."""
    ready: list[str] = []
    listen = ["tcp:127.0.0.1:0", "rfc2217:127.0.0.1:0"]
    with VirtualModem("HE910", ports=1, listen=listen, readers=[lambda _, event: ready.extend(_ready(event))]) as modem:
        pty, tcp, rfc2217 = modem.ports
        assert pty.startswith("/dev/") and tcp.startswith("socket://127.0.0.1:")
        assert rfc2217.startswith("rfc2217://127.0.0.1:")
        assert ready == modem.ports
        with serial.Serial(pty, timeout=TIMEOUT) as first, opened(tcp) as second:
            assert ask(first, "ATE0") == "ATE0\r\r\nOK\r\n"
            assert ask(first, "AT") == "\r\nOK\r\n"
            assert ask(second, "AT") == "AT\r\r\nOK\r\n"


def _ready(event: object) -> list[str]:
    return [event.port] if isinstance(event, Ready) else []


def test_a_listening_port_takes_the_place_of_the_pseudo_terminal() -> None:
    """Unless a link asks for one."""
    with VirtualModem("HE910", listen=["tcp:127.0.0.1:0"]) as modem:
        assert [name.partition(":")[0] for name in modem.ports] == ["socket"]


def test_a_link_asks_for_a_pseudo_terminal(tmp_path: Path) -> None:
    with VirtualModem("HE910", listen=["tcp:127.0.0.1:0"], link=tmp_path / "modem") as modem:
        link, tcp = modem.ports
        assert link == str(tmp_path / "modem")
        assert Path(link).readlink() == Path(modem.modem.port)
        assert tcp.startswith("socket:")


async def test_a_second_host_is_turned_away_and_told_of(caplog: pytest.LogCaptureFixture) -> None:
    """Its connection ends at once; the first one's goes on."""
    with caplog.at_level(logging.WARNING, "emulator"):
        port, recorder = TcpPort("127.0.0.1", 0), Recorder()
        port.open(recorder)
        first = TcpHost(port.number)
        await recorder.until_told("opened")
        second = TcpHost(port.number)
        async with asyncio.timeout(TIMEOUT):
            assert b"" == await asyncio.get_running_loop().sock_recv(second._socket, 1)
        await first.send(b"still here")
        await recorder.until_told("opened", b"still here")
        first.close()
        second.close()
        await recorder.until_told("opened", b"still here", "closed")
        port.close()

    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == [
        "a second host was turned away; it takes one"
    ]


async def test_a_host_that_breaks_the_connection_has_left() -> None:
    """A reset is a leaving, also while the module speaks."""
    port, recorder = TcpPort("127.0.0.1", 0), Recorder()
    port.open(recorder)
    host = TcpHost(port.number)
    await recorder.until_told("opened")
    host._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    host.close()
    port.write(bytes(1_000_000))
    await recorder.until_told("opened", "closed")
    assert port.congested is False
    port.close()


async def test_a_port_that_vanishes_comes_back_at_the_same_place() -> None:
    """The free port that was found once is taken again."""
    make = listen_at("tcp:127.0.0.1:0")

    names = []
    for _ in range(2):
        port = make(SerialLine())
        names.append(port.name)
        port.close()

    first, second = names
    assert first == second


def test_an_address_in_use_is_a_mistake_of_the_user() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]

        with pytest.raises(UserError, match=f"--listen 127.0.0.1:{number}: cannot listen there .*in use"):
            VirtualModem(listen=[f"tcp:127.0.0.1:{number}"]).start()


@pytest.mark.parametrize(
    ("text", "loopback"),
    [
        ("127.0.0.1:1", True),
        ("127.8.0.1:1", True),
        ("[::1]:1", True),
        ("localhost:1", True),
        ("0.0.0.0:1", False),
        ("[::]:1", False),
        ("192.0.2.1:1", False),
        ("modem.example:1", False),
    ],
)
def test_what_others_can_reach_is_known(text: str, loopback: bool) -> None:
    """Only the machine's own addresses are."""
    assert TcpAddress(text).is_loopback is loopback


def test_a_port_that_others_can_reach_is_warned_of(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line; no test listens beyond loopback, so this one is only taken for such an address."""
    monkeypatch.setattr(TcpAddress, "is_loopback", False)
    with caplog.at_level(logging.WARNING, "emulator"), VirtualModem(listen=["tcp:127.0.0.1:0"]):
        pass

    assert [record.getMessage() for record in caplog.records] == [
        "--listen tcp:127.0.0.1:0: anybody who reaches this address can drive the modem"
    ]


def test_a_dialogue_is_played_over_the_network(tmp_path: Path) -> None:
    """As at a serial port."""
    dialogue = tmp_path / "model.txt"
    dialogue.write_text("> AT+CGMM\n< HE910\n< OK\n")
    with VirtualModem("HE910", listen=["tcp:127.0.0.1:0"]) as modem:
        modem.play(dialogue)


def test_a_port_vanishes_for_its_host_and_comes_back() -> None:
    """The connection breaks; the next one is to the same address."""
    with VirtualModem("HE910", listen=["tcp:127.0.0.1:0"], clock=WallClock(100)) as modem:
        url = modem.port
        with opened(url) as port:
            assert ask(port, "AT") == "AT\r\r\nOK\r\n"
            back = threading.Event()
            modem.call(lambda it: it.trace.subscribe(lambda _, event: back.set() if _ready(event) else None))
            modem.faults.add("port-vanished", command="+CGMR", duration="1 s")
            port.write(b"AT+CGMR\r")
            assert back.wait(TIMEOUT)
        assert modem.port == url
        with opened(url) as port:
            assert ask(port, "AT") == "AT\r\r\nOK\r\n"


async def test_a_host_waits_while_there_is_no_descriptor_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is accepted later, and meanwhile nobody asks again and again."""
    monkeypatch.setattr("emulator.line.serial.stream_socket._ANOTHER_TRY", 0.0)
    port, recorder = TcpPort("127.0.0.1", 0), Recorder()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    host = TcpHost(port.number)
    os.close(next_one := os.dup(0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_one, limit[1]))
    try:
        port.open(recorder)
        for _ in range(10):
            await asyncio.sleep(0)
        told_without_one = list(recorder.told)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    await recorder.until_told("opened")
    assert told_without_one == []
    host.close()
    port.close()
