"""Writes the dialogue of a host: as a file that can be played, and as lines for a person to type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.doctor.provision import Access, Entered, Step, Typed, is_provisionable, provisioning
from emulator.doctor.question import Question
from emulator.doctor.verdict import Verdict
from emulator.firmware.loader import load_firmware

_HEXADECIMAL = 32
"""Bytes a line of what is entered in DER."""


@dataclass(frozen=True)
class HostDialogue:
    """One dialogue, and the verdicts on the firmwares that it is for."""

    steps: tuple[Step, ...]
    verdicts: tuple[Verdict, ...]
    question: Question
    access: Access

    @property
    def firmware(self) -> str:
        """Return the name of the first of its firmwares."""
        return self.verdicts[0].firmware.name

    def as_file(self) -> str:
        """Return the text of a dialogue file; docs/dialogues.md has its form."""
        lines = sorted({load_firmware(verdict.firmware.name).line for verdict in self.verdicts})
        date = self.access.now.strftime("%Y-%m-%d")
        head = [
            f"source: telit-emulator doctor {self.question.address}, {date}",
            f"lines: {' '.join(lines)}",
            "peer: none",
            "",
            f"# So that {self.firmware} reaches {self.question.address}; the real server is dialled.",
        ]
        return "\n".join([*head, *(line for step in self.steps for line in _played(step))]) + "\n"

    def as_typed(self) -> list[str]:
        """Return what a person types, line by line; of security data only what it is."""
        return [_typed(step) for step in self.steps]

    def as_data(self) -> dict[str, Any]:
        """Return it for JSON, as a person types it."""
        return {"firmwares": [verdict.firmware.name for verdict in self.verdicts], "lines": self.as_typed()}


def host_dialogues(verdicts: Sequence[Verdict], question: Question, access: Access) -> list[HostDialogue]:
    """Return the dialogues, each for all firmwares that it is the right one for."""
    alike: dict[tuple[Step, ...], list[Verdict]] = {}
    for verdict in verdicts:
        if not is_provisionable(verdict, question):
            continue
        alike.setdefault(provisioning(verdict, question, access), []).append(verdict)
    return [HostDialogue(steps, tuple(group), question, access) for steps, group in alike.items()]


def _played(step: Step) -> Iterator[str]:
    match step:
        case Typed():
            yield f"# {step.meaning}"
            if step.within is not None:
                yield f"within {step.within:g}"
            yield f"{'>*' if step.repeated else '>'} {step.command}"
            yield from step.answers
        case Entered(data=data, form="PEM"):
            yield from (f">> {line}<LF>" for line in data.decode("ascii").splitlines())
            yield ">> <ctrl>Z"
            yield "< OK"
        case Entered(data=data):
            pieces = (data[start : start + _HEXADECIMAL] for start in range(0, len(data), _HEXADECIMAL))
            yield from (f">x {piece.hex(' ').upper()}" for piece in pieces)
            yield "< OK"


def _typed(step: Step) -> str:
    match step:
        case Typed(command=command):
            return command
        case Entered(what=what, data=data, form="PEM"):
            return f"> the {what} in PEM, {len(data)} bytes with LF alone at each line's end, then Ctrl-Z"
        case Entered(what=what, data=data):
            return f"> the {what} in DER, {len(data)} bytes"
