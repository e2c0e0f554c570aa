"""docs/hardware.md: each command runs as printed, on an emulated module in the place of the one on the desk."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from emulator import VirtualModem
from tests.docs.pages import ROOT, TIMEOUT, block, blocks, environment, run_console, running

pytestmark = pytest.mark.no_cover  # processes as a page starts them; the tests of each command measure it

PAGE = "docs/hardware.md"
IMEI = "490154203237518"
"""Another one than that of the profiles, whose modules are refused as evidence."""


@pytest.fixture
def module() -> Iterator[VirtualModem]:
    """What is on the desk."""
    settings = [f"identity.imei={IMEI}", "ftp.timeout.range=[100,4000]"]
    with VirtualModem("HE910", settings=settings) as modem:
        yield modem


@pytest.mark.timeout(900)
def test_the_commands_of_the_page(tmp_path: Path, module: VirtualModem) -> None:
    """In their order: compare, learn, record, play, hand in."""
    variables = {**environment(), "PORT": module.port}
    for text in blocks(PAGE, "console"):
        if "play" in text:
            _record(tmp_path, variables)
        run_console(text, tmp_path, variables, within=300)  # conform asks a module everything

    assert "[hw: HE910, 12.00.004, " in (tmp_path / "learned.toml").read_text()
    assert not [path for path in tmp_path.rglob("*.*") if path.is_file() and IMEI.encode() in path.read_bytes()]


def _record(folder: Path, variables: dict[str, str]) -> None:
    """Let a host speak through the recording of the page."""
    command = block(PAGE, "sh", "record")
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}"], cwd=folder, env=variables, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert "recording to upload.txt" in process.stdout.readline()
    with serial.Serial(str(folder / "host-port"), timeout=TIMEOUT) as port:
        for line in (b"AT+CGMM\r", b"AT+CSQ\r"):
            port.write(line)
            assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=TIMEOUT)


def test_what_was_learned_can_be_run(tmp_path: Path) -> None:
    """It is a profile of the reader's own."""
    (tmp_path / "learned.toml").write_text('extends = "HE910"\nftp.timeout.range = [100, 4000]\n')

    with (
        running(block(PAGE, "sh", "telit-emulator run"), tmp_path, "is ready on"),
        serial.Serial(str(tmp_path / "modem"), timeout=TIMEOUT) as port,
    ):
        port.write(b"AT#FTPTO=?\r")
        assert b"(100-4000)" in port.read_until(b"OK\r\n")


def test_the_page_names_every_option() -> None:
    """Of the commands that it is about, those that matter to whoever hands something in."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    for option in ("--port", "--out", "--server", "--ca", "--all", "--firmware", "--evidence", "--by", "--compare"):
        assert option in text
