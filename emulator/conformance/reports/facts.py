"""What `conform.json` holds: one object, by which programs read how a module compares with a firmware."""

import msgspec

from emulator.conformance.verdict import Verdict
from emulator.json_schema import Schema, components, document


class ModuleFacts(msgspec.Struct):
    """What the module says of itself; no number that tells one module from another."""

    maker: str
    """The answer to +CGMI."""
    model: str
    """The answer to +CGMM."""
    revision: str
    """The answer to +CGMR."""


class ExchangeFacts(msgspec.Struct):
    """Bytes of the host, and what both sides said. Lines are those of a dialogue, volatile values are shapes."""

    item: int
    """Number of the item, from 1 on: the exchanges of one were played one after the other."""
    source: str
    """The file that it comes from."""
    before: tuple[str, ...]
    """Commands that set the state for the item, after AT&F1, ATE0 and AT+CMEE=1."""
    sent: str
    """What the host sent; empty where nothing was tried, or nothing was sent."""
    verdict: Verdict
    """What came of it."""
    why: str
    """In words: what is wrong, or why it was not tried; empty where both agree."""
    module: tuple[str, ...]
    """What the module said."""
    emulated: tuple[str, ...]
    """What was expected: what the emulated firmware said, or what the file has."""
    diff: str
    """Both as a unified diff; empty where they agree."""
    reasons: tuple[str, ...]
    """Why the emulated firmware refuses, where they do not agree."""
    seconds: float
    """How long the module took."""


class CommandFacts(msgspec.Struct):
    """A command."""

    command: str
    """Its name, as `+CGMI`."""
    verdict: Verdict
    """The worst one of its exchanges."""
    exchanges: tuple[ExchangeFacts, ...]
    """In the order in which they were played."""


class ChapterFacts(msgspec.Struct):
    """A chapter of the commands."""

    chapter: str
    """Its name."""
    commands: tuple[CommandFacts, ...]
    """Its commands of which something was to be played."""


class ConformityFacts(msgspec.Struct):
    """How a module compares with a firmware."""

    module: ModuleFacts
    """The module."""
    firmware: str
    """The firmware that it was compared with."""
    started: str
    """Date and time, as ISO 8601."""
    server: str | None
    """The user's TLS server, HOST:PORT; null where none was named."""
    all: bool
    """Whether also that was played which costs, locks or sends."""
    broken_off: str
    """Why not everything was played; empty where it was."""
    not_put_back: tuple[str, ...]
    """What the module has not taken back; empty where it is as it was."""
    commands: dict[Verdict, int]
    """How many commands had which verdict."""
    exchanges: dict[Verdict, int]
    """How many exchanges had which verdict."""
    chapters: tuple[ChapterFacts, ...]
    """The chapters, by name."""


def conformity_schema() -> Schema:
    """Return the JSON Schema of `conform.json`."""
    (schema,), definitions = components([ConformityFacts])
    return document("A comparison of a module with a firmware", schema, definitions)
