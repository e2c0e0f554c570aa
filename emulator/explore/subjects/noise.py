"""Steps on a noisy line: bytes of answers are lost, doubled or damaged; what the host sends as data is left alone."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, At, answers
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census

_LOST = Kind(
    "bytes lost", Nature.NOISE, "V.250 6.2.12: with +IFC=0,0 nothing stops the sender while a receiver overruns"
)
_DOUBLED = Kind(
    "bytes doubled", Nature.NOISE, "DAPLink issue 1023: an adapter between USB and UART that sends some data twice"
)
_GARBLED = Kind(
    "bytes garbled",
    Nature.NOISE,
    "V.250 6.2.11: +ICF=3 is 8N1, without parity, so that bit errors of a line pass unnoticed",
)
KINDS = (_LOST, _DOUBLED, _GARBLED)


def steps(census: Census) -> Iterator[Step]:
    """Yield damage in the result and in the first line of an answer; of a repeated command in its first answer."""
    for at in answers(census):
        if at.is_first and at.answer.final:
            yield from _in_result(at)
            yield from _in_first_line(at)


def _in_result(at: At) -> Iterator[Step]:
    byte, size = at.answer.final_at, at.answer.size - at.answer.final_at
    yield _step(at, _LOST, "bytes-lost", byte, size, TELLING, "the whole result")
    yield _step(at, _GARBLED, "bytes-garbled", byte + 2, 1, TELLING, "the first letter of the result")


def _in_first_line(at: At) -> Iterator[Step]:
    start, text = at.answer.texts[0]
    if start >= at.answer.final_at:
        return
    middle = start + len(text) // 2
    yield _step(at, _LOST, "bytes-lost", middle, 1, REST, f"byte {middle}")
    yield _step(at, _DOUBLED, "bytes-doubled", middle, 1, REST, f"byte {middle}")


def _step(at: At, kind: Kind, fault: str, byte: int, count: int, tier: int, detail: str) -> Step:
    damaged = at.fault(fault, **at.answer.place(byte), **({"count": count} if count > 1 else {}))
    return kind.step(at.command, at.occurrence, damaged, tier=tier, detail=detail)
