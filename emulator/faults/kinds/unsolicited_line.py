"""The module says something that nobody asked for."""

from typing import Annotated

from msgspec import Meta

from emulator.faults.fault import OutsideFault, Place, Target

_OUT_OF_TURN = (Place.ANSWER, Place.ENTRY)


class UnsolicitedLine(OutsideFault, frozen=True, kw_only=True):
    """A line comes between two commands; or with `at = "answer"` at a byte of an answer, or at a prompt."""

    text: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[ -~]*$")]
    """The line, as in `+CREG: 2` or `RING`, without its CR and LF."""

    def strike(self, target: Target) -> None:
        if self.place in _OUT_OF_TURN:
            target.inject(f"\r\n{self.text}\r\n".encode("ascii"))
        else:
            target.notify(self.text)
