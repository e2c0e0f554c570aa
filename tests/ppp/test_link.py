"""The device's end of a link, as a host sees it. RFC 1661, 1334, 1994, 1332, 1877."""

from hashlib import md5
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.ppp import PPP, PPP_PAP_Request

from emulator.ppp.control_protocol import Timers
from emulator.ppp.describe import describe
from emulator.ppp.events import ControlSeen, Ended, EndedBy, LinkEvent, LoggedIn, NetworkDown, NetworkUp
from emulator.ppp.ipcp import Addresses
from emulator.ppp.lcp import Authentication
from emulator.ppp.link import LinkSettings
from tests.ppp.host import (
    ACK,
    CCP,
    CHAP,
    CODE_REJECT,
    ECHO,
    ECHOED,
    IPCP,
    IPV4,
    IPV6CP,
    LCP,
    NAK,
    PAP,
    PROTOCOL_REJECT,
    REJECT,
    REQUEST,
    TERMINATE,
    TERMINATED,
    Host,
    Seen,
    control,
    frame,
    option,
)

ADDRESSES = Addresses(
    IPv4Address("212.195.45.65"), None, (IPv4Address("193.189.160.13"), IPv4Address("193.189.160.23"))
)
BOTH = LinkSettings((Authentication.CHAP, Authentication.PAP), random_bytes=lambda size: b"R" * size)
MAGIC = option(5, b"host")


def settings(*authentications: Authentication) -> LinkSettings:
    return LinkSettings(authentications, random_bytes=lambda size: b"R" * size)


def events(host: Host) -> list[LinkEvent]:
    return [event for event in host.link.take_events() if not isinstance(event, ControlSeen)]


def open_network(host: Host, addresses: Addresses = ADDRESSES) -> None:
    """Open LCP without options of the host, and IPCP with the address that it is given."""
    host.open_lcp()
    host.link.bring_up_network(addresses, host.now)
    (request,) = host.seen()
    host.ask(IPCP, option(3, addresses.host.packed))
    host.acknowledge(request)
    assert host.link.open
    host.link.take_events()


# LCP


def test_the_first_request_asks_for_what_modules_ask_for() -> None:
    """In this order: control characters, authentication, magic number, short protocol, short header."""
    (request,) = Host(BOTH).seen()

    assert request.code == REQUEST
    assert (
        b"".join((option(2, bytes(4)), option(3, b"\xc2\x23\x05"), option(5, b"RRRR"), option(7), option(8)))
        == request.data
    )
    parsed = request.parsed
    assert ["Async-Control-Character-Map", "Authentication-protocol", "Magic-number"] == [
        each.sprintf("%type%") for each in parsed.options[:3]
    ]
    assert parsed.options[1].sprintf("%auth_protocol%, %algorithm%") == (
        "Challenge-response authentication protocol, MD5"
    )


def test_the_request_is_repeated_until_the_host_is_there() -> None:
    """What is sent right behind CONNECT is lost by hosts that open the line later (RFC 1661 4.6)."""
    host = Host()
    (first,) = host.seen()

    assert [] == host.wait(2.9)
    assert [first] == host.wait(0.2)
    assert [first] == host.wait(3)


def test_the_request_is_repeated_at_once_when_the_host_begins() -> None:
    """The host that missed the first one does not wait for the timer."""
    host = Host()
    (lost,) = host.seen()
    host.wait(0.5)

    said = host.ask(LCP, MAGIC)

    assert [LCP, LCP] == [each.protocol for each in said]
    assert said[0] == lost
    assert (said[1].code, said[1].data) == (ACK, MAGIC)

    (again,) = host.ask(LCP, MAGIC, identifier=2)
    assert again.code == ACK


def test_a_host_that_never_answers_ends_the_link_after_ten_requests() -> None:
    """The restart counter of RFC 1661 4.6."""
    host = Host()

    said = host.wait(29)
    assert [REQUEST] * 10 == [each.code for each in said]
    assert [] == host.wait(2)
    assert [Ended(EndedBy.SILENCE)] == events(host)
    assert host.link.ended
    assert host.link.deadline is None


def test_a_late_answer_to_a_repeated_request_counts_once() -> None:
    """A host acknowledges the first request and its repetition; the second answer does not begin anew."""
    host = Host()
    (request,) = host.seen()
    host.wait(3)
    host.ask(LCP)
    host.acknowledge(request)
    assert [LoggedIn] == [type(event) for event in events(host)]

    assert [] == host.acknowledge(request)
    assert [] == events(host)


@pytest.mark.parametrize(
    "asked",
    [
        (),
        (option(1, b"\x05\xdc"), option(2, b"\0\x0a\0\0"), MAGIC, option(7), option(8)),
        (option(8), option(7), MAGIC),
        (option(1, b"\x00\x80"),),
    ],
)
def test_options_that_are_known_are_acknowledged_as_they_stand(asked: tuple[bytes, ...]) -> None:
    """The whole list in its order (RFC 1661 5.2)."""
    host = Host()
    host.seen()

    answer = host.ask(LCP, *asked, identifier=9)[-1]

    assert (answer.code, answer.identifier, answer.data) == (ACK, 9, b"".join(asked))


@pytest.mark.parametrize(
    "refused",
    [option(3, b"\xc0\x23"), option(4, b"\xc0\x25\0\0\0\0"), option(13, b"\x06"), option(17, b"\x05\xdc"), option(99)],
    ids=["authentication of the device", "quality", "callback", "multilink", "unknown"],
)
def test_other_options_are_refused_and_nothing_else_with_them(refused: bytes) -> None:
    """Configure-Reject has only what is refused (RFC 1661 5.4)."""
    host = Host()
    host.seen()

    answer = host.ask(LCP, option(2, bytes(4)), refused, option(1, b"\0\1"), MAGIC)[-1]

    assert (answer.code, answer.data) == (REJECT, refused)


@pytest.mark.parametrize(
    ("asked", "better"),
    [
        (option(1, b"\0\x40"), option(1, b"\x05\xdc")),
        (option(1, b"\x05"), option(1, b"\x05\xdc")),
        (option(2, b"\0"), option(2, bytes(4))),
        (option(5, bytes(4)), option(5, b"RRRR")),
        (option(7, b"x"), option(7)),
    ],
    ids=["small unit", "short unit", "short map", "no magic number", "long flag"],
)
def test_a_value_that_will_not_do_is_suggested_otherwise(asked: bytes, better: bytes) -> None:
    """Also one of the wrong length (RFC 1661 6)."""
    host = Host(settings())
    host.seen()

    answer = host.ask(LCP, option(8), asked)[-1]

    assert (answer.code, answer.data) == (NAK, better)


def test_a_host_with_the_same_magic_number_is_asked_for_another() -> None:
    """The line may be looped back (RFC 1661 6.4)."""
    numbers = iter(range(1, 9))
    host = Host(LinkSettings(random_bytes=lambda size: next(numbers).to_bytes(size, "big")))
    (request,) = host.seen()
    own = request.data[6:12]

    answer = host.ask(LCP, own)[-1]

    assert answer.code == NAK
    assert answer.data[:2] == own[:2]
    assert answer.data != own


def test_a_host_that_insists_hears_at_last_that_it_is_refused() -> None:
    """After five suggestions (RFC 1661 4.6, Max-Failure)."""
    host = Host()
    host.seen()

    answers = [host.ask(LCP, option(1, b"\0\1"), identifier=number)[-1] for number in range(7)]

    assert [NAK] * 5 + [REJECT] * 2 == [each.code for each in answers]
    assert answers[-1].data == option(1, b"\0\1")


@pytest.mark.parametrize("suggested", [b"\xc0\x23", b"\xc2\x23\x81"], ids=["PAP", "CHAP of Microsoft"])
def test_a_host_that_wants_another_authentication_is_asked_for_the_next(suggested: bytes) -> None:
    """Whichever it suggests: pppd suggests one of those that it knows."""
    host = Host(BOTH)
    (request,) = host.seen()
    host.send(LCP, control(NAK, request.identifier, option(3, suggested)))

    (again,) = host.seen()
    assert option(3, b"\xc0\x23") in again.data

    host.send(LCP, control(NAK, again.identifier, option(3, suggested)))
    assert TERMINATE == host.seen()[-1].code


def test_what_the_host_refuses_is_left_out() -> None:
    """And the next request has another identifier."""
    host = Host(settings(Authentication.PAP))
    (request,) = host.seen()
    host.send(LCP, control(REJECT, request.identifier, option(3, b"\xc0\x23") + option(7) + option(8)))

    (again,) = host.seen()

    assert again.data == option(2, bytes(4)) + option(5, b"RRRR")
    assert again.identifier != request.identifier
    host.ask(LCP)
    host.acknowledge(again)
    (logged_in,) = events(host)
    assert isinstance(logged_in, LoggedIn)
    assert logged_in.credentials.username == ""


def test_answers_that_do_not_belong_to_the_request_are_dropped() -> None:
    """Another identifier, other options, a rejection of what was not asked for (RFC 1661 5.2 to 5.4)."""
    host = Host()
    (request,) = host.seen()
    host.send(LCP, control(ACK, request.identifier + 1, request.data))
    host.send(LCP, control(ACK, request.identifier, request.data[:-2]))
    host.send(LCP, control(REJECT, request.identifier, option(13, b"\x06")))
    host.send(LCP, control(NAK, request.identifier + 1, option(2, b"\0\x0a\0\0")))
    host.send(LCP, control(NAK, request.identifier, b"\x02\x01"))

    assert [] == host.seen()


def test_suggestions_of_the_host_are_followed_where_there_is_a_choice() -> None:
    """More control characters, and another magic number; hints at what was not asked for are passed over."""
    host = Host()
    (request,) = host.seen()
    host.send(LCP, control(NAK, request.identifier, option(1, b"\1\0") + option(2, b"\0\x0a\0\0") + option(5, b"abcd")))

    (again,) = host.seen()

    asked = {each[0]: each for each in (again.data[:6], again.data[6:12])}
    assert asked[2] == option(2, b"\0\x0a\0\0")
    assert asked[5] != request.data[6:12]


def test_a_host_that_wants_pap_instead_of_chap_gets_it() -> None:
    """Where #GAUTH allows either."""
    host = Host(BOTH)
    (request,) = host.seen()
    host.send(LCP, control(NAK, request.identifier, option(3, b"\xc0\x23")))

    (again,) = host.seen()

    assert option(3, b"\xc0\x23") in again.data


@pytest.mark.parametrize("suggested", [b"\xc0\x23", b"\xc2\x23\x81"])
def test_a_host_that_wants_what_is_not_allowed_is_turned_away(suggested: bytes) -> None:
    """By Terminate-Request; the link has ended when the host agrees."""
    host = Host(settings(Authentication.CHAP))
    (request,) = host.seen()
    host.send(LCP, control(NAK, request.identifier, option(3, suggested)))

    (last,) = host.seen()
    assert last.code == TERMINATE
    host.send(LCP, control(TERMINATED, last.identifier))
    assert [Ended(EndedBy.REFUSAL)] == events(host)


def test_a_line_that_echoes_ends_the_link() -> None:
    """And not the machine: each own packet comes back, so that nothing is ever agreed on."""
    host = Host()
    for _ in range(500):
        host.link.receive(host.link.take_output(), host.now)
        host.wait(0.1)

    assert host.link.ended


def test_what_is_agreed_on_counts_from_then_on() -> None:
    """LCP always in the full form; other packets short, with the control characters of the host escaped."""
    host = Host()
    host.open_lcp(option(2, b"\0\x0a\0\0"), MAGIC, option(7), option(8))
    host.link.bring_up_network(ADDRESSES, host.now)
    host.seen()
    host.ask(IPCP, option(3, ADDRESSES.host.packed))
    host.send(IPCP, control(ACK, 1))
    host.link.take_output()

    host.link.send_packet(b"E\x11\x13\0~")

    assert frame(b"\x21E\x11\x13\0~", controls=0x000A0000) == host.link.take_output()
    host.send(LCP, control(ECHO, 3, b"host"))
    assert host.link.take_output().startswith(b"~\xff\x7d\x23\xc0\x21")


def test_echo_requests_are_answered_with_the_own_magic_number() -> None:
    """Their data come back (RFC 1661 5.8); not before LCP is open."""
    host = Host(settings())
    host.send(LCP, control(ECHO, 3, b"hosttext"))
    assert [REQUEST] == [each.code for each in host.seen()]
    host = Host(settings())
    host.open_lcp()

    host.send(LCP, control(ECHO, 3, b"hosttext"))

    (answer,) = host.seen()
    assert (answer.code, answer.identifier, answer.data) == (ECHOED, 3, b"RRRRtext")
    host.send(LCP, control(11, 4, b"hosttext"))
    host.send(LCP, control(ECHOED, 5, b"hosttext"))
    assert [] == host.seen()


def test_an_unknown_code_is_rejected() -> None:
    """As Identification is, which some hosts send (RFC 1661 5.6)."""
    host = Host()
    host.open_lcp()

    host.send(LCP, control(12, 3, b"hostMSRAS"))

    (answer,) = host.seen()
    assert answer.code == CODE_REJECT
    assert answer.data == control(12, 3, b"hostMSRAS")


@pytest.mark.parametrize("protocol", [CCP, IPV6CP, 0x8281, PAP], ids=["CCP", "IPV6CP", "MPLSCP", "PAP unasked for"])
def test_an_unknown_protocol_is_rejected(protocol: int) -> None:
    """Once LCP is open; before, it is dropped (RFC 1661 5.7)."""
    host = Host()
    host.send(protocol, control(REQUEST, 1))
    assert [REQUEST] == [each.code for each in host.seen()]
    host = Host()
    host.open_lcp()

    host.send(protocol, control(REQUEST, 1, option(1, b"abcdefgh")))

    (answer,) = host.seen()
    assert (answer.protocol, answer.code) == (LCP, PROTOCOL_REJECT)
    assert answer.data == protocol.to_bytes(2, "big") + control(REQUEST, 1, option(1, b"abcdefgh"))
    assert answer.parsed.rejected_protocol == protocol


@pytest.mark.parametrize(
    ("asked", "unit"), [((), 1500), ((option(1, b"\x02\0"),), 512), ((option(1, b"\x40\0"),), 1500)]
)
def test_the_host_says_how_large_a_packet_may_be(asked: tuple[bytes, ...], unit: int) -> None:
    """No larger ones are made for a host that would take them (RFC 1661 6.1)."""
    host = Host()
    host.open_lcp(*asked)

    assert unit == host.link.unit


def test_padding_is_passed_over_and_wrong_lengths_are_dropped() -> None:
    """RFC 1661 5: octets outside the range of the length are padding."""
    host = Host()
    host.seen()
    host.send(LCP, control(REQUEST, 1, MAGIC) + b"padding")
    assert host.seen()[-1].data == MAGIC

    for wrong in (b"", b"\1\1", b"\1\1\0\3", b"\1\1\0\x20" + MAGIC, control(REQUEST, 1, b"\x05\x09ab")):
        host.send(LCP, wrong)

    assert [] == host.seen()


# The end


def test_a_host_that_terminates_gets_its_acknowledgement_before_the_end() -> None:
    """Terminate-Ack, then the link is over."""
    host = Host()
    open_network(host)

    host.send(LCP, control(TERMINATE, 5, b"User request"))

    assert [(TERMINATED, 5)] == [(each.code, each.identifier) for each in host.seen()]
    assert host.link.deadline == host.now
    host.wait(0)
    assert [NetworkDown(), Ended(EndedBy.HOST)] == events(host)


def test_the_link_may_stay_a_while_after_the_acknowledgement() -> None:
    """So that a host whose acknowledgement was lost can ask again (RFC 1661 3.7)."""
    host = Host(LinkSettings(timers=Timers(settling=0.5)))
    open_network(host)
    host.send(LCP, control(TERMINATE, 5))
    host.wait(0.4)
    host.send(LCP, control(TERMINATE, 6))

    assert [TERMINATED, TERMINATED] == [each.code for each in host.seen()] * 2
    host.wait(0.1)
    assert host.link.ended


@pytest.mark.parametrize("answers", [True, False])
def test_the_device_terminates_and_waits_for_the_host(answers: bool) -> None:
    """Two requests at most."""
    host = Host()
    open_network(host)
    host.link.close(host.now)

    (request,) = host.seen()
    assert request.code == TERMINATE
    if answers:
        host.send(LCP, control(TERMINATED, request.identifier))
    else:
        assert [TERMINATE] == [each.code for each in host.wait(6)]
    assert [NetworkDown(), Ended(EndedBy.DEVICE)] == events(host)


def test_a_host_without_ip_ends_the_link() -> None:
    """It rejects IPCP: there is nothing else to carry."""
    host = Host()
    host.open_lcp()
    host.link.bring_up_network(ADDRESSES, host.now)
    (request,) = host.seen()

    host.send(LCP, control(PROTOCOL_REJECT, 1, b"\x80\x21" + request.information))

    (last,) = host.seen()
    assert last.code == TERMINATE
    host.send(LCP, control(TERMINATED, last.identifier))
    assert Ended(EndedBy.REFUSAL) == events(host)[-1]


def test_a_host_may_begin_anew() -> None:
    """A Configure-Request in an open link takes it down and negotiates again (RFC 1661 4.3)."""
    host = Host()
    open_network(host)

    request, answer = host.ask(LCP, MAGIC, identifier=30)

    assert (request.code, answer.code) == (REQUEST, ACK)
    assert not host.link.open
    host.acknowledge(request)
    assert [NetworkDown, LoggedIn] == [type(event) for event in events(host)]
    host.link.bring_up_network(ADDRESSES, host.now)
    assert [IPCP] == [each.protocol for each in host.seen()]


# Authentication


def test_pap_takes_any_user_and_tells_which() -> None:
    """Acknowledged at once: the network decides (RFC 1334 2.2)."""
    host = Host(settings(Authentication.PAP))
    assert [] == host.open_lcp()
    packet = bytes(PPP_PAP_Request(id=4, username=b"telit", password=b"public-demo"))

    host.send(PAP, packet)

    (answer,) = host.seen()
    assert (answer.protocol, answer.code, answer.identifier) == (PAP, 2, 4)
    assert answer.parsed.sprintf("%PPP_PAP_Response.code%") == "Authenticate-Ack"
    (logged_in,) = events(host)
    assert isinstance(logged_in, LoggedIn)
    assert logged_in.credentials.username == "telit"
    assert logged_in.credentials.proves("public-demo")
    assert not logged_in.credentials.proves("public")


def test_a_repeated_pap_request_is_acknowledged_again() -> None:
    """The acknowledgement may be lost; the user logs in once."""
    host = Host(settings(Authentication.PAP))
    host.open_lcp()
    for number in (1, 2):
        host.send(PAP, bytes(PPP_PAP_Request(id=number, username=b"telit", password=b"x")))

    assert [1, 2] == [each.identifier for each in host.seen()]
    assert len(events(host)) == 1


@pytest.mark.parametrize("data", [b"", b"\x05ab", b"\x01a", b"\x01a\x05b"])
def test_a_broken_pap_request_is_dropped(data: bytes) -> None:
    """And no one is logged in."""
    host = Host(settings(Authentication.PAP))
    host.open_lcp()

    host.send(PAP, control(1, 1, data))

    assert [] == host.seen()
    assert [] == events(host)


def test_a_host_that_does_not_say_who_it_is_is_turned_away() -> None:
    """By PAP in the time of ten requests, by CHAP after ten challenges."""
    for kind, challenges in ((Authentication.PAP, 0), (Authentication.CHAP, 9)):
        host = Host(settings(kind))
        host.open_lcp()

        said = host.wait(30)

        assert [CHAP] * challenges + [LCP] == [each.protocol for each in said]
        assert said[-1].code == TERMINATE
        host.wait(6)
        assert [Ended(EndedBy.SILENCE)] == events(host)


def test_chap_takes_the_response_and_tells_whether_the_password_is_known() -> None:
    """MD5 of identifier, password and challenge (RFC 1994 4.1)."""
    host = Host(LinkSettings((Authentication.CHAP,), name="module"))
    (challenge,) = host.open_lcp()
    assert (challenge.protocol, challenge.code) == (CHAP, 1)
    size = challenge.data[0]
    value, name = challenge.data[1 : 1 + size], challenge.data[1 + size :]
    assert (size, name) == (16, b"module")

    digest = md5(bytes((challenge.identifier,)) + b"public-demo" + value).digest()
    host.send(CHAP, control(2, challenge.identifier, b"\x10" + digest + b"telit"))

    (answer,) = host.seen()
    assert (answer.code, answer.identifier) == (3, challenge.identifier)
    (logged_in,) = events(host)
    assert isinstance(logged_in, LoggedIn)
    assert logged_in.credentials.username == "telit"
    assert logged_in.credentials.proves("public-demo")
    assert not logged_in.credentials.proves("public")


def test_the_challenge_is_repeated_and_others_responses_are_dropped() -> None:
    """Each three seconds, with the same identifier."""
    host = Host(settings(Authentication.CHAP))
    (challenge,) = host.open_lcp()

    host.send(CHAP, control(2, challenge.identifier + 1, b"\x10" + bytes(16) + b"telit"))
    host.send(CHAP, control(2, challenge.identifier, b"\x08" + bytes(8)))

    assert [] == events(host)
    assert [challenge] == host.wait(3)


# IPCP


def test_a_host_that_asks_for_an_address_too_early_is_answered_when_there_is_a_network() -> None:
    """It would ask again only after three seconds, or after six as lwIP does."""
    host = Host()
    host.open_lcp()
    assert [] == host.ask(IPCP, option(3, bytes(4)))

    host.link.bring_up_network(ADDRESSES, host.now)
    request, answer = host.seen()

    assert (REQUEST, NAK) == (request.code, answer.code)
    assert option(3, ADDRESSES.host.packed) == answer.data


def test_the_host_gets_address_and_name_servers() -> None:
    """Zeros ask for them (RFC 1332 3.3, RFC 1877 1.1); what is right is acknowledged."""
    host = Host()
    host.open_lcp()
    host.link.bring_up_network(ADDRESSES, host.now)
    host.seen()

    (answer,) = host.ask(IPCP, option(3, bytes(4)), option(129, bytes(4)), option(131, bytes(4)))

    assert answer.code == NAK
    assert [(each.type, each.data) for each in answer.parsed.options] == [
        (3, "212.195.45.65"),
        (129, "193.189.160.13"),
        (131, "193.189.160.23"),
    ]
    (agreed,) = host.ask(IPCP, answer.data, identifier=2)
    assert (agreed.code, agreed.data) == (ACK, answer.data)
    host.send(IPCP, control(ACK, 1))
    assert NetworkUp() in events(host)


def test_compression_of_headers_and_wins_servers_are_refused() -> None:
    """Van Jacobson's (RFC 1332 4), and 130 and 132 of RFC 1877; the old option of addresses, too."""
    host = Host()
    host.open_lcp()
    host.link.bring_up_network(ADDRESSES, host.now)
    host.seen()
    refused = (option(2, b"\0\x2d\x0f\1"), option(130, bytes(4)), option(132, bytes(4)), option(1, bytes(8)))

    (answer,) = host.ask(IPCP, option(3, bytes(4)), *refused)

    assert (answer.code, answer.data) == (REJECT, b"".join(refused))


def test_a_second_name_server_that_there_is_not_is_refused() -> None:
    """The host goes on with one."""
    host = Host()
    host.open_lcp()
    host.link.bring_up_network(Addresses(ADDRESSES.host, None, ADDRESSES.dns[:1]), host.now)
    host.seen()

    (answer,) = host.ask(IPCP, option(129, bytes(4)), option(131, bytes(4)))

    assert (answer.code, answer.data) == (REJECT, option(131, bytes(4)))


@pytest.mark.parametrize("own", [None, IPv4Address("0.0.0.0")])
def test_the_device_never_shows_an_address_of_zeros(own: IPv4Address | None) -> None:
    """pppd would refuse it; without the option it takes 10.64.64.64."""
    host = Host()
    host.open_lcp()
    host.link.bring_up_network(Addresses(ADDRESSES.host, own, ADDRESSES.dns), host.now)

    (request,) = host.seen()

    assert (request.code, request.data) == (REQUEST, b"")


def test_an_address_of_the_device_is_told_and_may_be_given_by_the_host() -> None:
    """It means nothing to the network, so that the host's wish is followed, but not to zeros."""
    host = Host()
    host.open_lcp()
    host.link.bring_up_network(Addresses(ADDRESSES.host, IPv4Address("10.0.0.1"), ADDRESSES.dns), host.now)
    (request,) = host.seen()
    assert request.data == option(3, b"\x0a\0\0\1")

    host.send(IPCP, control(NAK, request.identifier, option(3, b"\x0a\0\0\2")))
    (request,) = host.seen()
    assert request.data == option(3, b"\x0a\0\0\2")
    host.send(IPCP, control(NAK, request.identifier, option(3, bytes(4))))
    (request,) = host.seen()
    assert request.data == option(3, b"\x0a\0\0\2")
    host.send(IPCP, control(REJECT, request.identifier, request.data))
    (request,) = host.seen()
    assert request.data == b""


def test_packets_pass_both_ways_while_the_network_is_up() -> None:
    """And are lost before and after."""
    host = Host()
    host.send(IPV4, b"early")
    host.link.send_packet(b"early")
    open_network(host)
    host.send(IPV4, b"to the network")
    host.link.send_packet(b"to the host")

    assert [b"to the network"] == host.link.take_packets()
    assert [Seen(IPV4, b"to the host")] == host.seen()
    host.send(IPCP, control(TERMINATE, 9))
    host.seen()
    host.send(IPV4, b"late")
    host.link.send_packet(b"late")
    assert [] == host.link.take_packets()
    assert [] == host.seen()


# Anything


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.tuples(
                st.sampled_from([LCP, IPCP, PAP, CHAP, CCP, IPV4]),
                st.builds(control, st.integers(0, 13), st.integers(0, 3), st.binary(max_size=20)),
            ),
            st.floats(0, 40),
        ),
        max_size=40,
    ),
    st.sampled_from([(), (Authentication.PAP,), (Authentication.CHAP, Authentication.PAP)]),
)
def test_nothing_that_a_host_sends_breaks_the_link(
    sent: list[bytes | tuple[int, bytes] | float], kinds: tuple[Authentication, ...]
) -> None:
    """Each answer is a whole frame, each packet can be described, and a deadline never stays in the past."""
    host = Host(settings(*kinds))
    for part in sent:
        match part:
            case bytes():
                host.link.receive(part, host.now)
            case float():
                host.wait(part)
            case (protocol, information):
                host.send(protocol, information)
        for event in host.link.take_events():
            if isinstance(event, ControlSeen):
                assert describe(event.protocol, event.information)
            elif isinstance(event, LoggedIn):
                host.link.bring_up_network(ADDRESSES, host.now)
        host.seen()
        host.link.take_packets()
        assert host.link.deadline is None or host.link.deadline >= host.now
        assert not host.link.ended or host.link.deadline is None


def test_packets_are_described_in_the_words_of_pppd() -> None:
    """So that the trace reads like the log of a host; names and passwords stay out of it."""
    host = Host(BOTH)
    (request,) = host.seen()

    assert describe(request.protocol, request.information) == (
        "LCP ConfReq id=0x1 <asyncmap 0x0> <auth chap MD5> <magic 0x52525252> <pcomp> <accomp>"
    )
    assert describe(IPCP, control(NAK, 2, option(3, b"\x0a\0\0\1") + option(129, b"x"))) == (
        "IPCP ConfNak id=0x2 <addr 10.0.0.1> <ms-dns1 78>"
    )
    assert describe(LCP, control(PROTOCOL_REJECT, 1, b"\x80\xfd" + control(1, 2))) == (
        "LCP ProtRej id=0x1 CCP ConfReq id=0x2"
    )
    assert describe(PAP, bytes(PPP_PAP_Request(id=4, username=b"telit", password=b"secret"))) == "PAP AuthReq id=0x4"
    assert describe(0x1234, b"abc") == "protocol 0x1234, 3 bytes"
    assert PPP(b"\xc0\x21" + request.information)[PPP].proto == LCP
