"""Makes evidence of a comparison: what the module said, without what tells of it or its owner."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from emulator.conformance.evidence.facts import UNEXPLAINED, Evidence, EvidentExchange, EvidentItem, ModuleSeen
from emulator.conformance.evidence.leftovers import leftovers_in
from emulator.conformance.evidence.replay import Replayed, replay_by_item
from emulator.conformance.items import Item, Need
from emulator.conformance.session import PIN, ParitySession
from emulator.conformance.situation import settings_of
from emulator.conformance.verdict import PARTED, Result, Verdict
from emulator.dialogue.steps import Answer, Send
from emulator.dte.module_line import ModuleLine
from emulator.errors import UserError
from emulator.firmware.loader import list_models, load_firmware


@dataclass(frozen=True)
class Made:
    """Evidence, and what was left out of it."""

    evidence: Evidence
    left_out: int
    """Items whose answers tell of the module, its card, its owner or its place."""


def refuse_emulated(module: ModuleLine) -> None:
    """Refuse a module that is emulated.

    Raises:
        UserError: it has the IMEI of the profiles.
    """
    shipped = load_firmware(list_models()[0].name)
    if shipped.profile.identity.imei in module.ask("AT+CGSN").said:
        raise UserError(f"{module.name}: an emulated module; evidence is what a module says that is none")


def evidence_of(session: ParitySession, by: str) -> Made:
    """Make evidence of what was played; `by` is the name of whoever vouches for the module."""
    played = [_item(item, results) for item, results in _by_item(session.judged) if _can_be_replayed(item, results)]
    identity = session.identity
    draft = Evidence(
        by,
        session.started.date(),
        ModuleSeen(identity.maker, identity.model, identity.revision),
        session.firmware.name,
        tuple(settings_of(session.situation, PIN)) if session.situation is not None else (),
        tuple(played),
    )
    rows = (row for rows in session.kept.before.rows.values() for row in rows) if session.kept else ()
    owned = {text for row in rows for field in row if len(text := str(field).strip('"')) >= _SHORTEST}
    kept = tuple(item for item, replayed in replay_by_item(draft) if _is_of_every_module(item, replayed, owned))
    return Made(msgspec.structs.replace(draft, items=kept), len(played) - len(kept))


def _is_of_every_module(item: EvidentItem, replayed: Sequence[Replayed], owned: Collection[str]) -> bool:
    """Return whether an item tells nothing of this module, its card, its owner or its place.

    What a new emulated module says otherwise, though one in the same state has agreed, comes of that state; `owned` are
    the texts in it.
    """
    sent = " ".join(each.exchange.sent for each in replayed)
    comes_of_state = any(not each.agrees and not each.exchange.differs for each in replayed)
    told = (
        text
        for each in replayed
        for text in _texts(each.exchange.said)
        if text in owned and text not in sent and (each.result is None or text not in each.result.module.text)
    )
    return not comes_of_state and not any(told) and not leftovers_in(item)


def _texts(lines: Iterable[str]) -> set[str]:
    return {text for line in lines for text in _QUOTED.findall(line)}


_QUOTED = re.compile(r'"([^"]+)"')
_SHORTEST = 3
"""Characters of a text that may be somebody's."""


def _by_item(results: Sequence[Result]) -> Iterator[tuple[Item, list[Result]]]:
    found: dict[int, tuple[Item, list[Result]]] = {}
    for result in results:
        found.setdefault(id(result.item), (result.item, []))[1].append(result)
    yield from found.values()


def _can_be_replayed(item: Item, results: Sequence[Result]) -> bool:
    """Return whether it was played whole, by commands and entries alone, without a server of the user's."""
    sends = [step for step in item.steps if isinstance(step, Send)]
    return (
        Need.SERVER not in item.needs
        and all(isinstance(step, Send | Answer) for step in item.steps)
        and len(sends) == len(results)
        and all(result.sent and result.verdict is not Verdict.NOT_TRIED for result in results)
    )


def _item(item: Item, results: Sequence[Result]) -> EvidentItem:
    exchanges = tuple(
        EvidentExchange(result.sent, tuple(result.told), UNEXPLAINED if result.verdict in PARTED else "")
        for result in results
    )
    within = item.within if item.within != Item.within else None
    return EvidentItem(item.command, exchanges, tuple(item.before), tuple(item.after), within)
