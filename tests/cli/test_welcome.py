"""The dialogue that `run --lab` shows."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from emulator.cli.welcome import lab_dialogue
from emulator.firmware.loader import load_firmware

_ACTIVATE = "  AT#SGACT=1,1\n"
_ASK = "  AT#SGACT?  "


@pytest.mark.parametrize(
    ("firmware", "shown", "not_shown"),
    [("HE910", _ACTIVATE, _ASK), ("ME910C1-E2", _ASK, _ACTIVATE), ("LE910-EU-V2", _ASK, _ACTIVATE)],
)
def test_a_context_that_is_there_already_is_not_activated(firmware: str, shown: str, not_shown: str) -> None:
    """On LTE the default bearer comes with the attachment; #SGACT=1,1 may then be refused."""
    lab: Any = SimpleNamespace(routes=["echo.lab:443"], ca_certificate=Path(__file__))

    text = lab_dialogue("/dev/pts/9", load_firmware(firmware), lab)

    assert shown in text
    assert not_shown not in text
