"""`--set KEY=VALUE`: single values from the command line."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator.errors import Cause, UserError
from emulator.firmware.loader import load_firmware
from emulator.firmware.schema.profile import Profile


def ssl_default_timeout(profile: Profile) -> int | None:
    assert profile.secure_socket is not None
    return profile.secure_socket.default_timeout.default


ACCEPTED: list[tuple[str, Any, Callable[[Profile], Any]]] = [
    ("network.signal=12", 12, lambda profile: profile.network.signal),
    ("signal = 12", 12, lambda profile: profile.network.signal),
    ("identity.imei=490154203237518", "490154203237518", lambda profile: profile.identity.imei),
    ('imei="490154203237518"', "490154203237518", lambda profile: profile.identity.imei),
    ("address=10.0.0.1", "10.0.0.1", lambda profile: profile.pdp.address),
    ("sim.pin=1234", "1234", lambda profile: profile.sim.pin),
    ("sim.present=false", False, lambda profile: profile.sim.present),
    ("power.boot=0", 0, lambda profile: profile.power.boot),
    ("manufacturer=a = b", "a = b", lambda profile: profile.identity.manufacturer),
    ("manufacturer=true", "true", lambda profile: profile.identity.manufacturer),
    ("without_prefix=error", "error", lambda profile: profile.terminal.without_prefix),
    ("pdp.types=['IP', 'PPP']", ("IP", "PPP"), lambda profile: profile.pdp.types),
    ('settings."+CMEE".default=2', 2, lambda profile: profile.settings["+CMEE"].default),
    ("settings.'\\Q'.default=0", 0, lambda profile: profile.settings["\\Q"].default),
    ('settings."+ICF.parity".default=1', 1, lambda profile: profile.settings["+ICF.parity"].default),
    ("settings.E={choices=[1],default=1}", (1,), lambda profile: profile.settings["E"].choices),
    ("secure_socket.default_timeout.default=30", 30, ssl_default_timeout),
    ("errors.ssl_not_activated.code=1000", 1000, lambda profile: profile.errors[Cause.SSL_NOT_ACTIVATED].code),
]


@pytest.mark.parametrize(("text", "expected", "value"), ACCEPTED, ids=[text for text, _, _ in ACCEPTED])
def test_one_value_is_replaced(text: str, expected: Any, value: Callable[[Profile], Any]) -> None:
    """The value is TOML where it can be; text needs no quotes; the last part of a key is enough where it is unique."""
    profile = load_firmware("HE910", [text]).profile

    assert expected == value(profile)


def test_the_last_override_of_a_key_wins() -> None:
    """As on any command line."""
    assert load_firmware("HE910", ["signal=1", "network.signal=2"]).profile.network.signal == 2


def test_nothing_but_the_value_is_changed() -> None:
    """And the firmware as shipped stays as it is."""
    shipped = load_firmware("HE910").profile

    changed = load_firmware("HE910", ["signal=1"]).profile

    assert load_firmware("HE910").profile is shipped
    assert shipped.network.signal != changed.network.signal
    assert (shipped.identity, shipped.settings, shipped.pdp) == (changed.identity, changed.settings, changed.pdp)


REFUSED = {
    "signal": "--set signal: no value; write KEY=VALUE",
    "signal=120": "--set signal: network.signal is 120; give a whole number from 0 to 99",
    "signal=": '--set signal: network.signal is ""; give a whole number from 0 to 99',
    "signal=1\nx=2": r'--set signal: network.signal is "1\nx=2"; give a whole number from 0 to 99',
    f"signal={'[' * 20000}": (f'--set signal: network.signal is "{"[" * 59}…; give a whole number from 0 to 99'),
    f"signal={'9' * 5000}": f'--set signal: network.signal is "{"9" * 59}…; give a whole number from 0 to 99',
    "foo.bar=1": "--set foo.bar: unknown key foo.bar; docs/firmware-profiles.md lists them",
    "sgnal=3": "--set sgnal: unknown key sgnal; the nearest is signal",
    "§=3": "--set §: '§' is no TOML key; one reads like settings.\"+CMEE\".default",
    "=3": "--set : '' is no TOML key; one reads like settings.\"+CMEE\".default",
    "#=3": "--set #: '#' is no TOML key; one reads like settings.\"+CMEE\".default",
    "a b=3": "--set a b: 'a b' is no TOML key; one reads like settings.\"+CMEE\".default",
    "a=1\nb=2": "--set a: unknown key a; docs/firmware-profiles.md lists them",
    "qqqqqq=3": "--set qqqqqq: unknown key qqqqqq; docs/firmware-profiles.md lists them",
    "network.sgnal=3": "--set network.sgnal: unknown key network.sgnal; the nearest is signal",
    "sim.zzz=3": (
        "--set sim.zzz: unknown key sim.zzz; one of present, applications, pin, dormant_pin, puk, pin2, puk2,"
        " facilities, numbers, mailboxes, operator_menu, toolkit … (15 in all)"
    ),
    "network.signal.x=3": "--set network.signal.x: network.signal holds one value and has no keys",
    'settings."+CMEE".defalt=3': (
        '--set settings."+CMEE".defalt: unknown key settings."+CMEE".defalt; the nearest is default'
    ),
    'settings."+CMEE".default=9': (
        '--set settings."+CMEE".default: settings."+CMEE": the default 9 is outside the values allowed, 0 to 2'
    ),
    "errors.ssl_handshak.code=9": (
        "--set errors.ssl_handshak.code: unknown key errors.ssl_handshak; the nearest is ssl_handshake"
    ),
    "keepalive=30": "--set keepalive: sockets.keepalive is 30; give a table of range, choices, zero, default",
    "authentication=1": (
        "--set authentication: authentication may be pdp.authentication or pdp.refusals.authentication"
        " or secure_socket.authentication or http.authentication; write it whole"
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=[text[:40] for text in REFUSED])
def test_a_wrong_override_is_named_with_its_key(text: str, expected: str) -> None:
    """One line: the option, what is wrong, what is allowed or nearest."""
    with pytest.raises(UserError) as caught:
        load_firmware("HE910", [text])

    assert str(caught.value) == expected
