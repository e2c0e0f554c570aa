"""Steps in the midst of an answer: pieces, pauses, bytes one by one."""

import re
from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import ALWAYS, REST, TELLING, At, answers, chosen
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census

_PIECES = Kind(
    "answer in two pieces",
    Nature.VARIATION,
    "V.250 5.7, TIA-602 2.7: up to 100 ms of idle line between the characters of a response",
)
_PAUSE = Kind(
    "pause between two lines",
    Nature.VARIATION,
    "V.250 5.7: information text and result code are responses of their own, each with its header and trailer",
)
_DRIBBLE = Kind(
    "answer byte by byte",
    Nature.VARIATION,
    "Software User Guide 2.5: +IPR goes down to 300 bit/s, where a byte takes 33 ms",
)
_DATA = Kind(
    "data mode in two pieces",
    Nature.VARIATION,
    "RFC 9293 3.8: TCP keeps no boundaries, and so a host may read any part of the data by itself",
)
KINDS = (_PIECES, _PAUSE, _DRIBBLE, _DATA)

_IDLE = 0.1
"""Seconds between the two pieces."""
_BETWEEN_LINES = 1.0
_SLOWEST_BYTE = 0.033
_LONGEST_DRIBBLE = 2.0
"""Seconds: a long answer comes at a higher speed."""
_MOST = 48
"""Bytes of one answer at which it is cut."""
_RESULT = re.compile(rb"OK|ERROR|NO CARRIER|CONNECT|RING")
"""What a host might take for a result in data."""
_MOST_IN_DATA = 12
_READ_ALONE = 0.5
"""Seconds until the rest of the data comes."""


def steps(census: Census) -> Iterator[Step]:
    """Yield an answer in two pieces, at any byte; with a pause between two lines; byte by byte."""
    for at in answers(census):
        yield from _cut(at)
        for byte in at.answer.between:
            tier = at.tier if byte == at.answer.between[-1] else REST
            late = at.fault("bytes-late", **at.answer.place(byte), duration=_BETWEEN_LINES, **ALWAYS)
            yield _PAUSE.step(
                at.command,
                at.occurrence,
                late,
                lasts=_BETWEEN_LINES * at.remaining,
                tier=tier,
                detail=f"after byte {byte}",
            )
        yield _dribble(at)
        if at.answer.opens_data_mode:
            yield from _data(at)


def _cut(at: At) -> Iterator[Step]:
    """Cut the answer at each byte; first within the first line and within the final result."""
    answer = at.answer
    telling = {answer.final_at + len("\r\nO")} if answer.final else set()
    if answer.texts:
        start, text = answer.texts[0]
        telling.add(start + len(text) // 2)
    positions = [*range(1, answer.size)]
    for byte in sorted({*chosen(positions, _MOST), *(telling & set(positions))}):
        tier = at.tier if byte in telling else REST
        late = at.fault("bytes-late", **at.answer.place(byte), duration=_IDLE)
        yield _PIECES.step(at.command, at.occurrence, late, lasts=_IDLE, tier=tier, detail=f"after byte {byte}")


def _data(at: At) -> Iterator[Step]:
    """Cut the data before what looks like a result, and in the middle."""
    begin, data = at.answer.size, at.passed.data
    telling = [match.start() for match in _RESULT.finditer(data, begin) if match.start() > begin][:_MOST_IN_DATA]
    middle = (begin + len(data)) // 2
    for byte in sorted({*telling, *([middle] if begin < middle < len(data) else [])}):
        late = at.fault("bytes-late", **at.answer.place(byte), duration=_READ_ALONE)
        tier = at.tier if byte in telling else REST
        detail = f"after byte {byte - begin} of the data"
        yield _DATA.step(at.command, at.occurrence, late, lasts=_READ_ALONE, tier=tier, detail=detail)


def _dribble(at: At) -> Step:
    size = at.answer.size
    pause = round(min(_SLOWEST_BYTE, _LONGEST_DRIBBLE / size), 4)
    late = at.fault("bytes-late", byte=0, count=size, duration=pause, **ALWAYS)
    tier = TELLING if at.is_first else REST
    return _DRIBBLE.step(
        at.command, at.occurrence, late, lasts=pause * size * at.remaining, tier=tier, detail=f"{size} bytes"
    )
