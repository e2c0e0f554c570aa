"""The way between host and module: bytes, hosts that come and go, the end."""

import random
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator import VirtualModem
from tests.cli.programs import ask
from tests.recording.recordings import TIMEOUT, Recording, recorded

LISTEN = {"pty": None, "tcp": "tcp:127.0.0.1:0", "rfc2217": "rfc2217:127.0.0.1:0"}
SOME = 400_000
"""More bytes than the buffers on the way hold."""


@contextmanager
def far_end() -> Iterator[tuple[str, Callable[[], socket.socket]]]:
    """A module's port that the test holds the other end of: its URL, and what takes the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)

        def accept() -> socket.socket:
            end, _ = listener.accept()
            end.settimeout(TIMEOUT)
            return end

        yield f"socket://127.0.0.1:{listener.getsockname()[1]}", accept


def read(end: socket.socket, count: int) -> bytes:
    """Exactly so many bytes."""
    data = b""
    while len(data) < count:
        piece = end.recv(count - len(data))
        assert piece, "it has closed"
        data += piece
    return data


def open_port(name: str) -> serial.SerialBase:
    """Open the host's port."""
    return serial.serial_for_url(name, 115200, timeout=TIMEOUT)


@pytest.mark.parametrize("listen", LISTEN.values(), ids=LISTEN)
def test_more_bytes_than_all_buffers_hold_pass_unchanged_both_ways(listen: str | None, tmp_path: Path) -> None:
    """At the same time, while each side reads only once it has written half: nothing is lost, nothing stands still."""
    there, back = (random.Random(seed).randbytes(SOME) for seed in (1, 2))
    with (
        far_end() as (url, accept),
        recorded(url, tmp_path, listen=listen) as recording,
        accept() as module,
        open_port(recording.port) as host,
    ):
        writing = [
            threading.Thread(target=host.write, args=(there,)),
            threading.Thread(target=module.sendall, args=(back,)),
        ]
        for thread in writing:
            thread.start()

        assert back[: SOME // 2] == host.read(SOME // 2)
        assert there == read(module, SOME)
        assert back[SOME // 2 :] == host.read(SOME - SOME // 2)
        for thread in writing:
            thread.join(TIMEOUT)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.binary(min_size=1, max_size=300)), max_size=8))
def test_bytes_of_any_value_pass_unchanged(tmp_path: Path, pieces: list[tuple[bool, bytes]]) -> None:
    """In pieces of any size, from either side."""
    with (
        far_end() as (url, accept),
        recorded(url, tmp_path) as recording,
        accept() as module,
        open_port(recording.port) as host,
    ):
        for by_host, data in pieces:
            if by_host:
                host.write(data)
                assert data == read(module, len(data))
            else:
                module.sendall(data)
                assert data == host.read(len(data))


def test_a_host_that_has_gone_is_followed_by_another_and_the_module_is_heard_meanwhile(tmp_path: Path) -> None:
    """Each gets its answers, and none those of the other; the trace has all of it in order."""
    with VirtualModem() as modem, recorded(modem.port, tmp_path) as recording:
        with open_port(recording.port) as host:
            assert ask(host, "ATE0") == "ATE0\r\r\nOK\r\n"
            assert ask(host, "AT+CNMI=2,1") == "\r\nOK\r\n"
        recording.wait_for('"host-presence"', "false")
        modem.receive_sms("+4912345", "nobody is there")
        recording.wait_for("+CMTI")
        with open_port(recording.port) as host:
            assert ask(host, "AT+CGMM") == "\r\nHE910\r\n\r\nOK\r\n"
        recording.end()

        told = [event for event in recording.events if event["event"] in ("host-presence", "module-sent")]
    assert [True, None, None, False, None, True, None, False] == [event.get("present") for event in told]
    assert told[4]["text"].startswith("\r\n+CMTI: ")


def test_a_host_that_hangs_up_in_the_middle_leaves_the_next_one_a_clean_line(tmp_path: Path) -> None:
    """What was said to it is dropped; what it had sent has reached the module."""
    with far_end() as (url, accept), recorded(url, tmp_path) as recording, accept() as module:
        with open_port(recording.port) as host:
            host.write(b"AT+CO")
        assert read(module, 5) == b"AT+CO"
        recording.wait_for('"host-presence"', "false")
        module.sendall(b"lost")
        recording.wait_for('"lost"')
        with open_port(recording.port) as host:
            host.write(b"\r")
            assert read(module, 1) == b"\r"
            module.sendall(b"\r\nERROR\r\n")
            assert host.read(9) == b"\r\nERROR\r\n"


def test_a_module_that_vanishes_ends_the_recording_with_complete_files(tmp_path: Path) -> None:
    """One line says so, and so do both files."""
    with VirtualModem() as modem, recorded(modem.port, tmp_path) as recording, open_port(recording.port) as host:
        ask(host, "AT+CGMM")
        modem.stop()
        said = recording.result()

    assert said.startswith(f"{recording.options.port}: the port was lost (")
    assert f"\n# The recording ended: {said}\n" in recording.out.read_text()
    assert ">= AT+CGMM\n" in recording.out.read_text()
    assert (recording.events[-1]["event"], recording.events[-1]["reason"]) == ("recording-ended", said)


@pytest.mark.parametrize("listen", ["tcp:127.0.0.1:0", "rfc2217:127.0.0.1:0"])
def test_a_module_on_the_network_that_vanishes_ends_the_recording(listen: str, tmp_path: Path) -> None:
    """Also without a host."""
    with VirtualModem(listen=[listen]) as modem, recorded(modem.port, tmp_path) as recording:
        modem.stop()

        assert recording.result().startswith(f"{recording.options.port}: the port was lost (")


def test_a_port_without_a_descriptor_is_read_and_written_by_threads(tmp_path: Path) -> None:
    """Here one that gives back what it is sent."""
    data = random.Random(3).randbytes(20_000)
    with recorded("loop://", tmp_path) as recording, open_port(recording.port) as host:
        writing = threading.Thread(target=host.write, args=(data,))
        writing.start()

        assert data == host.read(len(data))
        writing.join(TIMEOUT)


@pytest.mark.parametrize("to_host", [True, False])
def test_a_side_that_takes_nothing_stops_the_other_one(to_host: bool, tmp_path: Path) -> None:
    """Nothing is piled up in between: what is sent waits at its sender."""
    with far_end() as (url, accept), recorded(url, tmp_path, listen="tcp:127.0.0.1:0") as recording:
        address = recording.port.removeprefix("socket://").split(":")
        with accept() as module, socket.create_connection((address[0], int(address[1]))) as host:
            sender = module if to_host else host
            sender.settimeout(1.0)

            with pytest.raises(TimeoutError):
                sender.sendall(bytes(50_000_000))


def test_a_dialogue_that_can_be_written_no_longer_costs_no_byte(tmp_path: Path) -> None:
    """The line goes on, and so does the trace; the end says what is not complete."""
    folder = tmp_path / "goes"
    folder.mkdir()
    with VirtualModem("HE910") as modem:
        recording = Recording(modem.port, folder / "recorded.txt", trace=tmp_path / "trace.jsonl")
        with open_port(recording.port) as host:
            assert ask(host, "ATE0").endswith("OK\r\n")
            recording.wait_for("OK")
            shutil.rmtree(folder)
            assert [ask(host, "AT+CGMM") for _ in range(3)] == ["\r\nHE910\r\n\r\nOK\r\n"] * 3
        said = recording.end()

    assert said.startswith(f"{folder / 'recorded.txt'}: ")
    assert recording.events[-1]["event"] == "recording-ended"
    assert sum(event.get("text") == "AT+CGMM" for event in recording.events) == 3
