"""The journal of a session: each finished probe is kept in a file, so that a session that was broken off goes on."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from emulator.commands.catalogue import command_table
from emulator.dte.exchange import Exchange
from emulator.dte.results import Results
from emulator.dte.snapshot import Snapshot
from emulator.errors import UserError
from emulator.firmware.loader import Firmware
from emulator.learning.asking.step import Step
from emulator.learning.claims.claim import ABSENT, Claim
from emulator.learning.claims.segment import Segment

SUFFIX = ".part"
"""What is added to the name of the profile."""
_NUMBER = re.compile(r"\d{14,20}")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The state in which a module was found: what its reads showed, as in a `Snapshot`, and its results."""

    rows: dict[str, list[tuple[str, ...]]]
    listing: list[str]
    echo: bool
    results: Results

    @classmethod
    def of(cls, snapshot: Snapshot, results: Results) -> "Found":
        """Take what the reads showed."""
        rows = {name: list(rows) for name, rows in snapshot.rows.items()}
        return cls(rows=rows, listing=list(snapshot.listing), echo=snapshot.echo, results=results)

    def as_snapshot(self, firmware: Firmware) -> Snapshot:
        """Return it as a snapshot again; `firmware` is the one that it was taken with."""
        bound = {command.command.name: command for command in command_table(firmware)}
        known = {name: rows for name, rows in self.rows.items() if name in bound}
        return Snapshot(known, bound, self.listing, self.echo)


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: which module is asked, from which base, and how it was found."""

    model: str
    revision: str
    serial_hash: str
    """Tells two modules of one model apart, and does not tell the number."""
    base: str
    found: Found
    """The state in which the module was found."""

    @property
    def module(self) -> tuple[str, str, str]:
        """Return what must be the same where a session goes on."""
        return self.model, self.revision, self.serial_hash


class _Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """A claim, as a line has it."""

    path: list[str | int]
    shown_by: list[Exchange]
    value: Any = None
    is_absent: bool = False
    despite: list[Exchange] = []
    is_measured: bool = False


class _Entry(msgspec.Struct, frozen=True):
    """A finished probe, as a line has it."""

    probe: str
    steps: list[Step]
    claims: list[_Kept]


class Journal:
    """Keep what probes have found in a file beside the profile, which only its owner may read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"<Journal {self.path}>"

    def read(self) -> tuple[Begun | None, Sequence[Segment]]:
        """Return how a session that was broken off has begun, None where none was; and its segments.

        A line that was not finished is dropped.

        Raises:
            UserError: the file cannot be read, or is no journal.
        """
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return None, ()
        except OSError as error:
            raise UserError(f"{self.path}: {error.strerror}; remove it, or name another profile by --out") from error
        lines = text.split(b"\n")
        if unfinished := lines.pop():
            os.truncate(self.path, len(text) - len(unfinished))
        if not lines:
            return None, ()
        try:
            begun = msgspec.json.decode(lines[0], type=Begun)
            segments = [_segment(msgspec.json.decode(line, type=_Entry)) for line in lines[1:]]
        except msgspec.DecodeError as error:
            message = f"{self.path}: this is no journal of `learn`; remove it, or name another profile by --out"
            raise UserError(message) from error
        return begun, segments

    def refuse_unwritable(self) -> None:
        """Make sure that the file can be written, before a module is asked anything.

        Raises:
            UserError: it cannot.
        """
        is_new = not self.path.exists()
        self._open(os.O_APPEND).close()
        if is_new:
            self.end()

    def begin(self, begun: Begun) -> None:
        """Write the first line of a new journal.

        Raises:
            UserError: the file cannot be written.
        """
        self._write(msgspec.json.encode(begun), os.O_TRUNC)

    def add(self, segment: Segment) -> None:
        """Add a finished probe.

        Raises:
            UserError: the file cannot be written.
        """
        self._write(msgspec.json.encode(_entry(segment)), os.O_APPEND)

    def end(self) -> None:
        """Remove the file: the session is over."""
        self.path.unlink(missing_ok=True)

    def _write(self, line: bytes, how: int) -> None:
        try:
            with self._open(how) as file:
                file.write(line + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._unwritable(error) from error

    def _open(self, how: int) -> BinaryIO:
        try:
            return os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | how, 0o600), "wb")
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> UserError:
        return UserError(f"{self.path}: {error.strerror}; name a profile that can be written by --out")


def _entry(segment: Segment) -> _Entry:
    steps = [Step(step.act, _shown(step.exchange), step.seconds) for step in segment.steps]
    return _Entry(segment.probe, steps, [_kept(claim) for claim in segment.claims])


def _kept(claim: Claim) -> _Kept:
    shown_by = [_shown(exchange) for exchange in claim.shown_by]
    despite = [_shown(exchange) for exchange in claim.despite]
    if claim.value is ABSENT:
        return _Kept(list(claim.path), shown_by, is_absent=True, despite=despite)
    return _Kept(list(claim.path), shown_by, claim.value, despite=despite, is_measured=claim.is_measured)


def _shown(exchange: Exchange) -> Exchange:
    """Return an exchange without the numbers of module and card."""
    return Exchange(exchange.sent, _NUMBER.sub("<number>", exchange.said), round(exchange.seconds, 4))


def _segment(entry: _Entry) -> Segment:
    claims = [
        Claim(tuple(one.path), ABSENT if one.is_absent else one.value, one.shown_by, one.despite, one.is_measured)
        for one in entry.claims
    ]
    return Segment(entry.probe, tuple(entry.steps), tuple(claims))
