"""The transcript: what a person reads of a dialogue."""

import pytest

from emulator.bench import Bench
from emulator.clock import ManualClock
from emulator.trace.events import (
    Accepted,
    CommandMissing,
    ConnectionEnded,
    Defect,
    Dialled,
    Dropped,
    EngineChosen,
    Event,
    FtpSaid,
    GatewayConnection,
    HandshakeMessage,
    HostPresence,
    HostSent,
    HttpSaid,
    ModuleSent,
    Pinged,
    Ready,
    Refused,
    Resolved,
    StateChanged,
    TlsOutcome,
    Unheard,
)
from emulator.trace.trace import Trace
from emulator.trace.transcript import Transcript


def host(mode: str, text: str) -> HostSent:
    return HostSent(terminal="1", mode=mode, text=text, size=len(text))  # type: ignore[arg-type]  # the test's word


def device(mode: str, text: str) -> ModuleSent:
    return ModuleSent(terminal="1", mode=mode, text=text, size=len(text))  # type: ignore[arg-type]  # the test's word


LINES: list[tuple[Event, list[str]]] = [
    (host("command", "AT+CREG?"), ["host    AT+CREG?"]),
    (device("command", "\r\n+CREG: 0,1\r\n\r\nOK\r\n"), ["module  +CREG: 0,1", "module  OK"]),
    (device("command", "\r\n> "), ["module  > "]),
    (device("prompt", "\r\n>>>"), ["module  >>>"]),
    (host("prompt", "a\x00b"), ["host    [prompt, 3 bytes] a<00>b"]),
    (device("online", "x" * 200), [f"module  [online, 200 bytes] {'x' * 160}…"]),
    (HostPresence(terminal="1", present=True), ["port    opened by the host"]),
    (HostPresence(terminal="1", present=False), ["port    closed by the host"]),
    (StateChanged(thing="power", before="off", after="starting"), ["module  [power: off -> starting]"]),
    (Dialled(host="a", port=1, target="b:2", outcome="connected"), ["net     a:1 by way of b:2: connected"]),
    (GatewayConnection(dialled="a:1", back_end="b:2", outcome="refused"), ["gateway a:1 to b:2: refused"]),
    (Dialled(host="a", port=1, target="a:1", outcome="refused"), ["net     a:1: refused"]),
    (Resolved(host="a", outcome="10.0.0.1"), ["net     a: 10.0.0.1"]),
    (Pinged(host="a", target="b", outcome="answered"), ["net     ping a by way of b: answered"]),
    (Pinged(host="a", target="a", outcome="lost"), ["net     ping a: lost"]),
    (Dropped(peer="a"), ["net     a: dropped, no rule of #FRWL admits it"]),
    (Accepted(peer="a", port=1, outcome="connected"), ["net     a to port 1: connected"]),
    (FtpSaid(direction="sent", text="PASS ***"), ["ftp     > PASS ***"]),
    (FtpSaid(direction="received", text="220-a\r\n220 b"), ["ftp     < 220-a", "ftp     < 220 b"]),
    (HttpSaid(direction="sent", text="GET / HTTP/1.1\r\nHost: a"), ["http    > GET / HTTP/1.1", "http    > Host: a"]),
    (HttpSaid(direction="received", text="HTTP/1.1 200 OK"), ["http    < HTTP/1.1 200 OK"]),
    (TlsOutcome(outcome="established", suite="S", resumed=True), ["tls     established S, resumed"]),
    (TlsOutcome(outcome="untrusted: expired"), ["tls     untrusted: expired"]),
    (EngineChosen(engine="native", reason="asked for"), ["tls     native engine: asked for"]),
    (EngineChosen(engine="native", reason="asked for", ssid=2), ["tls     SSId 2: native engine: asked for"]),
    (TlsOutcome(outcome="established", suite="S", ssid=2), ["tls     SSId 2: established S"]),
    (Defect(text="boom"), ["defect  boom"]),
    (
        Refused(terminal="1", command="+CMEE", cause="unknown", reason="value is 7; 0 to 2"),
        ["refused +CMEE: value is 7; 0 to 2"],
    ),
    (Refused(terminal="1", command="", cause=None, reason="too long"), ["refused the line: too long"]),
    (CommandMissing(terminal="1", command="#FOO", lack="no such command", why=""), []),
    (ConnectionEnded(terminal="1", reason="the peer"), ["ended   the peer"]),
    (Unheard(terminal="1", lack="AT", text="hello", size=5), ["host    [ignored, no AT] hello"]),
    (
        Unheard(terminal="1", lack="CR", text="AT\n", size=3),
        ["host    [3 bytes without CR: AT<LF>; a command ends with CR]"],
    ),
    (Unheard(terminal="1", lack="CR", text="A", size=1), ["host    [1 byte without CR: A; a command ends with CR]"]),
    (HandshakeMessage(direction="sent", name="finished", size=12), []),
]


@pytest.mark.parametrize(("event", "lines"), LINES, ids=[type(event).__name__ for event, _ in LINES])
def test_an_event_reads_as_lines_with_time_and_direction(event: Event, lines: list[str]) -> None:
    """What cannot be printed is shown by its number; long data is shortened."""
    written: list[str] = []

    Transcript(written.append)(1.5, event)

    assert [f"       1.500  {line}" for line in lines] == written


def test_the_first_line_says_what_is_less_known() -> None:
    """Of a line that the guide names nothing needs to be said."""
    written: list[str] = []
    transcript = Transcript(written.append)

    transcript(0, Ready(port="/dev/pts/2", firmware="ME310G1-WW@37.00.504", status="public"))
    transcript(0, Ready(port="/dev/pts/2", firmware="HE910@12.00.004", status="documented"))

    assert ["module  [ME310G1-WW@37.00.504: its software line is public]"] == [line[14:] for line in written]


def test_a_column_names_the_instance_as_soon_as_there_are_two() -> None:
    """Of an event that belongs to no instance it is empty."""
    written: list[str] = []
    transcript = Transcript(written.append)

    for event in (
        HostSent(terminal="1", mode="command", text="AT", size=2),
        Ready(port="/dev/pts/2", firmware="HE910", terminal="1.1"),
        HostSent(terminal="1.1", mode="command", text="ATI", size=3),
        HostSent(terminal="1", mode="command", text="ATZ", size=3),
        Defect(text="boom"),
    ):
        transcript(0, event)

    assert [line[14:] for line in written] == [
        "host    AT",
        "host    1.1  ATI",
        "host    1    ATZ",
        "defect       boom",
    ]


async def test_two_ports_have_the_column_from_the_first_line_on() -> None:
    """They are known when the modem starts."""
    written: list[str] = []
    async with Bench("HE910", ports=2, readers=[Transcript(written.append)]) as bench:
        await bench.command("AT+CMEE=7")

    assert written[0][14:] == "port    1  opened by the host"
    assert "refused 1  +CMEE: value is 7; 0 to 2" in [line[14:] for line in written]


def test_a_trace_hands_each_event_with_its_time_to_every_reader() -> None:
    """And is active only with readers, so that nobody pays for what nobody reads."""
    clock, seen = ManualClock(), list[tuple[float, Event]]()
    trace = Trace(clock)
    assert not trace.active
    trace.subscribe(lambda now, event: seen.append((now, event)))
    trace.subscribe(lambda now, event: seen.append((now, event)))
    clock.advance(2)

    trace.emit(Defect(text="x"))

    assert trace.active
    assert seen == [(2.0, Defect(text="x"))] * 2
