"""The native engine against hostile servers: real flights, mutated. It fails by name, or it waits."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.tls.client import FailureCause, TlsEngine, TlsFailure, TlsState
from emulator.tls.native.client import NativeClient
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, ProtocolVersion
from tests.peers.recordings import PLAINTEXT, RECORDED, Recording, record, recording, split_records
from tests.peers.sockets import Wire
from tests.peers.tls_mutations import (
    Mutation,
    apply,
    flip,
    insert_record,
    move_record,
    replace_range,
    splice,
    truncate,
    without_warnings,
)
from tests.peers.tlslite_server import TlsliteServer
from tests.tls.conftest import ENGINES_WITH_SUITES, offering

examples = settings(max_examples=150, deadline=None)
positions = st.integers(0, 1 << 16)
small = st.binary(max_size=40)
versions = st.sampled_from([TLS_1_0, TLS_1_1, TLS_1_2])
sessions = st.sampled_from(RECORDED).map(lambda each: recording(each[1], each[0]))

on_records = st.one_of(
    st.builds(move_record, positions, positions, st.integers(0, 3)),
    st.sampled_from(RECORDED).flatmap(
        lambda each: st.builds(splice, st.just(each[1]), positions, positions, st.just(each[0]))
    ),
    st.builds(insert_record, positions, st.sampled_from([20, 21, 22, 23, 24]), small, versions),
)
on_bytes = st.one_of(
    st.builds(flip, positions, st.integers(1, 255)),
    st.builds(replace_range, positions, st.integers(0, 300), small),
    st.builds(truncate, positions),
)
# Records are moved while the stream still consists of whole ones.
mutations = st.tuples(st.lists(on_records, max_size=2), st.lists(on_bytes, max_size=2)).map(lambda two: two[0] + two[1])
chunk_sizes = st.sampled_from([1, 7, 100, 5000])


def say(client: NativeClient, stream: bytes, chunk: int) -> TlsFailure | None:
    """Let the client hear `stream` in pieces; gives its failure. No other exception is caught."""
    client.data_to_send()
    for start in range(0, len(stream), chunk):
        try:
            client.receive(stream[start : start + chunk])
        except TlsFailure as failure:
            assert client.state is TlsState.FAILED
            return failure
    return None


@examples
@given(sessions, mutations, chunk_sizes)
def test_a_mutated_first_flight_never_opens_a_session(recorded: Recording, changes: list[Mutation], chunk: int) -> None:
    """Whatever becomes of server_hello to server_hello_done, the client fails by name or waits."""
    client = recorded.full_client()
    stream = apply(recorded.full, changes)

    failure = say(client, stream, chunk)

    assert client.state is (TlsState.HANDSHAKING if failure is None else TlsState.FAILED)
    assert client.pending == 0


@examples
@given(sessions, mutations, chunk_sizes)
def test_a_mutated_session_gives_the_server_s_words_or_fails(
    recorded: Recording, changes: list[Mutation], chunk: int
) -> None:
    """A session opens only after the server's true handshake, and what is read is the beginning of what it said."""
    client = recorded.resuming_client()
    stream = apply(recorded.resumed, changes)

    failure = say(client, stream, chunk)

    opened = client.state in (TlsState.OPEN, TlsState.CLOSED) or client.pending > 0
    assert PLAINTEXT.startswith(client.read())
    assert not opened or without_warnings(stream).startswith(recorded.opening)
    assert client.state is not TlsState.FAILED or failure is not None


@examples
@given(st.binary(max_size=400), chunk_sizes)
def test_noise_never_opens_a_session(noise: bytes, chunk: int) -> None:
    """Arbitrary bytes, with nothing of TLS about them."""
    client = recording(CipherSuite.TLS_RSA_WITH_NULL_SHA).full_client()

    say(client, noise, chunk)

    assert client.state in (TlsState.HANDSHAKING, TlsState.FAILED, TlsState.CLOSED)
    assert client.pending == 0


@examples
@given(sessions, st.binary(max_size=2000), chunk_sizes)
def test_records_after_the_handshake_that_no_one_sealed_are_refused(
    recorded: Recording, fragment: bytes, chunk: int
) -> None:
    """Without the keys nothing can be said in an open session."""
    client = recorded.resuming_client()

    failure = say(client, recorded.opening + record(23, fragment, recorded.version), chunk)

    assert failure is not None
    assert (failure.cause, client.pending) == (FailureCause.BAD_RECORD_MAC, 0)


@pytest.mark.parametrize(("version", "suite"), RECORDED)
def test_no_single_bit_of_a_protected_record_can_change(version: ProtocolVersion, suite: CipherSuite) -> None:
    """Each byte of the server's Finished and first data record, flipped one by one, ends the session by its MAC."""
    recorded = recording(suite, version)
    stream = b"".join(split_records(recorded.resumed)[:4])
    clear = b"".join(split_records(recorded.resumed)[:2])
    for position in range(len(clear), len(stream)):
        if position - len(clear) < 5 or 0 <= position - len(recorded.opening) < 5:
            continue  # a record's header: its length asks for more bytes, which is no failure yet
        failure = say(recorded.resuming_client(), flip(position, 1)(stream), len(stream))

        assert failure is not None
        assert failure.cause is FailureCause.BAD_RECORD_MAC


@pytest.mark.parametrize("position", [0, 3, 5, 6, 11, 20, -1])
@pytest.mark.parametrize(("engine", "suite"), ENGINES_WITH_SUITES)
def test_a_server_s_last_flight_cannot_change(engine: TlsEngine, suite: CipherSuite, position: int) -> None:
    """Change_cipher_spec and finished of a live full handshake, changed on their way, never open the session."""
    with TlsliteServer([suite]) as server:
        wire = Wire(engine, server.port, offering(suite))
        wire.flush()
        flight = b""
        while not flight.endswith(b"\x0e\x00\x00\x00"):  # server_hello_done
            flight += wire.socket.recv(65536)
        wire.client.receive(flight)
        wire.flush()
        last = b""
        while len(split_records(last)) < 2 or len(b"".join(split_records(last))) > len(last):
            last += wire.socket.recv(65536)
        altered = flip(position % len(last), 0x20)(last)

        with pytest.raises(TlsFailure):
            wire.client.receive(altered)
            wire.client.receive(b"")  # the server has no more to say: still waiting is a failure too

        assert wire.client.state is TlsState.FAILED
        wire.close()


@pytest.mark.parametrize(
    "announced",
    [pytest.param(1 << 16, id="the longest that is taken"), pytest.param((1 << 24) - 1, id="the longest there is")],
)
def test_memory_stays_bounded_whatever_is_announced(announced: int) -> None:
    """Of a message that never ends no more is kept than the longest that is taken."""
    recorded = recording(CipherSuite.TLS_RSA_WITH_NULL_SHA)
    header = b"\x0b" + announced.to_bytes(3, "big")
    endless = split_records(recorded.full)[0] + record(22, header + bytes(16000)) + record(22, bytes(16000)) * 200
    client = recorded.full_client()
    tracemalloc.start()
    try:
        failure = say(client, endless, 4096)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert failure is not None
    assert (failure.cause, peak < 500_000) == (FailureCause.BAD_MESSAGE, True)


@pytest.mark.parametrize(("version", "suite"), RECORDED)
def test_what_is_mutated_here_is_right_when_it_is_not(version: ProtocolVersion, suite: CipherSuite) -> None:
    """Said without a change, the recordings open sessions: the tests above do not pass for want of a handshake."""
    recorded = recording(suite, version)
    full, resuming = recorded.full_client(), recorded.resuming_client()

    failures = say(full, recorded.full, 5000), say(resuming, recorded.resumed, 5000)

    assert failures == (None, None)
    assert (full.state, len(split_records(full.data_to_send()))) == (TlsState.HANDSHAKING, 4)
    assert (resuming.state, resuming.read()) == (TlsState.CLOSED, PLAINTEXT)
