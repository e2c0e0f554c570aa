"""TCP as RFC 9293 wants it, segment by segment; the segments of the host are made by scapy."""

import pytest

from emulator.ip.stack import MOST_CONNECTIONS, TcpRequested
from emulator.ip.tcp.changes import TcpChange
from emulator.ip.tcp.connection import GIVE_UP, TIME_WAIT
from emulator.ip.tcp.incoming import CAPACITY
from emulator.ip.tcp.outgoing import HIGH_MARK
from tests.ip.scripted_host import ScriptedHost
from tests.ip.wire import ICMP, Raw, built, read, tcp


@pytest.fixture
def host() -> ScriptedHost:
    return ScriptedHost()


@pytest.fixture
def opened(host: ScriptedHost) -> ScriptedHost:
    host.open()
    return host


# 3.10.7.1: no connection.


@pytest.mark.parametrize(
    ("flags", "data", "expected"),
    [
        ("A", b"", ["R 77"]),
        ("FA", b"", ["R 77"]),
        ("SA", b"", ["R 77"]),
        ("PA", b"data", ["R 77"]),
        ("", b"data", ["RA 0 ack 4"]),
        ("F", b"", ["RA 0 ack 1"]),
        ("R", b"", []),
        ("RA", b"", []),
        ("SR", b"", []),
    ],
)
def test_a_segment_of_no_connection_is_reset(host: ScriptedHost, flags: str, data: bytes, expected: list[str]) -> None:
    """With the numbers that the host expects; a reset is not answered."""
    assert expected == host.say(flags, 0, 77, data)
    assert host.events == []


# 3.10.7.2 and 3: until the peer has answered, and the handshake.


def test_a_request_is_answered_when_the_peer_has_answered(host: ScriptedHost) -> None:
    """Not before: the host repeats it, and is told the truth then."""
    assert [[], []] == [host.say("S"), host.say("S")]
    assert ["SA 0 ack 1"] == host.do("accept")
    assert host.say("A", 1, 1) == []
    assert ("established", [TcpChange.OPENED]) == (host.state, host.changes)
    assert sum(isinstance(event, TcpRequested) for event in host.events) == 1


def test_the_answer_names_the_size_of_segments(host: ScriptedHost) -> None:
    host.stack.receive(host.segment("S"), 0)
    host.heard()
    host.connection.accept()
    host.stack.touch(host.connection)

    (answer,) = host.stack.take_output(0)

    assert [("MSS", 1460)] == read(answer)["TCP"].options


def test_a_refusal_is_a_reset(host: ScriptedHost) -> None:
    host.say("S")

    assert ["RA 0 ack 1"] == host.do("refuse")
    assert ("closed", ()) == (host.state, host.stack.connections)


def test_a_request_that_is_forgotten_can_be_repeated(host: ScriptedHost) -> None:
    """The next SYN is a new attempt."""
    host.say("S")
    assert host.do("forget") == []

    host.say("S")

    assert sum(isinstance(event, TcpRequested) for event in host.events) == 2


@pytest.mark.parametrize(("seq", "changes"), [(0, [TcpChange.RESET]), (1, [TcpChange.RESET]), (2, [])])
def test_a_host_gives_its_request_up(host: ScriptedHost, seq: int, changes: list[TcpChange]) -> None:
    """A reset with another number is somebody else's."""
    host.say("S")
    assert host.say("R", seq) == []
    assert changes == host.changes


def test_an_acknowledgement_of_nothing_is_reset(host: ScriptedHost) -> None:
    """Before our SYN, and of something else than our SYN."""
    host.say("S")
    assert ["R 9"] == host.say("A", 1, 9)
    host.do("accept")
    assert ["R 9", "R 0"] == [*host.say("A", 1, 9), *host.say("A", 1, 0)]
    assert host.state == "SYN received"


def test_a_request_that_is_repeated_after_the_answer_is_answered_again(host: ScriptedHost) -> None:
    host.say("S")
    host.do("accept")

    assert ["SA 0 ack 1"] == host.say("S")


def test_a_host_that_has_begun_anew_replaces_its_request(host: ScriptedHost) -> None:
    """The same ports with another number: the old attempt is over."""
    host.say("S")
    host.say("S", 5000)

    assert [TcpChange.RESET] == host.changes
    assert ["SA 0 ack 5001"] == host.do("accept")


def test_our_synchronization_is_repeated_and_given_up(host: ScriptedHost) -> None:
    """After 3, 6, 12 … seconds."""
    host.say("S")
    host.do("accept")

    seen = host.wait(400)

    assert [3, 9, 21, 45, 93, 153] == [when for when, text in seen if text == "SA 0 ack 1"]
    assert [TcpChange.GIVEN_UP] == host.changes
    assert (213, "RA 1 ack 1") == seen[-1]
    assert host.stack.connections == ()


def test_data_can_come_with_the_last_segment_of_the_handshake(host: ScriptedHost) -> None:
    host.say("S")
    host.do("accept")

    assert ["A 1 ack 5"] == host.say("PA", 1, 1, b"data")
    assert host.connection.read() == b"data"


def test_what_the_peer_says_first_waits_for_the_handshake(host: ScriptedHost) -> None:
    """Its end, too."""
    host.say("S")
    host.do("accept")
    assert host.do("send", "finish", data=b"hello") == []

    assert ["FPA 1 ack 1 +5"] == host.say("A", 1, 1)
    assert host.state == "FIN wait 1"


# 3.10.7.4: sequence numbers.


@pytest.mark.parametrize(
    ("seq", "size", "expected"),
    [
        (1, 4, ["A 1 ack 5"]),
        (0, 4, ["A 1 ack 4"]),
        (2, 4, ["A 1 ack 1"]),
        (-4, 4, ["A 1 ack 1"]),
        (CAPACITY + 1, 4, ["A 1 ack 1"]),
        (CAPACITY, 4, ["A 1 ack 1"]),
        (1, 0, []),
        (0, 0, ["A 1 ack 1"]),
        (CAPACITY, 0, []),
        (CAPACITY + 1, 0, ["A 1 ack 1"]),
    ],
)
def test_a_segment_out_of_the_window_is_acknowledged(
    opened: ScriptedHost, seq: int, size: int, expected: list[str]
) -> None:
    """Table 6 of 3.4: what lies in the window is taken, what has come before its turn is kept."""
    assert expected == opened.say("PA", seq, 1, b"x" * size)


def test_a_keep_alive_is_answered(opened: ScriptedHost) -> None:
    """With or without a byte of garbage (3.8.4)."""
    assert ["A 1 ack 1"] == opened.say("A", 0, 1)
    opened.now += 60
    assert ["A 1 ack 1"] == opened.say("A", 0, 1, b"\0")
    assert opened.connection.readable == 0


def test_two_ends_do_not_acknowledge_each_other_for_ever(opened: ScriptedHost) -> None:
    """Segments without data out of the window are answered only so often."""
    answers = [opened.say("A", -5, 1) for _ in range(10)]

    assert [1, *[0] * 9] == [len(each) for each in answers]


@pytest.mark.parametrize(
    ("seq", "expected", "changes"),
    [(1, [], [TcpChange.RESET]), (2, ["A 1 ack 1"], []), (0, [], []), (CAPACITY + 1, [], [])],
)
def test_only_a_reset_with_the_next_number_resets(
    opened: ScriptedHost, seq: int, expected: list[str], changes: list[TcpChange]
) -> None:
    """One elsewhere in the window is challenged (RFC 5961 3)."""
    assert expected == opened.say("R", seq)
    assert changes == opened.changes[1:]


@pytest.mark.parametrize("flags", ["S", "SA"])
def test_a_request_within_a_connection_is_challenged(opened: ScriptedHost, flags: str) -> None:
    """RFC 5961 4: it may be somebody else's."""
    assert ["A 1 ack 1"] == opened.say(flags, 5, 1)
    assert opened.state == "established"


def test_what_was_never_sent_cannot_be_acknowledged(opened: ScriptedHost) -> None:
    assert ["A 1 ack 1"] == opened.say("PA", 1, 2, b"data")
    assert opened.connection.readable == 0


def test_a_segment_without_an_acknowledgement_is_dropped(opened: ScriptedHost) -> None:
    assert opened.say("P", 1, 0, b"data") == []
    assert opened.connection.readable == 0


# Data from the host.


def test_data_comes_in_its_order(opened: ScriptedHost) -> None:
    """What is early waits, what comes twice counts once."""
    assert ["A 1 ack 1"] == opened.say("A", 5, 1, b"data")
    assert ["A 1 ack 9"] == opened.say("A", 1, 1, b"some")
    assert ["A 1 ack 11"] == opened.say("A", 7, 1, b"ta::")
    assert opened.connection.read() == b"somedata::"


def test_what_is_early_waits_for_all_before_it(opened: ScriptedHost) -> None:
    """Of two early pieces, only the first has its turn."""
    opened.say("A", 5, 1, b"two.")
    opened.say("A", 13, 1, b"four")

    assert ["A 1 ack 9"] == opened.say("A", 1, 1, b"one.")
    assert ["A 1 ack 17"] == opened.say("A", 9, 1, b"tre.")
    assert opened.connection.read() == b"one.two.tre.four"


def test_the_window_shows_what_is_not_read(opened: ScriptedHost) -> None:
    """It closes, takes nothing, and opens again by a good piece once it is read."""
    for number in range(0, CAPACITY, 1024):
        opened.say("A", 1 + number, 1, b"x" * 1024)
    assert [f"A 1 ack {CAPACITY + 1}"] == opened.say("A", CAPACITY + 1, 1, b"y")
    assert CAPACITY == opened.connection.readable

    assert [f"A 1 ack {CAPACITY + 1}"] == opened.do("read")
    assert [f"A 1 ack {CAPACITY + 2}"] == opened.say("A", CAPACITY + 1, 1, b"y")


def test_a_window_that_opens_a_little_is_not_told(opened: ScriptedHost) -> None:
    """The silly window syndrome (3.8.6.2.2)."""
    opened.say("A", 1, 1, b"x" * 100)

    assert opened.do("read") == []


def test_an_acknowledgement_counts_while_the_window_is_closed(opened: ScriptedHost) -> None:
    """The data beside it does not."""
    opened.do("send", data=b"abc")
    for number in range(0, CAPACITY, 1024):
        opened.say("A", 1 + number, 1, b"x" * 1024)
    opened.say("A", CAPACITY + 1, 4, b"probe")

    assert (0, CAPACITY) == (opened.connection.unsent, opened.connection.readable)


# Data to the host.


def test_segments_are_as_large_as_the_host_wants(opened: ScriptedHost) -> None:
    assert ["A 1 ack 1 +1000", "A 1001 ack 1 +1000", "PA 2001 ack 1 +500"] == opened.do("send", data=bytes(2500))


@pytest.mark.parametrize(
    ("options", "mtu", "size"),
    [([], 1500, 536), ([("MSS", 9000)], 1500, 1460), ([("MSS", 1460)], 576, 536), ([("MSS", 1)], 1500, 64)],
)
def test_the_size_is_536_unless_the_host_names_another(options: list[tuple[str, int]], mtu: int, size: int) -> None:
    """Nor more than the link takes, nor so little that each byte has a packet."""
    host = ScriptedHost(mtu)
    host.open(options=options)

    assert f"A 1 ack 1 +{size}" == host.do("send", data=bytes(4000))[0]


def test_no_more_goes_than_the_window_takes(host: ScriptedHost) -> None:
    """The rest goes as it opens."""
    host.open(window=2500)
    assert ["A 1 ack 1 +1000", "A 1001 ack 1 +1000"] == host.do("send", data=bytes(4000))
    assert host.say("A", 1, 1001, window=1400) == []
    assert ["A 2001 ack 1 +1000"] == host.say("A", 1, 2001, window=1500)
    assert ["PA 3001 ack 1 +1000"] == host.say("A", 1, 3001, window=2500)


def test_an_old_segment_does_not_change_the_window(host: ScriptedHost) -> None:
    """3.10.7.4: SND.WL1 and SND.WL2."""
    host.open(window=1000)
    host.say("A", 1, 1, b"newer", window=3000)
    host.say("A", 1, 1, window=500)

    assert 3 == len(host.do("send", data=bytes(3000)))


def test_what_is_on_the_way_grows_with_what_arrives(opened: ScriptedHost) -> None:
    """So that a slow line does not hold more than its timeout knows of; a loss begins it anew (RFC 5681 3.1)."""
    assert 4 == len(opened.do("send", data=bytes(30000)))
    assert 4 == len(opened.say("A", 1, 2001))
    assert 12 == len(opened.say("A", 1, 8001))
    assert 1 == len(opened.wait(3.5))
    assert 2 == len(opened.say("A", 1, 9001))


def test_a_closed_window_is_probed(host: ScriptedHost) -> None:
    """More and more seldom, for as long as the host answers, and never more than a byte."""
    host.open(window=1000)
    host.do("send", data=bytes(1500))
    host.say("A", 1, 1001, window=0)
    for _ in range(12):
        assert ["A 1001 ack 1 +1"] == [text for _, text in host.wait(61)][-1:]
        assert host.say("A", 1, 1001, window=0) == []

    assert ["PA 1001 ack 1 +500"] == host.say("A", 1, 1001, window=1000)


def test_a_window_that_stays_small_is_used_in_the_end(host: ScriptedHost) -> None:
    """Not at once: small segments would stay small (3.8.6.2.1)."""
    host.open(window=4000)
    host.do("send", data=bytes(4000))
    host.say("A", 1, 4001, window=10)
    assert host.do("send", data=bytes(100)) == []

    assert [(3.0, "A 4001 ack 1 +10")] == host.wait(3.5)


def test_what_is_not_acknowledged_is_repeated(opened: ScriptedHost) -> None:
    """After 3, 6, 12 … seconds, one segment at a time; what follows goes once that has arrived."""
    opened.do("send", data=bytes(2500))

    assert [(3.0, "A 1 ack 1 +1000"), (9.0, "A 1 ack 1 +1000"), (21.0, "A 1 ack 1 +1000")] == opened.wait(22)
    assert ["A 1001 ack 1 +1000", "PA 2001 ack 1 +500"] == opened.say("A", 1, 1001)
    assert opened.say("A", 1, 2501) == []
    assert opened.wait(600) == []


def test_the_timeout_follows_the_round_trip(opened: ScriptedHost) -> None:
    """RFC 6298 2.2: one measured trip of R seconds gives R + 4 * R / 2."""
    opened.do("send", data=b"a")
    opened.now += 1.5
    opened.say("A", 1, 2)
    assert [(4.5, "PA 2 ack 1 +1")] == [opened.do("send", data=b"b"), opened.wait(5)][1]


def test_a_repeated_segment_measures_nothing(opened: ScriptedHost) -> None:
    """Karn: nobody knows which of the two is acknowledged. The timeout stays as it was doubled."""
    opened.do("send", data=b"a")
    opened.wait(3.5)
    opened.say("A", 1, 2)
    opened.do("send", data=b"b")

    assert [6.0] == [when for when, _ in opened.wait(7)]


def test_three_equal_acknowledgements_tell_of_a_loss(opened: ScriptedHost) -> None:
    """RFC 5681 3.2: no timeout is needed, and the fourth does not repeat it again."""
    opened.do("send", data=bytes(4000))
    answers = [opened.say("A", 1, 1) for _ in range(5)]

    assert [[], [], ["A 1 ack 1 +1000"], [], []] == answers
    assert opened.say("A", 1, 4001) == []


def test_acknowledgements_that_say_something_else_tell_of_no_loss(opened: ScriptedHost) -> None:
    """Another window, or data."""
    opened.do("send", data=bytes(4000))
    answers = [opened.say("A", 1, 1, window=60000 - number) for number in range(5)]
    answers += [opened.say("A", 1 + number, 1, b"x") for number in range(5)]

    assert not [text for answer in answers for text in answer if "+" in text]


def test_a_host_that_acknowledges_nothing_is_given_up(opened: ScriptedHost) -> None:
    """It is told so, should it live on."""
    opened.do("send", data=b"a")
    seen = opened.wait(400)

    assert GIVE_UP <= seen[-1][0] < GIVE_UP + 120
    assert ("RA 2 ack 1", TcpChange.GIVEN_UP) == (seen[-1][1], opened.changes[-1])


def test_the_sender_has_to_wait_when_the_host_takes_little(opened: ScriptedHost) -> None:
    """Above the high mark, until the low one."""
    opened.do("send", data=bytes(HIGH_MARK + 1))
    assert opened.connection.congested
    for number in range(4001, 20002, 4000):
        opened.say("A", 1, number)
    assert opened.connection.congested
    opened.say("A", 1, HIGH_MARK)
    assert (False, TcpChange.WRITABLE) == (opened.connection.congested, opened.changes[-1])


def test_while_the_line_is_full_nothing_but_acknowledgements_goes(opened: ScriptedHost) -> None:
    """Nor is anything repeated; afterwards the timeout begins anew."""
    opened.do("send", data=bytes(1000))
    opened.stack.paused = True
    assert opened.do("send", data=b"more") == []
    assert ["A 1001 ack 5"] == opened.say("A", 1, 1, b"data")
    assert opened.wait(30) == []

    opened.stack.resume()

    assert ["PA 1001 ack 5 +4"] == opened.heard()
    assert [3.0] == [when for when, _ in opened.wait(3.5)]


def test_numbers_wrap() -> None:
    """In the middle of the data."""
    wrapping = ScriptedHost(start=2**32 - 3)
    wrapping.open()

    assert ["A 1 ack 11"] == wrapping.say("A", 1, 1, b"0123456789")
    assert wrapping.connection.read() == b"0123456789"


# The end.


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        pytest.param(
            ["host ends", "peer ends", "host acknowledges"],
            ["close wait", "last ACK", "closed"],
            id="the host ends first",
        ),
        pytest.param(
            ["peer ends", "host acknowledges", "host ends"],
            ["FIN wait 1", "FIN wait 2", "time wait"],
            id="the peer ends first",
        ),
        pytest.param(
            ["peer ends", "host ends without acknowledging", "host acknowledges"],
            ["FIN wait 1", "closing", "time wait"],
            id="both at once",
        ),
        pytest.param(["peer ends", "host acknowledges and ends"], ["FIN wait 1", "time wait"], id="three segments"),
    ],
)
def test_a_connection_ends(opened: ScriptedHost, steps: list[str], states: list[str]) -> None:
    """Figures 12 and 13 of RFC 9293."""
    actions = {
        "peer ends": lambda: opened.do("finish"),
        "host ends": lambda: opened.say("FA", 1, 2 if opened.state == "FIN wait 2" else 1),
        "host ends without acknowledging": lambda: opened.say("FA", 1, 1),
        "host acknowledges": lambda: opened.say("A", 1 if opened.state == "FIN wait 1" else 2, 2),
        "host acknowledges and ends": lambda: opened.say("FA", 1, 2),
    }
    seen = []
    for step in steps:
        actions[step]()
        seen.append(opened.state)

    assert states == seen
    assert TcpChange.CLOSED == opened.changes[-1]


def test_a_host_that_has_ended_hears_the_rest(opened: ScriptedHost) -> None:
    assert ["A 1 ack 2"] == opened.say("FA", 1, 1)
    assert ["PA 1 ack 2 +4"] == opened.do("send", data=b"rest")
    assert ["FA 5 ack 2"] == opened.do("finish")
    assert opened.say("A", 2, 6) == []
    assert ("closed", ()) == (opened.state, opened.stack.connections)


def test_a_peer_that_has_ended_hears_the_rest(opened: ScriptedHost) -> None:
    assert ["FA 1 ack 1"] == opened.do("finish")
    assert ["A 2 ack 5"] == opened.say("A", 1, 2, b"rest")
    assert opened.connection.read() == b"rest"


def test_an_end_that_comes_early_waits_for_its_turn(opened: ScriptedHost) -> None:
    """The data before it is missing."""
    opened.say("FA", 5, 1, b"data")
    assert TcpChange.ENDED not in opened.changes
    assert ["A 1 ack 10"] == opened.say("A", 1, 1, b"some")
    assert [TcpChange.OPENED, TcpChange.READABLE, TcpChange.ENDED] == opened.changes


def test_our_end_is_repeated(opened: ScriptedHost) -> None:
    opened.do("finish")

    assert [(3.0, "FA 1 ack 1"), (9.0, "FA 1 ack 1")] == opened.wait(10)


def test_nothing_can_be_sent_after_the_end(opened: ScriptedHost) -> None:
    opened.do("finish")

    assert opened.do("send", "finish", data=b"late") == []


def test_the_end_of_a_host_that_is_repeated_is_acknowledged_again(opened: ScriptedHost) -> None:
    """Its acknowledgement was lost: in time wait, and before."""
    opened.do("finish")
    opened.say("FA", 1, 2)
    opened.now += TIME_WAIT - 1

    assert ["A 2 ack 2"] == opened.say("FA", 1, 2)
    assert opened.wait(TIME_WAIT - 1) == []
    assert "time wait" == opened.state
    opened.wait(2)
    assert opened.stack.connections == ()


@pytest.mark.parametrize(("seq", "opens"), [(500, True), (1, False), (-500, False)])
def test_the_same_ports_can_be_used_again(opened: ScriptedHost, seq: int, opens: bool) -> None:
    """During time wait, by a later number (3.6.1)."""
    opened.do("finish")
    opened.say("FA", 1, 2)

    opened.say("S", seq)

    assert opens == (sum(isinstance(event, TcpRequested) for event in opened.events) == 2)


def test_a_reset_of_the_peer_goes_to_the_host(opened: ScriptedHost) -> None:
    """With the number behind all that has been sent; what was not sent is dropped."""
    opened.do("send", data=bytes(100))
    opened.connection.send(bytes(10))

    assert ["RA 101 ack 1"] == opened.do("abort")
    assert opened.stack.connections == ()
    assert ["R 101"] == opened.say("A", 1, 101)


def test_a_connection_that_is_closed_is_not_reset(opened: ScriptedHost) -> None:
    opened.say("R", 1)

    assert opened.do("abort", "finish", "send", "forget") == []


def test_only_so_many_connections_are_held(host: ScriptedHost) -> None:
    """One more is not heard; one that waits for repeated segments gives way."""
    for port in range(MOST_CONNECTIONS + 1):
        host.say("S", sport=2000 + port)
    assert MOST_CONNECTIONS == len(host.stack.connections)

    host.do("accept", "finish")
    host.say("A", 1, 1, sport=2000 + MOST_CONNECTIONS - 1)
    host.say("FA", 1, 2, sport=2000 + MOST_CONNECTIONS - 1)
    assert host.state == "time wait"
    host.say("S", sport=2000 + MOST_CONNECTIONS)

    assert (MOST_CONNECTIONS, "requested") == (len(host.stack.connections), host.state)


# The router.


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(tcp("S")[:-1], id="cut"),
        pytest.param(tcp("S", chksum=1), id="checksum"),
        pytest.param(tcp("S").replace(bytes([10, 1, 1, 2]), bytes([10, 1, 1, 3])), id="somebody else's address"),
    ],
)
def test_what_cannot_be_from_the_host_is_dropped(host: ScriptedHost, packet: bytes) -> None:
    host.stack.receive(packet, 0)

    assert ([], []) == (host.heard(), host.events)


def test_other_messages_of_icmp_are_ignored(host: ScriptedHost) -> None:
    """Errors and replies: nothing here waits for them."""
    host.stack.receive(built(ICMP(type=3, code=3), Raw(b"quoted..")), 0)
    host.stack.receive(built(ICMP(type=0), Raw(b"nobody has asked")), 0)

    assert ([], []) == (host.heard(), host.events)


def test_a_timer_that_comes_early_does_nothing(opened: ScriptedHost) -> None:
    opened.do("send", data=b"a")
    opened.connection.expire(opened.now, paused=False)

    assert opened.do() == []


def test_an_unknown_protocol_is_told_so(host: ScriptedHost) -> None:
    host.stack.receive(built(Raw(b"payload!"), proto=132), 0)
    (answer,) = host.stack.take_output(0)

    assert (3, 2) == (read(answer)[ICMP].type, read(answer)[ICMP].code)
