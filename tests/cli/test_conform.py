"""`telit-emulator conform`, as its user meets it."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from emulator import VirtualModem
from emulator.cli.schema import written
from emulator.resources import CERTS
from tests.cli.programs import COMMAND, TIMEOUT, failing
from tests.peers.pages import parsed, text_of

SCALE = 20.0
CA = str(CERTS / "public-demo-ca.pem")


@pytest.fixture
def modem() -> Iterator[VirtualModem]:
    with VirtualModem("HE910", time_scale=SCALE) as modem:
        yield modem


def conform(modem: VirtualModem, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [*COMMAND, "conform", "--port", modem.port, "--time-scale", str(SCALE), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)


def test_a_module_of_the_same_firmware_agrees(modem: VirtualModem, tmp_path: Path) -> None:
    """Nearest to it is its own; there is a text, a JSON file as its schema says, and a page."""
    done = conform(modem, "--out", str(tmp_path / "report"))

    assert done.returncode == 0, done
    assert "HE910 12.00.004 compared with HE910@12.00.004" in done.stdout
    facts = json.loads((tmp_path / "report" / "conform.json").read_text())
    jsonschema.Draft4Validator(json.loads(written("conformity"))).validate(facts)
    assert ("HE910", "12.00.004", 0, "") == (
        facts["module"]["model"],
        facts["module"]["revision"],
        facts["commands"]["differs"],
        facts["broken_off"],
    )
    assert (tmp_path / "report" / "conform.txt").read_text() == done.stdout
    page = (tmp_path / "report" / "index.html").read_text()
    assert "Nothing: whatever was played agrees." in text_of(parsed(page))


def test_another_firmware_differs_and_is_shown_as_a_diff(modem: VirtualModem, tmp_path: Path) -> None:
    """JSON goes to stdout, what a reader sees to a file, and progress to stderr."""
    done = conform(modem, "--firmware", "GE865-QUAD", "--json", "--out", str(tmp_path))

    assert done.returncode == 1, done
    assert "GE865-QUAD@10.00.007" == json.loads(done.stdout)["firmware"]
    text = (tmp_path / "conform.txt").read_text()
    assert "--- GE865-QUAD@10.00.007\n+++ module\n" in text
    assert " > AT+CGMM\n-< GE865-QUAD\n+< HE910\n < OK\n" in text
    assert 10 == done.stderr.count(" of "), done.stderr


MISTAKES = {
    "no such port": (["--port", "/dev/none"], "/dev/none: No such file or directory; name a serial port"),
    "no such firmware": (["--port", "x", "--firmware", "HE911"], "no model 'HE911'; the nearest is HE910"),
    "no port": ([], "missing option '--port'"),
    "a server without its certificate": (
        ["--port", "x", "--server", "a:443"],
        "--server a:443: the module has to know",
    ),
    "a certificate without its server": (["--port", "x", "--ca", CA], "--ca is for --server; name that, too"),
    "a server without a port": (["--port", "x", "--server", "a", "--ca", CA], "server 'a': give HOST:PORT"),
    "no certificate": (
        ["--port", "x", "--server", "a:1", "--ca", __file__],
        "name a PEM or DER file with a certificate",
    ),
    "no folder": (["--port", "x", "--out", "/dev/null/x"], "--out /dev/null/x: Not a directory; name a folder"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line(mistake: str) -> None:
    arguments, message = MISTAKES[mistake]

    said = failing("conform", *arguments)

    assert message in said
    assert 1 == said.count("\n"), said


def test_another_makers_modem_is_refused(tmp_path: Path) -> None:
    profile = tmp_path / "other.toml"
    profile.write_text('extends = "HE910"\n[identity]\nmanufacturer = "Acme"\n')
    with VirtualModem(str(profile), time_scale=SCALE) as modem:
        done = conform(modem)

    assert (2, "") == (done.returncode, done.stdout), done
    assert "the modem there is made by Acme; only Telit's are known" in done.stderr


def test_ctrl_c_reports_what_was_played_so_far(tmp_path: Path) -> None:
    """And exits with 130; the module is put back first."""
    with VirtualModem("HE910", realistic=True, time_scale=SCALE) as modem:
        command = [*COMMAND, "conform", "--port", modem.port, "--time-scale", str(SCALE), "--out", str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=TIMEOUT)

    assert 130 == process.returncode, errors
    assert "it was broken off" in said
    assert "it was broken off" == json.loads((tmp_path / "conform.json").read_text())["broken_off"]
