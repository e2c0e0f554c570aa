"""What a hello offers follows the settings in force, dial by dial."""

from emulator.tls.client import TlsConfiguration
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_2
from tests.commands.ssl_bench import UMTS, socket_of, ssl_bench, succeed

LATER = "ME910C1-E2"
"""A model with #SSLSECCFG2."""


async def test_a_setting_changes_the_next_offer_and_back() -> None:
    async with ssl_bench(UMTS) as bench:
        policy = socket_of(bench).policy
        choice, first = policy.prepare("10.0.0.1")
        await succeed(bench, "AT#SSLSECCFG=1,1,0")
        _, narrowed = policy.prepare("10.0.0.1")
        await succeed(bench, "AT#SSLSECCFG=1,0,0")
        again, last = policy.prepare("10.0.0.1")

    assert (CipherSuite.TLS_RSA_WITH_RC4_128_MD5,) == narrowed.suites
    assert 1 < len(first.suites)
    assert (first.suites, choice.engine.name, choice.reason) == (last.suites, again.engine.name, again.reason)


async def test_the_version_and_the_name_of_each_dial_are_said() -> None:
    """A numeric address is no name (RFC 6066 3), and the trace tells so each time."""
    offers: list[TlsConfiguration] = []
    reasons: list[str] = []
    async with ssl_bench(LATER) as bench:
        for settings, host in (
            ("1,3,1", "one.example"),
            ("1,3,1", "two.example"),
            ("1,3,1", "10.0.0.1"),
            ("1,3,1", "10.0.0.2"),
            ("1,1,0", "one.example"),
        ):
            await succeed(bench, f"AT#SSLSECCFG2={settings}")
            choice, configuration = socket_of(bench).policy.prepare(host)
            offers.append(configuration)
            reasons.append(choice.reason)

    assert ["one.example", "two.example", None, None, None] == [offer.server_name for offer in offers]
    assert [TLS_1_2] * 4 + [TLS_1_0] == [offer.versions.highest for offer in offers]
    assert ["10.0.0.1" in reasons[2], "10.0.0.2" in reasons[3], "10.0.0.1" in reasons[3]] == [True, True, False]
    assert not [reason for reason in (*reasons[:2], reasons[4]) if "no name" in reason]
