"""The transcript: what a person reads of a dialogue."""

import pytest

from emulator.clock import ManualClock
from emulator.trace.events import (
    Accepted,
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
    Resolved,
    StateChanged,
    TlsOutcome,
    Trace,
)
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
    (Defect(text="boom"), ["defect  boom"]),
    (HandshakeMessage(direction="sent", name="finished", size=12), []),
]


@pytest.mark.parametrize(("event", "lines"), LINES, ids=[type(event).__name__ for event, _ in LINES])
def test_an_event_reads_as_lines_with_time_and_direction(event: Event, lines: list[str]) -> None:
    """What cannot be printed is shown by its number; long data is shortened."""
    written: list[str] = []

    Transcript(written.append)(1.5, event)

    assert [f"       1.500  {line}" for line in lines] == written


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
