"""The firmware from which learning begins is the nearest one that is shipped."""

import pytest

from emulator.dte.identity import Identity
from emulator.dte.nearest import nearest_firmware

NEAREST = {
    ("HE910", "12.00.004"): "HE910@12.00.004",
    ("HE910-D", "12.00.225"): "HE910-D@12.00.225",
    ("HE910-G", "12.00.005"): "HE910@12.00.005",
    ("GL865-QUAD V3", "16.00.152"): "GL865-QUAD-V3@16.00.152",
    ("LE910C1-EU", "25.20.674"): "LE910C1-EU@25.20.674",
    ("ME310G1-WW", "M0C.500003"): "ME310G1-WW@37.00.504",
    ("ME910C1-E1", "M0B.200004"): "ME910C1-E1@30.00.205",
    ("HE910", "12.00.004-B004"): "HE910@12.00.004",
    ("HE910", "99.99.999"): "HE910@12.00.004",
    ("HE910", "unknown"): "HE910@12.00.004",
    ("HE910-XYZ", "12.00.009"): "HE910@12.00.009",
    ("LE910C4-ZZ", "25.20.274"): "LE910C4-NF@25.20.274",
    ("XX1", "17.00.503"): "LE910-EUG@17.00.503",
    ("XX1", "M0C.500003"): "ME310G1-WW@37.00.504",
    ("XX1", ""): "HE910@12.00.004",
    ("", ""): "HE910@12.00.004",
}
"""By model and revision, as a module prints them."""


@pytest.mark.parametrize(("model", "revision"), NEAREST)
def test_the_nearest_firmware_is_that_of_the_model_or_its_family_or_its_line(model: str, revision: str) -> None:
    """With the module's own version wherever its line can have that."""
    assert nearest_firmware(Identity("Telit", model, revision)) == NEAREST[model, revision]
