"""What `learn` finds out of the SSL commands and of security data."""

from collections.abc import Mapping
from typing import Any

import pytest

from emulator.learning.asking.throwaway import certificate
from tests.learning.asking import inquiry_of, run_probes, told

DATA = "secure_socket.security_data"
READS = ("AT#SSLEN?", "AT#SSLSECDATA?", "AT#SSLS=1", "AT#SSLCFG?", "AT#SSLSECCFG?")


@pytest.mark.parametrize("subject", ["ssl", "security_data"])
@pytest.mark.parametrize("firmware", ["GE865-QUAD", "HE910", "LE910C1-EU"])
def test_a_module_of_the_base_shows_nothing_new(subject: str, firmware: str) -> None:
    """Nothing is claimed of a module that is as its firmware says."""
    assert told(subject, firmware) == {}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"secure_socket.configuration_tail": 3, "secure_socket.security_while_disabled": True},
            {"secure_socket.configuration_tail": 3, "secure_socket.security_while_disabled": True},
        ),
        (
            {"secure_socket.inactivity.default": 20, f"{DATA}.choosable": False},
            {"secure_socket.inactivity.default": 20, f"{DATA}.choosable": False},
        ),
        (
            {"secure_socket.extended_security.shown": 4, "secure_socket.extended_security.version_default": 3},
            {"secure_socket.extended_security.shown": 4, "secure_socket.extended_security.version_default": 3},
        ),
    ],
)
def test_the_forms_of_the_commands_are_found(settings: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """The number of values, their defaults where all sockets have them, and what is allowed while disabled are told."""
    written = [f"{key}={str(value).lower()}" for key, value in settings.items()]

    assert told("ssl", "LE910C1-EU", *written) == expected


def test_suites_and_versions_that_a_module_lacks_are_found() -> None:
    """The numbers of #SSLSECCFG and #SSLSECCFG2 are those of the base, or fewer of them."""
    suite = {"number": 1, "suite": "TLS_RSA_WITH_RC4_128_MD5"}
    settings = ('secure_socket.suites=[{number=1,suite="TLS_RSA_WITH_RC4_128_MD5"}]', "secure_socket.offered=[1]")

    assert told("ssl", "HE910", *settings) == {"secure_socket.suites": [suite]}

    version = '{number=1,lowest="TLS 1.0",highest="TLS 1.0"},{number=4,lowest="TLS 1.0",highest="TLS 1.3"}'
    found = told("ssl", "LE910C1-EU", f"secure_socket.extended_security.versions=[{version}]")

    assert [one["number"] for one in found["secure_socket.extended_security.versions"]] == [1, 4]


def test_a_default_is_not_told_by_a_single_socket() -> None:
    """What the one socket of a module has may have been set by a host: it is no default."""
    assert told("ssl", "HE910", "secure_socket.inactivity.default=20") == {}


def test_sizes_texts_and_keys_are_found() -> None:
    """Each changed key of security data is found with its value."""
    changed = {
        f"{DATA}.size_limit": 3000,
        f"{DATA}.size_excess": 100,
        f"{DATA}.carriage_returns": True,
        f"{DATA}.trailing_text": True,
        f"{DATA}.ca_certificates": 2,
        f"{DATA}.size_zero": False,
        f"{DATA}.private_keys": ["pkcs8"],
        f"{DATA}.key_kinds": ["rsa", "secp256r1"],
        f"{DATA}.nothing_stored": "empty",
    }
    written = [f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in changed.items()]
    written[-1] = f'{DATA}.nothing_stored="empty"'

    assert told("security_data", "LE910C1-EU", *written) == changed


def test_a_structure_that_no_key_can_show_stays_as_it_is() -> None:
    """Without a curve among the kinds of keys SEC 1 is refused in any case: the base's word for it is kept."""
    assert told("security_data", "HE910", f'{DATA}.private_keys=["pkcs8","sec1"]') == {
        f"{DATA}.private_keys": ["pkcs8"]
    }


@pytest.mark.parametrize("subject", ["ssl", "security_data", "errors"])
def test_a_place_that_is_taken_is_left_alone(subject: str) -> None:
    """With security data stored, all of it and every setting is the same afterwards."""
    with inquiry_of("LE910C1-EU") as inquiry:
        text = certificate().decode()
        inquiry.ask("AT#SSLEN=1,1")
        for kind in (0, 1):
            assert inquiry.ask(f"AT#SSLSECDATA=1,1,{kind},{len(text)}").is_prompt
            assert inquiry.enter(f"{text}\x1a").is_ok
        reads = [*READS, "AT#SSLSECDATA=1,2,0", "AT#SSLSECDATA=1,2,1", "AT#SSLSECDATA=1,2,2"]
        before = [inquiry.ask(command).said for command in reads]

        found = run_probes(inquiry, subject)

        assert [inquiry.ask(command).said for command in reads] == before
        assert f"{DATA}.carriage_returns" not in found
