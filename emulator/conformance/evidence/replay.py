"""Replays evidence on the emulated firmware that it names."""

from collections.abc import Iterator
from dataclasses import dataclass

from emulator.api import VirtualModem
from emulator.conformance.evidence.facts import Evidence, EvidentExchange, EvidentItem
from emulator.conformance.exchange import Sides
from emulator.conformance.items import Item
from emulator.conformance.lines import steps_of
from emulator.conformance.stage import Stage
from emulator.conformance.twin import SCALE, Twin
from emulator.conformance.verdict import Result, Verdict
from emulator.dte.module_line import ModuleLine


@dataclass(frozen=True)
class Replayed:
    """An exchange of the evidence, and what came of it on the emulator."""

    command: str
    exchange: EvidentExchange
    result: Result | None
    """None where the exchange before it has ended in another way."""

    @property
    def agrees(self) -> bool:
        """Return whether the emulator says what the module said."""
        return self.result is not None and self.result.verdict is Verdict.AGREED

    @property
    def flaw(self) -> str:
        """Return what is wrong with the evidence or the emulator; empty where both agree, or differ with a reason."""
        if self.agrees and self.exchange.differs:
            return f"{self.exchange.sent}: the emulator agrees now; remove `differs` ({self.exchange.differs})"
        if not self.agrees and not self.exchange.differs:
            diff = f"\n{self.result.diff}" if self.result is not None else ""
            return f"{self.exchange.sent}: the emulator says something else; mend it, or say in `differs` why{diff}"
        return ""


def replay(evidence: Evidence) -> Iterator[Replayed]:
    """Play each exchange on a new emulated module, and compare it with what the module said.

    Raises:
        UserError: there is no such firmware.
    """
    for _, replayed in replay_by_item(evidence):
        yield from replayed


def replay_by_item(evidence: Evidence) -> Iterator[tuple[EvidentItem, list[Replayed]]]:
    """Replay evidence as `replay` does; yield each item with its exchanges."""
    settings = list(evidence.situation)
    with (
        Twin(evidence.firmware, settings) as twin,
        VirtualModem(evidence.firmware, settings=settings, time_scale=SCALE) as modem,
        ModuleLine(modem.port, time_scale=SCALE) as line,
    ):
        stage = Stage(Sides(line, twin, evidence.firmware))
        for item in evidence.items:
            results = list(stage.play(_as_item(item)))
            whole = [*results, *[None] * len(item.exchanges)]
            yield item, [Replayed(item.command, *pair) for pair in zip(item.exchanges, whole, strict=False)]


def _as_item(item: EvidentItem) -> Item:
    lines = [line for exchange in item.exchanges for line in (exchange.sent, *exchange.said)]
    steps = steps_of(lines)
    within = Item.within if item.within is None else item.within
    return Item(item.command, "", "", steps, tuple(lines), item.before, item.after, within=within)
