"""Random talks with an emulated module: written the same however the bytes are cut, and they play."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from emulator.bench import Bench
from emulator.options import ModemOptions
from emulator.recording.chunk import Chunk, Side
from tests.recording.closed_loop import replay, write

FIRMWARE = "HE910"
TALKS: Sequence[Sequence[bytes]] = (
    [b"AT\r"],
    [b"AT\r\n"],
    [b"ATE0\r"],
    [b"ATE1\r"],
    [b"ATV0\r"],
    [b"ATV1\r"],
    [b"ATQ1\r"],
    [b"ATQ0\r"],
    [b"ATZ\r"],
    [b"AT&F\r"],
    [b"at+csq;+cgsn\r"],
    [b"A/"],
    [b"AT+CMEE=2\rAT+CREG?\r"],
    [b"AT+CREG=2;+CREG?\r"],
    [b"AT+NONSENSE=1\r"],
    [b"AT+CP", b"IN?\r"],
    [b"\xff\x00\xfe", b"AT\r"],
    [b"AT+CMGF=1\r", b'AT+CMGS="+393331234567"\r', b"Call +393331234567, <CR> {number}\x1a"],
    [b"AT+CMGF=0\r", b"AT+CMGS=10\r", b"\x1b"],
    [b'AT+CPBW=1,"+393337654321",145,"A, B"\r', b"AT+CPBR=1\r"],
    [b"AT#SSLEN=1,1\r", b"AT#SSLSECDATA=1,1,1,4\r", b"1\x002\xff"],
    [b"ATD*99***1#\r", b"+++", b"ATH\r"],
    [b"AT#SGACT?\r", b"+++", b"AT+COPS?\r"],
)
URCS = (b"\r\n+CREG: 2\r\n", b'\r\n+CREG: 1,"55FA","12EB"\r\n', b"\r\n#QSS: 1\r\n")


async def talk(writes: Sequence[bytes]) -> list[Chunk]:
    """Say this to a new module; return what passes."""
    chunks = []
    async with Bench(FIRMWARE, echo=True) as bench:
        for data in writes:
            if data == b"+++":
                await bench.advance(1.1)
            bench.send(data)
            chunks.append(Chunk(Side.HOST, data, bench.clock.now()))
            for _ in range(20 if data == b"+++" else 2):
                await bench.advance(0.1)
                if heard := bench.read().encode("latin-1"):
                    chunks.append(Chunk(Side.MODULE, heard, bench.clock.now()))
    return chunks


def with_urcs(chunks: Sequence[Chunk], places: Sequence[tuple[int, bytes]]) -> list[Chunk]:
    """Put URCs behind complete answers."""
    told = list(chunks)
    for place, urc in places:
        index = place % len(told)
        before = told[index]
        if before.side is Side.MODULE and before.data.endswith(b"OK\r\n"):
            told.insert(index + 1, Chunk(Side.MODULE, urc, before.at))
    return told


def cut(chunks: Sequence[Chunk], places: Sequence[int]) -> Iterator[Chunk]:
    """Cut chunks into pieces that come at the same time."""
    for chunk in chunks:
        ends = sorted({0, len(chunk.data), *(place % (len(chunk.data) + 1) for place in places)})
        yield from (Chunk(chunk.side, chunk.data[start:end], chunk.at) for start, end in pairwise(ends))


@settings(max_examples=50, deadline=None)
@given(
    talks=st.lists(st.sampled_from(TALKS), min_size=1, max_size=8),
    urcs=st.lists(st.tuples(st.integers(0, 100), st.sampled_from(URCS)), max_size=3),
    cuts=st.lists(st.integers(0, 1000), max_size=6),
)
@example(talks=[TALKS[6], TALKS[18], TALKS[17]], urcs=[], cuts=[])  # silent behind an entry
@example(talks=[TALKS[6], TALKS[18], TALKS[14]], urcs=[], cuts=[])  # an echo alone, of a command with a secret
@example(talks=[TALKS[20], TALKS[19], TALKS[17]], urcs=[], cuts=[])  # commands that an unfinished entry takes
def test_a_talk_is_written_the_same_however_it_is_cut_and_plays(
    talks: list[Sequence[bytes]],
    urcs: list[tuple[int, bytes]],
    cuts: list[int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """With URCs anywhere between the answers, and without what belongs to the module or a person."""
    folder: Path = tmp_path_factory.mktemp("talk")
    chunks = with_urcs(asyncio.run(talk([data for one in talks for data in one])), urcs)

    whole = write(chunks, folder / "recorded.txt", FIRMWARE)
    pieces = write(list(cut(chunks, cuts)), folder / "recorded.txt", FIRMWARE)

    assert pieces == whole
    assert [number for number in ("001023000000019", "3331234567", "3337654321") if number in whole] == []
    asyncio.run(replay(folder / "recorded.txt", ModemOptions(FIRMWARE)))
