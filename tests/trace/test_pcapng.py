"""A capture's file: pcapng that is complete after every packet, and the user's alone."""

import logging
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

from emulator.errors import UserError
from emulator.trace.packets import Endpoint, Flags, tcp_packet
from emulator.trace.pcapng import CaptureFile
from tests.trace.captures import SECTION, blocks, options, read_capture

NOON = datetime(2014, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)
ENDS = Endpoint(ip_address("10.0.0.1"), 1), Endpoint(ip_address("10.0.0.2"), 2)


def packet(size: int) -> bytes:
    """With as much data."""
    return tcp_packet(*ENDS, 0, 0, Flags.ACK, bytes(size))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the capture comes to lie."""
    return tmp_path / "capture.pcapng"


def test_it_can_be_read_after_every_packet(path: Path) -> None:
    """Whatever the packet's size; the process may be killed at any time."""
    file = CaptureFile(path, "--pcap", "HE910")
    assert read_capture(path) == []
    for count in range(1, 9):
        file.write(packet(count), NOON, "sent")
        assert [len(segment.payload) for segment in read_capture(path)] == list(range(1, count + 1))
    file.close()


def test_a_packet_has_its_time_its_direction_and_a_comment(path: Path) -> None:
    """Microseconds since 1970; the comment in UTF-8."""
    file = CaptureFile(path, "--pcap", "HE910")
    file.write(packet(0), NOON, "sent", "naïve.example:443")
    file.write(packet(0), NOON.replace(year=1900), "received")
    file.close()

    first, second = read_capture(path)
    assert (first.direction, first.comment) == ("sent", "naïve.example:443")
    assert first.microseconds == int(NOON.timestamp()) * 1_000_000 + 123456
    assert (second.direction, second.comment, second.microseconds) == ("received", "", 0)


def test_it_says_who_was_captured(path: Path) -> None:
    """The device and the program, in the section's header."""
    CaptureFile(path, "--pcap", "HE910@12.00.004").close()

    section = blocks(path.read_bytes())[0]
    assert section.kind == SECTION
    assert dict(options(section.body[16:])) == {2: b"HE910@12.00.004", 4: b"telit-emulator"}


def test_only_its_owner_can_read_it(path: Path) -> None:
    """It holds what the host sends."""
    CaptureFile(path, "--pcap", "HE910").close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_older_capture_makes_room(path: Path) -> None:
    """As with other programs that capture."""
    for size in (5, 7):
        file = CaptureFile(path, "--pcap", "HE910")
        file.write(packet(size), NOON, "sent")
        file.close()

    assert [len(segment.payload) for segment in read_capture(path)] == [7]


@pytest.mark.parametrize("content", [b"text\n", b"\n\r\r\nx"[:3], b"CLIENT_RANDOM "])
def test_no_other_file_is_overwritten(path: Path, content: bytes) -> None:
    """The key log's, given in the wrong place."""
    path.write_bytes(content)

    with pytest.raises(UserError, match=r"--pcap .*capture\.pcapng: it is no capture; name another file"):
        CaptureFile(path, "--pcap", "HE910")

    assert path.read_bytes() == content


def test_what_is_no_regular_file_is_no_capture(tmp_path: Path) -> None:
    """A pipe could block the module; a device keeps nothing."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/null")):
        with pytest.raises(UserError, match="it is no capture; name another file"):
            CaptureFile(path, "--pcap", "HE910")


def test_an_empty_file_is_taken(path: Path) -> None:
    """One that a script has made beforehand."""
    path.touch()
    CaptureFile(path, "--pcap", "HE910").close()

    assert read_capture(path) == []


def test_a_file_that_cannot_be_written_is_the_users_mistake(tmp_path: Path) -> None:
    """With the option that named it."""
    with pytest.raises(UserError, match=r"--pcap .*none/x: No such file or directory; name a file that can be written"):
        CaptureFile(tmp_path / "none" / "x", "--pcap", "HE910")


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may become larger: to it, the disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_complained_of_once_and_leaves_whole_packets(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What of a packet did not fit is taken back, and nothing follows it."""
    file = CaptureFile(path, "--pcap", "HE910")
    file.write(packet(10), NOON, "sent")
    with caplog.at_level(logging.ERROR, "emulator"), largest_file(path.stat().st_size + 50):
        file.write(packet(1000), NOON, "sent")
    file.write(packet(2), NOON, "sent")
    file.close()

    assert [len(segment.payload) for segment in read_capture(path)] == [10]
    (said,) = caplog.messages
    assert said.startswith(f"{path}: ")
    assert said.endswith("nothing more is written to it")
