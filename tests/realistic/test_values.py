"""The times of the profiles: how they are drawn, and what they come to in a handshake."""

import statistics
from pathlib import Path

import pytest

from emulator.commands.catalogue import command_table
from emulator.device.pace import AT_ONCE, Realistic
from emulator.device.ssl.computing import computing_of, handshake_seconds
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.firmware.schema.times import Times
from emulator.tls.openssl.engine import OpensslEngine
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_2
from tests.peers.elliptic import ELLIPTIC_SERVER
from tests.peers.processes import openssl_server
from tests.peers.sockets import Wire
from tests.tls.later_offers import offer

LINES = {"10.00": "GE865-QUAD", "13.00": "GE910-QUAD", "16.00": "GL865-QUAD-V3", "12.00": "HE910"}


def times_of(line: str) -> Times:
    return load_firmware(LINES[line]).profile.times


def test_draws_have_the_spread_of_the_profile() -> None:
    """The median, and 5 of 100 beyond each of the two others; the tails end."""
    times = times_of("10.00")
    pace = Realistic(times, seed=1).of("draws")

    drawn = sorted(pace.seconds(lambda times: times.contexts.activate) for _ in range(4000))

    assert statistics.median(drawn) == pytest.approx(3.0, rel=0.05)
    assert drawn[200] == pytest.approx(1.5, rel=0.06)
    assert drawn[-200] == pytest.approx(7.0, rel=0.06)
    assert drawn[-1] < 12


def test_one_factor_scales_them_all() -> None:
    slow = load_firmware("HE910", ["times.factor=2"]).profile.times
    usual = load_firmware("HE910").profile.times

    drawn = [Realistic(times, seed=3).seconds(lambda times: times.start.cold) for times in (usual, slow)]

    assert drawn[1] == pytest.approx(2 * drawn[0])
    assert handshake_seconds(slow, 0, server=2048) == pytest.approx(2 * handshake_seconds(usual, 0, server=2048))


def test_a_short_key_on_a_curve_takes_no_less_than_the_rsa_key_of_the_times(tmp_path: Path) -> None:
    """Its 256 bits are no RSA key of 256 bits, which would be computed in no time."""
    times, gcm = times_of("12.00"), CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    configuration = offer(TLS_1_2.alone, gcm)
    options = ("-tls1_2", "-cipher", gcm.openssl_name)
    with (
        openssl_server(tmp_path, *options, party=ELLIPTIC_SERVER) as port,
        Wire(OpensslEngine(), port, configuration) as wire,
    ):
        client = wire.handshake()

    computed = computing_of(Realistic(times, seed=1), 0, client, configuration, signs=False)

    assert computed == pytest.approx(handshake_seconds(times, 0, server=2048))


def test_a_seed_gives_the_same_times_and_another_one_others() -> None:
    """Each subject draws for itself: what others draw meanwhile does not matter."""

    def draw(seed: int, before: int) -> list[float]:
        pace = Realistic(times_of("12.00"), seed)
        other, subject = pace.of("commands 1"), pace.of("commands 2")
        for _ in range(before):
            other.seconds(lambda times: times.commands.plain)
        return [subject.seconds(lambda times: times.commands.plain) for _ in range(5)]

    assert draw(7, before=0) == draw(7, before=9)
    assert draw(7, before=0) != draw(8, before=0)


def test_without_it_nothing_takes_time() -> None:
    pace = AT_ONCE.of("anything")

    assert pace.seconds(lambda times: times.contexts.activate) == 0
    assert pace.command("+COPS=?") == 0


AUTHENTICATION = {
    # (bits of the server, <auth_mode>, bits of the module): seconds of a dial after idleness, by line and #CPUMODE
    (1024, 0, None): {("10.00", 0): 4.2, ("16.00", 2): 4.1, ("10.00", 4): 4.0, ("13.00", 0): 4.0, ("12.00", 0): 2.2},
    (2048, 0, None): {("10.00", 0): 4.8, ("16.00", 2): 4.4, ("10.00", 4): 4.2, ("13.00", 0): 4.1, ("12.00", 0): 2.2},
    (2048, 1, None): {("10.00", 0): 6.4, ("16.00", 2): 5.2, ("10.00", 4): 4.6, ("13.00", 0): 4.4, ("12.00", 0): 2.3},
    (4096, 1, None): {("10.00", 0): 13.9, ("16.00", 2): 8.8, ("10.00", 4): 6.4, ("13.00", 0): 5.5, ("12.00", 0): 2.5},
    (1024, 2, 1024): {("10.00", 0): 8.9, ("16.00", 2): 6.6, ("10.00", 4): 5.5, ("13.00", 0): 5.0, ("12.00", 0): 2.4},
    (2048, 2, 2048): {("10.00", 0): 38.0, ("16.00", 2): 21.0, ("10.00", 4): 13.0, ("13.00", 0): 9.9, ("12.00", 0): 3.0},
}
CHAIN, HELLO, OWN_CERTIFICATE = 3000, 400, 1000
"""Bytes on the radio: a chain of two certificates, what the module sends, and its own certificate."""


def dial_seconds(line: str, mode: int, server: int, authentication: int, own: int | None) -> float:
    """Wake, three round trips, the bytes, the computing."""
    times = times_of(line)
    radio, checked = times.radio, (server, server) if authentication else ()
    sent = HELLO + (OWN_CERTIFICATE if own else 0)
    network = radio.wake[0] + 3 * radio.round_trip[0] + 8 * CHAIN / radio.down + 8 * sent / radio.up
    return network + handshake_seconds(times, mode, server=server, checked=checked, own=own)


@pytest.mark.parametrize("case", AUTHENTICATION, ids=str)
def test_a_dial_takes_as_long_as_key_mode_and_processor_say(case: tuple[int, int, int | None]) -> None:
    """Large keys take long on slow processors, and a client's key longest of all."""
    expected = AUTHENTICATION[case]

    computed = {(line, mode): dial_seconds(line, mode, *case) for line, mode in expected}

    assert computed == pytest.approx(expected, rel=0.06, abs=0.25)


def test_large_certificates_need_cpumode_where_the_guide_says_so() -> None:
    """Guide 4.1: #CPUMODE=2 or 4 on 10.00 and 16.00; 12.00 and 13.00 manage them without.

    A server gives a handshake 30 seconds; 2,048 bits on both sides are large.
    """
    limit, large = 30.0, (2048, 2, 2048)

    in_time = {
        (line, mode): dial_seconds(line, mode, *large) < limit
        for line, modes in {"10.00": (0, 2, 4), "16.00": (0, 2, 4), "12.00": (0,), "13.00": (0,)}.items()
        for mode in modes
    }

    assert [key for key, is_in_time in in_time.items() if not is_in_time] == [("10.00", 0), ("16.00", 0)]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("times.start.cold=[3, 4, 5]", "times.start: `cold` is [3.0, 4.0, 5.0]: the median does not lie"),
        ("times.start.cold=[3, 1]", "times.start.cold is [3, 1]; give three numbers of seconds: the median"),
        ('times.commands.own."+CPIN="=[1, 2, 3]', "`+CPIN=` is [1.0, 2.0, 3.0]: the median does not lie between"),
        ("times.radio.up=1", "times.radio.up is 1; give a whole number from 100 to 1000000000"),
        ("times.computing.public=[]", "times.computing.public is []; give a list, at least one, each a number"),
    ],
)
def test_a_wrong_time_is_refused(override: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        load_firmware("HE910", [override])

    assert message in str(caught.value)


def test_a_time_of_no_command_is_refused() -> None:
    firmware = load_firmware("HE910", ['times.commands.own."+COSP=?"=[1, 1, 2]'])

    with pytest.raises(UserError, match=r"no command is typed so; write it as .*"):
        command_table(firmware)
