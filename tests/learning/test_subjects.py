"""What `learn` finds out of contexts, sockets, HTTP, MQTT, messages, phonebook, network's forms and the receiver."""

from collections.abc import Mapping
from typing import Any

import pytest

from emulator.learning.probe import PassedOver
from emulator.learning.probes import packet
from tests.learning.asking import inquiry_of, run_probes, told

SUBJECTS = ("packet", "sockets", "messages", "network", "gnss", "email")
READS = (
    "AT+CMEE?",
    "AT+CGDCONT?",
    "AT#SCFG?",
    "AT#SCFGEXT?",
    "AT#PKTSZ?",
    "AT#HTTPCFG?",
    "AT#FRWL?",
    "AT+CPMS?",
    "AT+CPBS?",
    "AT+CREG?",
    "AT+CGREG?",
    "AT+CSCS?",
    "AT$GPSP?",
    "AT#SGACT?",
    "AT#SSLEN?",
)


@pytest.mark.parametrize("firmware", ["GE865-QUAD", "HE910", "LE910C1-EU", "ME310G1"])
def test_a_module_of_the_base_shows_nothing_new_and_is_left_as_it_was(firmware: str) -> None:
    """Nothing is claimed of a module that is as its firmware says, and every read is the same afterwards."""
    with inquiry_of(firmware) as inquiry:
        before = [inquiry.ask(command).lines for command in READS]
        for subject in SUBJECTS:
            run_probes(inquiry, subject)

        assert [inquiry.ask(command).lines for command in READS] == before

    assert [told(subject, firmware) for subject in SUBJECTS] == [{}] * len(SUBJECTS)


@pytest.mark.parametrize(
    ("subject", "firmware", "changed"),
    [
        ("packet", "HE910", {"firewall.rules": 5, "firewall.full": "unknown", "pdp.empty_addresses.IP": "0.0.0.0"}),
        ("packet", "ME310G1", {"pdp.undefined_type": "IP"}),
        (
            "sockets",
            "LE910C1-EU",
            {
                "http.reserved": 2,
                "http.timeout.default": 100,
                "sockets.inactivity.default": 70,
                "sockets.keepalive.default": 3,
                "mqtt.shown_fields": 2,
            },
        ),
        ("sockets", "GE865-QUAD", {"sockets.extension_tail": 1, "easy_sockets.automatic_packet_size": 250}),
        ("messages", "HE910", {"sms.storages": [{"name": "SM", "size": 33}]}),
        (
            "messages",
            "GE865-QUAD",
            {
                "sim.phonebook.storages": [
                    {"name": "SM", "size": 90, "writable": True},
                    {"name": "LD", "size": 10, "writable": True},
                ],
                "sms.class_0_memory": "MX",
            },
        ),
        (
            "network",
            "HE910",
            {
                "network.quoted_location": False,
                "network.encoded_names": False,
                "calls.voice": False,
                "calendar.zone_printed": False,
                "scripts.room": 3000,
            },
        ),
        ("email", "LE910C1-EU", {"email.parameter_length": 40, "email.configuration.reserved": 2}),
        ("email", "HE910", {"email.file_name_length": 33}),
        ("gnss", "HE910", {"gnss.off": "error", "gnss.refuses_same_power": False, "gnss.searching": 0}),
    ],
)
def test_changed_keys_are_found_together(subject: str, firmware: str, changed: Mapping[str, Any]) -> None:
    """Each changed key is found with its value, and nothing else is claimed."""
    settings = [f"{key}={_toml(value)}" for key, value in changed.items()]

    assert told(subject, firmware, *settings) == changed


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{key}={_toml(one)}' for key, one in value.items())}}}"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


@pytest.mark.parametrize("setting", ["sim.present=false", 'sim.pin="1234"', "network.registration=0"])
@pytest.mark.parametrize("firmware", ["GE865-QUAD", "LE910C1-EU"])
def test_a_module_without_card_pin_or_network_gives_no_wrong_claim(firmware: str, setting: str) -> None:
    """What is refused for want of a card, its PIN or a network is not taken for something else."""
    assert [told(subject, firmware, setting) for subject in SUBJECTS] == [{}] * len(SUBJECTS)


@pytest.mark.parametrize(
    ("subject", "command"),
    [
        ("network", "A"),
        ("gnss", "$GPSACP"),
        ("gnss", "$GPSP"),
        ("packet", "#FRWL"),
        ("sockets", "#HTTPCFG"),
        ("messages", "+CPMS"),
        ("errors", "#SSLH"),
        ("security_data", "#SSLSECDATA"),
    ],
)
def test_a_command_that_is_not_there_tells_nothing_of_its_keys(subject: str, command: str) -> None:
    """Plain ERROR is no value of a key."""
    assert told(subject, "HE910", f'commands."{command}"=false') == {}


def test_a_short_line_limit_is_not_taken_for_a_short_text() -> None:
    """Where the line is too long before the text is, nothing is told of the text."""
    assert told("email", "HE910", "terminal.line_limit=60") == {}
    assert told("errors", "HE910", "terminal.line_limit=60") == {}


def test_settings_that_differ_from_row_to_row_are_no_defaults() -> None:
    """A host that has changed one connection hides what the factory has set."""
    with inquiry_of("HE910") as inquiry:
        inquiry.ask("AT#SCFG=1,1,300,20,600,50")

        found = run_probes(inquiry, "sockets")

    assert "sockets.inactivity.default" not in found
    assert found["sockets.transmission.default"] == 50


def test_a_context_and_rules_of_the_host_are_left_alone() -> None:
    """A last context that is defined, and rules of the firewall, are not touched."""
    with inquiry_of("HE910") as inquiry:
        for command in ('AT+CGDCONT=5,"IP","mine"', 'AT#FRWL=1,"1.2.3.4","255.255.255.255"'):
            assert inquiry.ask(command).is_ok
        before = [inquiry.ask(command).lines for command in READS]

        found = run_probes(inquiry, "packet")

        assert [inquiry.ask(command).lines for command in READS] == before
        assert found == {}
        for probe, reason in zip(
            packet.probes(inquiry), ("context 5 is defined", "the firewall has rules"), strict=True
        ):
            with pytest.raises(PassedOver, match=reason):
                list(probe.run(inquiry))
