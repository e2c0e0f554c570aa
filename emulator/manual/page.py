"""A page of the manual, as data: both renderers write the same page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulator.commands.ledger import Standing


@dataclass(frozen=True, slots=True)
class FormUse:
    """One form of a command: how it is typed, and what it does."""

    typed: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """One parameter as the firmware has it."""

    name: str
    values: str
    """`0-3`, `"IP","PPP"`, `text, up to 50 characters`."""
    default: str
    """What is taken if the host leaves it out; empty where the host may not, or where nothing is taken."""
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command line that the module refuses, and how."""

    typed: str
    """The line; empty where it depends on more than a line."""
    situation: str
    """The state of the module; empty where any will do."""
    number: str
    """The final result under +CMEE=1."""
    text: str
    """The final result under +CMEE=2."""
    reason: str
    """For the host's author."""
    is_general: bool = False
    """Whether every command refuses lines like it: a value out of range, missing or one too many, a missing form."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the host, and what it hears."""

    typed: str
    heard: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to say of a command on one firmware."""

    name: str
    aliases: Sequence[str]
    chapter: str
    """The title of its chapter."""
    firmware: str
    standing: Standing
    summary: str
    source: str
    forms: Sequence[FormUse]
    parameters: Sequence[ParameterUse]
    needs: Sequence[str]
    """The states of the module without which it is refused, each with the line that brings it about."""
    kept: Sequence[str]
    """Where its values are kept, and how long."""
    refusals: Sequence[Refusal]
    exchange: Sequence[Spoken]
    unheard: str
    """Why there is no exchange with a peer; empty where nothing is missing."""
    elsewhere: Mapping[str, Sequence[str]]
    """By the names of other software lines, what differs there."""

    @property
    def differences(self) -> Sequence[tuple[str, str]]:
        """Return what differs on other software lines; those in which it is the same stand together."""
        lines: dict[str, list[str]] = {}
        for line, texts in self.elsewhere.items():
            lines.setdefault(" ".join(texts), []).append(line)
        return [(", ".join(names), text) for text, names in lines.items()]
