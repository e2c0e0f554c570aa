"""Names of software packages: what later lines print instead of a version, and how a firmware is named by one."""

import pytest

from emulator import UserError, load_firmware
from emulator.testing import Bench
from tests.commands.ssl_bench import ERROR


def said(*lines: str) -> str:
    """An answer with these lines and OK."""
    return "\r\n" + "\r\n".join(lines) + "\r\n\r\nOK\r\n"


@pytest.mark.parametrize(
    ("firmware", "revision"),
    [
        ("HE910", "12.00.004"),
        ("LE910-EU-V2", "20.00.402"),
        ("LE910C4-NF@25.21.660", "25.21.660  1  [Mar 04 2021 12:00:00]"),
        ("LE910C4-WWXD", "M0F.603003"),
        ("ME310G1@37.00.217", "M0C.200006"),
        ("ME310G1@37.00.504", "M0C.500003"),
        ("ME310G1-WWV@37.00.584", "M0C.580003"),
    ],
)
async def test_the_revision_is_printed_as_it_was_recorded(firmware: str, revision: str) -> None:
    """As a version, or as the name of the modem's package; two of them stand in a guide, the others in recordings."""
    async with Bench(firmware) as bench:
        assert said(revision) == await bench.command("AT+CGMR")
        assert said(f"#CGMR: {revision}") == await bench.command("AT#CGMR")


async def test_the_packages_of_a_recorded_module() -> None:
    """Version and factory settings, modem, factory settings, programs."""
    async with Bench("ME310G1@37.00.217") as bench:
        lines = ("37.00.217-P0C.210001", "M0C.200006", "P0C.210001", "A0C.210000")
        assert said(*lines) == await bench.command("AT#SWPKGV")


@pytest.mark.parametrize("command", ["AT#SWPKGV", "AT+CGSN=1", "AT+ICCID"])
async def test_older_lines_have_none_of_it(command: str) -> None:
    """And +CGSN alone is as it was."""
    async with Bench("HE910") as bench:
        assert ERROR == await bench.command(command)
        assert said("001023000000019") == await bench.command("AT+CGSN")


async def test_the_numbers_of_module_and_card() -> None:
    """The IMEI behind its name, and the card's number in both forms."""
    async with Bench("LE910C4-WWXD") as bench:
        assert said("+CGSN: 001023000000019") == await bench.command("AT+CGSN=1")
        assert said("001023000000019") == await bench.command("AT+CGSN=0") == await bench.command("AT+CGSN")
        assert said("+CGSN: (0,1)") == await bench.command("AT+CGSN=?")
        assert said("+ICCID: 8939010000000000009") == await bench.command("AT+ICCID")


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("ME310G1@M0C.200006", "ME310G1-WW@37.00.217"),
        ("ME310G1@P0C.210001", "ME310G1-WW@37.00.217"),
        ("me310g1@m0c.500003", "ME310G1-WW@37.00.504"),
        ("LE910C4-WWXD@M0F.603003", "LE910C4-WWXD@25.30.604"),
    ],
)
def test_a_firmware_is_named_by_its_package(spec: str, name: str) -> None:
    """What the module prints can be typed."""
    firmware = load_firmware(spec)

    package = firmware.profile.identity.package
    assert package is not None
    assert firmware.name == name
    assert spec.partition("@")[2].upper() in (package.modem, package.production)


@pytest.mark.parametrize("version", ["M0C.200009", "M0C.2000", "M0F.500003", "37.00"])
def test_what_is_no_package_of_the_model_is_refused(version: str) -> None:
    """In one line, as any other version."""
    with pytest.raises(UserError) as caught:
        load_firmware(f"ME310G1@{version}")

    assert str(caught.value) == f"'{version}' is no version; one reads like 12.00.004"
