"""A port that is a Unix stream socket: what stands at its path, who may open it, and the modem behind it."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator import UserError, VirtualModem
from emulator.line.serial.serial_line import SerialLine
from emulator.line.transports import listen_at
from emulator.line.transports.unix import UnixPort
from emulator.testing.contracts.port_bench import Recorder
from emulator.trace.events import Ready
from tests.cli.programs import TIMEOUT, running
from tests.line.benches import UnixHost


@contextmanager
def connected(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as host:
        host.settimeout(TIMEOUT)
        host.connect(str(path))
        yield host


def ask(path: Path, line: bytes = b"ATE0\r") -> bytes:
    """Send a line; what is said up to OK."""
    heard = b""
    with connected(path) as host:
        host.sendall(line)
        while not heard.endswith(b"OK\r\n"):
            piece = host.recv(4096)
            assert piece, heard
            heard += piece
    return heard


def refusal(path: Path) -> str:
    """What a modem says that cannot listen there; one line."""
    with pytest.raises(UserError) as caught:
        VirtualModem(listen=[f"unix:{path}"]).start()
    (line,) = str(caught.value).splitlines()
    return line


def test_a_host_talks_to_the_modem_at_the_path_that_ready_names(tmp_path: Path) -> None:
    """`modem.port` and the event name it as `--listen` does, with the whole path; nothing is left at the end."""
    path, ready = tmp_path / "modem", list[Ready]()
    with VirtualModem(listen=[f"unix:{path}"], readers=[lambda _, event: ready.extend(_ready(event))]) as modem:
        assert f"unix:{path}" == modem.port
        assert b"\r\nOK\r\n" in ask(path)
        assert b"\r\nOK\r\n" == ask(path, b"AT\r")

    assert [f"unix:{path}"] == [event.port for event in ready]
    assert not path.exists()


def _ready(event: object) -> list[Ready]:
    return [event] if isinstance(event, Ready) else []


def test_the_command_line_listens_there_too(tmp_path: Path) -> None:
    with running("HE910", "--listen", f"unix:{tmp_path}/modem") as modem:
        assert f"unix:{tmp_path}/modem" == modem.port
        assert b"\r\nOK\r\n" in ask(tmp_path / "modem")
        modem.stop()

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a modem", "modem:1", "módem", "-m"])
def test_a_path_may_hold_what_a_path_may_hold(name: str, tmp_path: Path) -> None:
    with VirtualModem(listen=[f"unix:{tmp_path / name}"]):
        assert b"\r\nOK\r\n" in ask(tmp_path / name)


async def test_a_relative_path_is_of_the_folder_in_which_the_modem_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make = listen_at("unix:modem")
    monkeypatch.chdir("/")

    for _ in range(2):
        port = make(SerialLine())
        assert f"unix:{tmp_path}/modem" == port.name
        port.close()


async def test_only_its_owner_may_open_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        port = UnixPort(tmp_path / "modem")
    finally:
        os.umask(before)

    assert 0o600 == stat.S_IMODE((tmp_path / "modem").stat().st_mode)
    port.close()


@pytest.mark.parametrize("kind", ["file", "folder", "link to a file", "link to nothing", "fifo"])
def test_what_is_no_socket_is_left_alone(kind: str, tmp_path: Path) -> None:
    path, other = tmp_path / "modem", tmp_path / "other"
    other.write_text("kept")
    match kind:
        case "file":
            path.write_text("kept")
        case "folder":
            path.mkdir()
        case "link to a file":
            path.symlink_to(other)
        case "link to nothing":
            path.symlink_to(tmp_path / "nothing")
        case "fifo":
            os.mkfifo(path)
    before = path.lstat()

    assert f"--listen unix:{path}: exists and is no socket; move it away, or name another path" == refusal(path)
    assert (before.st_ino, before.st_mode) == (path.lstat().st_ino, path.lstat().st_mode)
    assert "kept" == other.read_text()


def test_a_socket_to_which_nobody_listens_is_replaced(tmp_path: Path) -> None:
    """An emulator that was killed has left it."""
    path = tmp_path / "modem"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
        killed.listen()

    with VirtualModem(listen=[f"unix:{path}"]):
        assert b"\r\nOK\r\n" in ask(path)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET])
def test_a_socket_that_somebody_has_is_refused_and_hears_nothing_of_it(kind: socket.SocketKind, tmp_path: Path) -> None:
    """Another modem's DTR does not rise because one asks who is there."""
    path = tmp_path / "modem"
    with socket.socket(socket.AF_UNIX, kind) as alive:
        alive.bind(str(path))
        if kind is not socket.SOCK_DGRAM:
            alive.listen()
        alive.setblocking(False)

        assert (
            f"--listen unix:{path}: somebody listens there, another emulator perhaps; stop it, or name another path"
            == refusal(path)
        )
        with pytest.raises(BlockingIOError):
            alive.recv(1) if kind is socket.SOCK_DGRAM else alive.accept()
    assert path.is_socket()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("x" * 107, "a socket's path has 107 bytes at most; name a shorter one"),
        ("ü" * 50, "a socket's path has 107 bytes at most; name a shorter one"),
        ("none/modem", "cannot listen there (its folder does not exist); name another path"),
        ("file/modem", "cannot listen there (Not a directory); name another path"),
    ],
)
def test_a_path_that_cannot_be_is_refused_in_one_line(path: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert f"--listen unix:{tmp_path / path}: {reason}" == refusal(tmp_path / path)


def test_no_path_is_refused() -> None:
    with pytest.raises(UserError, match=r"^--listen unix:: no path; give one, as in unix:/tmp/modem$"):
        VirtualModem(listen=["unix:"]).start()


async def test_another_one_that_has_taken_the_path_keeps_it(tmp_path: Path) -> None:
    """Only what is ours is removed."""
    port = UnixPort(tmp_path / "modem")
    (tmp_path / "modem").unlink()
    (tmp_path / "modem").write_text("somebody else's")
    port.close()

    assert "somebody else's" == (tmp_path / "modem").read_text()


async def test_a_second_host_is_turned_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The first one does not see it."""
    port, recorder = UnixPort(tmp_path / "modem"), Recorder()
    port.open(recorder)
    first = UnixHost(port.name)
    await recorder.until_told("opened")
    second = UnixHost(port.name)

    assert b"" == await second.receive_at_most(1)
    await first.send(b"AT\r")
    await recorder.until_told("opened", b"AT\r")
    assert ["opened"] == recorder.presence
    assert [record.getMessage() for record in caplog.records] == [
        f"{port.name}: a second host was turned away; it takes one"
    ]
    for end in (first, second, port):
        end.close()
