"""What `learn` finds out of the numbers of errors, and of the causes of refusals."""

from collections.abc import Mapping
from typing import Any

import pytest

from emulator import VirtualModem
from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ModuleLine
from emulator.errors import Cause
from emulator.firmware.keys import kind_at
from emulator.firmware.loader import load_firmware
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.claims.blame import Seen, Shown, entries_of, explained
from emulator.learning.claims.provocation import all_provocations
from tests.learning.asking import inquiry_of, run_probes, told

FIRMWARES = ("GE865-QUAD", "HE910", "LE910C1-EU")
READS = (
    "AT+CMEE?",
    "AT#SSLEN?",
    "AT+CMGF?",
    "AT+CSCS?",
    "AT+CPBS?",
    "AT+CPMS?",
    "AT#SGACT?",
    "AT#SSLSECDATA?",
    "AT#SS",
)


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_a_module_of_the_base_shows_nothing_new(firmware: str) -> None:
    """Nothing is claimed of a module that is as its firmware says."""
    assert told("errors", firmware) == {}


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_provoking_leaves_every_read_as_it_was(firmware: str) -> None:
    """What is read before and after is the same."""
    with inquiry_of(firmware) as inquiry:
        inquiry.ask("AT+CMEE=2")
        before = [inquiry.ask(command).lines for command in READS]

        run_probes(inquiry, "errors")

        assert [inquiry.ask(command).lines for command in READS] == before


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("errors.ssl_not_activated.code=999", {"errors.ssl_not_activated.code": 999}),
        ('errors.operation_not_allowed.text="no"', {"errors.operation_not_allowed.text": "no"}),
        ("errors.wrong_state.code=1551", {"errors.wrong_state.code": 1551}),
        ('sockets.refusals.not_open="ftp_generic"', {"sockets.refusals.not_open": "ftp_generic"}),
        ('sms.refusals.empty="sms_unknown"', {"sms.refusals.empty": "sms_unknown"}),
        (
            'secure_socket.refusals.too_long="ssl_generic"',
            {"secure_socket.refusals.too_long": "ssl_generic"},
        ),
    ],
)
def test_one_changed_key_is_found(setting: str, expected: Mapping[str, Any]) -> None:
    """A changed number, text or cause is found with its value, and nothing else is claimed."""
    assert told("errors", "HE910", setting) == expected


def test_two_refusals_that_moved_at_once_are_told_apart() -> None:
    """Two refusals with other causes are both found."""
    settings = ('secure_socket.refusals.not_enabled="ssl_generic"', 'secure_socket.refusals.not_open="ssl_coding"')

    assert told("errors", "HE910", *settings) == {
        "secure_socket.refusals.not_enabled": "ssl_generic",
        "secure_socket.refusals.not_open": "ssl_coding",
    }


def test_an_unknown_pair_behind_a_moved_cause_is_not_guessed() -> None:
    """A refusal whose cause moved to one with an unknown number tells nothing: two keys could be the reason."""
    settings = ('ftp.refusals.not_connected="ftp_login"', 'errors.ftp_login={code=9634,text="go away"}')

    assert told("errors", "HE910", *settings) == {}


def test_a_changed_cause_with_an_unknown_pair_is_found_where_two_refusals_agree() -> None:
    """Two refusals of one cause that show the same unknown pair tell the cause's number and text."""
    setting = 'errors.ssl_not_activated={code=990,text="off"}'

    assert told("errors", "HE910", setting) == {
        "errors.ssl_not_activated.code": 990,
        "errors.ssl_not_activated.text": "off",
    }


def test_a_cause_that_is_the_same_for_every_firmware_is_found_whole() -> None:
    """Number, text and family of a cause that no key names are found together: two commands show them."""
    setting = 'errors.dial_string_malformed={code=927,text="bad",family="CMS"}'

    assert told("errors", "HE910", setting) == {
        "errors.dial_string_malformed.code": 927,
        "errors.dial_string_malformed.text": "bad",
        "errors.dial_string_malformed.family": "CMS",
    }


@pytest.mark.parametrize("setting", ["sim.present=false", 'sim.pin="1234"', "network.registration=0"])
def test_a_module_without_card_pin_or_network_gives_no_wrong_claim(setting: str) -> None:
    """What is refused for want of a card, its PIN or a network is not taken for something else."""
    assert told("errors", "GE865-QUAD", setting) == {}


def test_a_second_port_that_has_enabled_ssl_is_not_taken_for_a_changed_refusal() -> None:
    """What is refused because another AT instance uses SSL tells nothing, and that instance keeps it."""
    with VirtualModem("HE910", listen=["pty", "pty"]) as modem, ModuleLine(modem.ports[1]) as other:
        assert other.ask("AT#SSLEN=1,1").is_ok
        with ModuleLine(modem.ports[0]) as line:
            inquiry = Inquiry(line, load_firmware("HE910"))
            found = {key: value for key, value in run_probes(inquiry, "errors").items() if "secure_socket" in key}

        assert found == {}
        assert other.ask("AT#SSLEN?").value("#SSLEN") == "1,1"
        assert other.ask("AT#SSLCFG?").is_ok


def test_a_card_that_is_busy_for_a_moment_tells_no_cause() -> None:
    """A refusal for the sake of a card that is not ready yet is not taken for that of the command."""
    busy = Shown("CMS", 314, "SIM busy")
    errors = entries_of(load_firmware("HE910").profile)
    seen = Seen(("sms", "refusals", "index"), Cause.SMS_INVALID_INDEX, busy, [Exchange("AT+CMGR=1", "")])

    assert list(explained([seen], errors)) == []


def test_each_provocation_names_known_states_and_keys() -> None:
    """The table names states that it has, and a key of the schema or a cause."""
    table = all_provocations()

    for one in table.provocations:
        assert set(one.states) <= set(table.states)
        assert (one.cause is None) == (one.path is not None)
        assert one.path is None or kind_at(one.path) is not None
        assert all(kind_at(path) is not None for path in one.others)
