"""What an LE910 does beside the standards: Discard-Request, and name servers that stand for a network to come."""

from ipaddress import IPv4Address

from emulator.ppp.ipcp import Addresses
from emulator.ppp.lcp import Authentication
from emulator.ppp.link import LinkSettings
from emulator.testing import Bench
from emulator.trace.events import PppPacket
from tests.commands.later import LE910_V2
from tests.commands.ssl_bench import CONNECT
from tests.commands.test_data_call import BenchEnd
from tests.ppp.host import ACK, IPCP, LCP, NAK, REJECT, REQUEST, Host, Seen, control, option

DISCARD = 11
ADDRESSES = Addresses(IPv4Address("212.195.45.65"), None, (IPv4Address("193.189.160.13"),))
WAITING = LinkSettings(
    (Authentication.CHAP, Authentication.PAP),
    discards=True,
    waiting_servers=(IPv4Address("10.11.12.13"), IPv4Address("10.11.12.14")),
    random_bytes=lambda size: b"R" * size,
)
SERVERS = b"".join(
    option(kind, IPv4Address(server).packed)
    for kind, server in ((129, "10.11.12.13"), (131, "10.11.12.14"), (130, "10.11.12.13"), (132, "10.11.12.14"))
)
ASKED = option(3, bytes(4)) + option(129, bytes(4))


def opened() -> Host:
    """A link whose host has refused to say who it is; the network is not there yet."""
    host = Host(WAITING)
    (request,) = host.seen()
    host.send(LCP, control(REJECT, request.identifier, option(3, Authentication.CHAP.value)))
    (again,) = host.seen()
    assert option(3, Authentication.CHAP.value) not in again.data
    assert [ACK] == [each.code for each in host.ask(LCP)]
    (discard,) = host.acknowledge(again)
    assert (LCP, DISCARD, b"RRRR") == (discard.protocol, discard.code, discard.data)
    return host


def naks(packets: list[Seen]) -> list[tuple[int, bytes]]:
    """The suggestions among the packets: which request each answers, and its options."""
    return [(each.identifier, each.data) for each in packets if (each.protocol, each.code) == (IPCP, NAK)]


def test_a_host_that_waits_for_the_network_hears_of_name_servers_again_and_again() -> None:
    """At once, and then once a second however fast it asks: a host asks again as soon as it has the answer."""
    host = opened()
    assert [(1, SERVERS)] == naks(host.ask(IPCP, ASKED))
    assert [] == naks(host.ask(IPCP, ASKED, identifier=2))
    assert [] == naks(host.ask(IPCP, ASKED, identifier=3))
    assert [] == naks(host.wait(0.9))
    assert [(3, SERVERS)] == naks(host.wait(0.2))
    assert [] == naks(host.wait(5))
    assert [(4, SERVERS)] == naks(host.ask(IPCP, ASKED, identifier=4))


def test_what_it_has_asked_last_is_answered_once_the_network_is_there() -> None:
    """With the addresses of the network; nothing is suggested any more."""
    host = opened()
    host.ask(IPCP, ASKED)
    host.ask(IPCP, ASKED, identifier=2)
    host.link.bring_up_network(ADDRESSES, host.now)
    said = host.seen()
    assert [REQUEST, NAK] == [each.code for each in said]
    assert [(2, option(3, ADDRESSES.host.packed) + option(129, ADDRESSES.dns[0].packed))] == naks(said)
    assert [] == naks(host.wait(2))


def test_a_link_that_waits_for_nobody_sleeps() -> None:
    """No deadline in the past while nothing is due."""
    host = opened()
    assert host.link.deadline is None
    host.ask(IPCP, ASKED)
    assert host.link.deadline is None
    host.ask(IPCP, ASKED, identifier=2)
    assert host.link.deadline == host.now + 1.0


async def test_a_data_call_of_the_le910_v2() -> None:
    """As it was recorded: CHAP is asked for, and not insisted on."""
    async with Bench(LE910_V2) as bench:
        await bench.command('AT+CGDCONT=2,"IP","apn"')
        assert CONNECT == await bench.command("ATD*99***2#")
        host = BenchEnd(bench)
        await bench.advance(0.2)
        (request,) = host.seen()
        host.send(LCP, control(REJECT, request.identifier, option(3, Authentication.CHAP.value)))
        (again,) = host.seen()
        host.ask(LCP)
        host.acknowledge(again)
        said = [event.text for event in bench.events if isinstance(event, PppPacket) and event.direction == "sent"]
        assert "<auth chap MD5>" in said[0] and "<auth" not in said[1]
        assert any("DiscReq" in text for text in said)
