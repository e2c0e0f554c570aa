"""A case: one run of a target, as steps that can be left out, shortened, written to a file and read again."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple


class Step(NamedTuple):
    """One thing that is done: a verb of the target, and what it takes, in terms of JSON."""

    verb: str
    argument: Any = None

    def __str__(self) -> str:
        return self.verb if self.argument is None else f"{self.verb} {json.dumps(self.argument)}"


@dataclass(frozen=True)
class Case:
    """The steps of one run, and what holds for all of them."""

    target: str
    steps: tuple[Step, ...]
    setting: dict[str, str] = field(default_factory=dict)
    """What the target needs to know beside the steps, such as the firmware."""

    def with_steps(self, steps: Iterable[Step]) -> "Case":
        """Return the same case with other steps."""
        return replace(self, steps=tuple(steps))

    def written(self, comment: str) -> str:
        """Write the case as the text of a file."""
        head = [f"# {line}" for line in comment.splitlines()]
        setting = [f"{key}: {value}" for key, value in {"target": self.target, **self.setting}.items()]
        return "\n".join([*head, *setting, "", *map(str, self.steps)]) + "\n"


@dataclass(frozen=True)
class Finding:
    """What a case has shown to be wrong."""

    kind: str
    """The sort of fault: a reduced case must show the same one."""
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


def read_case(path: Path) -> Case:
    """Read a case from its file."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    setting = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    return Case(setting.pop("target"), tuple(_step(line) for line in body.splitlines() if line), setting)


def _step(line: str) -> Step:
    verb, _, argument = line.partition(" ")
    return Step(verb, json.loads(argument) if argument else None)
