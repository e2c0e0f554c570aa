"""What becomes of a memory that an earlier version of the emulator has written."""

import json
from pathlib import Path

import pytest

from emulator.device.memory.content import VERSION
from emulator.device.memory.file import NvmFile
from emulator.device.memory.migration import READABLE, migrated
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from tests.commands.ssl_bench import information

_STATE = Path(__file__).parent / "states" / "he910.json"


async def test_a_host_finds_the_settings_and_certificates_of_version_1(tmp_path: Path) -> None:
    """SSL enabled, suite, authentication, timeouts and the CA certificate, after a new write and start, too."""
    state = json.loads(_STATE.read_bytes())
    (tmp_path / "nvm.json").write_text(json.dumps(state))
    expected = {
        "AT#SSLEN?": "#SSLEN: 1,1",
        "AT#SSLSECCFG?": "#SSLSECCFG: 1,3,1",
        "AT#SSLCFG?": "#SSLCFG: 1,1,500,60,70,8",
        "AT#SSLSECDATA?": "#SSLSECDATA: 1,0,1,0",
    }

    for _ in ("version 1", "as written since"):
        async with Bench("HE910", state=tmp_path) as bench:
            shown = {line: await bench.command(line) for line in expected}
            stored = await bench.command("AT#SSLSECDATA=1,2,1")
            assert "\r\nOK\r\n" == await bench.command("AT+CGDCONT=3,IP,new")

        assert {line: information(text) for line, text in expected.items()} == shown
        assert stored.count("BEGIN CERTIFICATE") == 1
    assert VERSION == json.loads((tmp_path / "nvm.json").read_bytes())["version"]


def test_each_version_that_can_be_read_becomes_the_present_one() -> None:
    """No step is missing between the first version and this one."""
    versions = [migrated({"version": version})["version"] for version in READABLE]

    assert [VERSION] * VERSION == versions


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [("security_data", 5, "security_data"), ("cipher_suite", "x", "cipher_suite"), ("unknown", 1, "unknown")],
)
def test_a_damaged_memory_of_version_1_is_set_aside(tmp_path: Path, field: str, value: object, where: str) -> None:
    """As one of this version is, with the name of what is wrong in it."""
    state = json.loads(_STATE.read_bytes()) | {field: value}
    (tmp_path / "nvm.json").write_text(json.dumps(state))

    with pytest.raises(UserError, match=where):
        NvmFile(tmp_path, load_firmware("HE910"))

    assert ["lock", "nvm.json.damaged"] == sorted(path.name for path in tmp_path.iterdir())
