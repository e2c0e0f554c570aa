"""What `learn` finds out of the AT interface and of the module's names."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.learning.asking import inquiry_of, run_probes, told


@pytest.mark.parametrize("subject", ["terminal", "identity"])
@pytest.mark.parametrize("firmware", ["GE865-QUAD", "LE910C1-EU"])
def test_a_module_of_the_base_shows_nothing_new(subject: str, firmware: str) -> None:
    """Nothing is claimed of a module that is as its firmware says."""
    assert told(subject, firmware) == {}


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("terminal.line_limit=81", {"terminal.line_limit": 81}),
        ('terminal.without_prefix="error"', {"terminal.without_prefix": "error"}),
        ("terminal.line_feed_echo=false", {"terminal.line_feed_echo": False}),
        ("terminal.prompt_echo=false", {"terminal.prompt_echo": False}),
        ('terminal.entry_cancelled="ERROR"', {"terminal.entry_cancelled": "ERROR"}),
        (
            "terminal.flow_control.pairs=[[1,1,0],[3,2,2]]",
            {"terminal.flow_control.pairs": [[1, 1, 0], [3, 2, 2]]},
        ),
    ],
)
def test_one_changed_key_of_the_terminal_is_found(setting: str, expected: Mapping[str, Any]) -> None:
    """A changed key is found with its value, and nothing else is claimed."""
    assert told("terminal", "HE910", setting) == expected


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ('identity.manufacturer="Telit Cinterion"', {"identity.manufacturer": "Telit Cinterion"}),
        ('identity.revision="12.00.999"', {"identity.revision": "12.00.999"}),
        ('identity.information=["a","OK"]', {"identity.information": ["a", "OK"]}),
        ('identity.information=["a","","b"]', {}),
        ('identity.information=["001023000000019"]', {}),
        ('identity.capabilities="+X"', {"identity.capabilities": "+X"}),
    ],
)
def test_a_name_is_told_and_a_private_number_is_not(setting: str, expected: Mapping[str, Any]) -> None:
    """Names are found; an item that may be the IMEI is left out, and so is a list with a gap."""
    assert told("identity", "HE910", setting) == expected


def test_the_terminal_is_left_as_it_was() -> None:
    """Flow control, echo and messages are the same before and after."""
    with inquiry_of("HE910") as inquiry:
        inquiry.ask("AT&K1")
        before = [inquiry.ask(command).said for command in ("AT&V", "AT+IFC?", "AT+CPMS?")]

        run_probes(inquiry, "terminal")

        assert [inquiry.ask(command).said for command in ("AT&V", "AT+IFC?", "AT+CPMS?")] == before
