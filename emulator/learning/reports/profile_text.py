"""The text of a learned profile: each value with its grade and the exchange that shows it, and what is not known."""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from emulator.dte.exchange import Exchange
from emulator.errors import UserError
from emulator.firmware import keys
from emulator.firmware.layers import KeyPath
from emulator.learning.answers.exchange_text import in_a_line
from emulator.learning.claims.claim import Claim
from emulator.learning.claims.draft import Draft
from emulator.learning.reports.scope import unit_of, unseen
from emulator.learning.reports.writing import as_toml
from emulator.learning.session import Learned

_BEGIN = "# Learned from"
_WIDTH = 118


def as_profile(learned: Learned, day: str) -> str:
    """Return the text of the profile's file; `day` is the date for its grades."""
    assert learned.draft is not None
    fillers = learned.draft.fillers
    grade = f"[hw: {learned.identity.model}, {learned.identity.revision}, {day}]"
    shown = {key: _in_words(claims) for key, claims in learned.draft.units.items() if claims[-1].shown_by}

    def remark(path: KeyPath) -> str:
        if path in fillers:
            return "[choice] the base's is not among the values"
        return f"{grade} {shown.get(unit_of(path), '')}".rstrip()

    head = f"{_BEGIN} {learned.identity} on {day}, beginning from {learned.base.name}.\n"
    if not learned.is_complete:
        head += f"# Not complete: {len(learned.segments)} of {learned.count} probes.\n"
    return head + as_toml(_head(learned), learned.draft, remark) + "\n".join(["", *_not_known(learned.draft), ""])


def _head(learned: Learned) -> dict[str, str]:
    """Return what the profile builds on, and the name of a module that is not shipped."""
    head = {"extends": learned.base.name}
    identity, shipped = learned.identity, learned.base.profile.identity
    if (identity.model, identity.revision) != (shipped.model, shipped.revision):
        head["name"] = f"{identity.model}@{identity.revision}"
    return head


def _in_words(claims: Sequence[Claim]) -> str:
    """Return what shows a value, and how far it is to be trusted."""
    how = "measured: " if any(claim.is_measured for claim in claims) else ""
    against = dict.fromkeys(in_a_line(exchange) for claim in claims for exchange in claim.despite)
    return "; ".join([f"{how}{in_a_line(_showing(claims))}", *(f"=? says otherwise: {one}" for one in against)])


def _showing(claims: Sequence[Claim]) -> Exchange:
    """Return the exchange in which a value can be read; else the last one."""
    shown = [(claim.value, exchange) for claim in claims for exchange in claim.shown_by]
    return next((exchange for value, exchange in shown if _is_read_in(exchange, value)), shown[-1][1])


def _is_read_in(exchange: Exchange, value: Any) -> bool:
    text = " ".join([*exchange.lines, exchange.final or ""])
    members = value if isinstance(value, list | tuple) else [value]
    return bool(members) and all(str(member) in text for member in members)


def refuse_other_file(out: Path) -> None:
    """Make sure that no file of somebody else is overwritten.

    Raises:
        UserError: there is one.
    """
    try:
        with out.open(encoding="utf-8", errors="replace") as file:
            is_ours = file.readline().startswith(_BEGIN)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UserError(f"{out}: {error.strerror}; name another file by --out") from error
    if not is_ours:
        raise UserError(f"{out}: there is such a file, which was not learned; name another one by --out")


def write_profile(out: Path, text: str) -> None:
    """Write the file at once: there is never half of it.

    Raises:
        UserError: it cannot be written.
    """
    draft = out.with_name(f"{out.name}.new")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(out)
    except OSError as error:
        raise UserError(f"{out}: {error.strerror}; name another file by --out") from error


def _not_known(draft: Draft) -> Iterator[str]:
    yield "# What no host can find out over the line, and why:"
    for entry in unseen():
        if left := [pattern for pattern in entry.patterns if pattern not in draft.values]:
            yield "#"
            yield from _comment(f"{entry.reason}:", "# ")
            yield from _comment(", ".join(map(keys.written, left)), "#   ")


def _comment(text: str, indent: str) -> Iterator[str]:
    options = {"break_long_words": False, "break_on_hyphens": False}
    yield from textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent, **options)  # type: ignore[arg-type]
