"""A model of each line after the guide, for tests of what these lines add."""

import pytest

LE910, LE910_V2, LE910C1, ME910C1, ME310G1, ME910G1 = (
    "LE910-EUG", "LE910-EU-V2", "LE910C1-EU", "ME910C1-E1", "ME310G1-WW", "ME910G1-WW",
)  # fmt: skip
SINCE_20 = (LE910_V2, LE910C1, ME910C1, ME910G1)
"""Those with the errors of the 1000 series, and with what the LE910 V2 has brought."""
LTE_LINES = (LE910, *SINCE_20)
EVERY_LTE_LINE = pytest.mark.parametrize("firmware", LTE_LINES)
EVERY_LINE_SINCE_20 = pytest.mark.parametrize("firmware", SINCE_20)
