"""Merges the reports of an exploration's shards into that of the whole."""

from collections.abc import Iterator, Sequence

from emulator.explore.exploration import Exploration, notes_of, number_findings
from emulator.explore.findings.merging import conclude_again
from emulator.explore.healthy import HEALTHY_RUNS, passed_places
from emulator.explore.reports.evidence import exploration_of, setting_of
from emulator.explore.reports.facts import ExplorationFacts
from emulator.explore.reports.model import Report
from emulator.matrix.reports.reading import first_start


def merge(parts: Sequence[ExplorationFacts]) -> Report:
    """Return the report of the whole; the parts are all shards, in their order."""
    shard, shown = parts[0].shard, [part.evidence for part in parts if part.evidence is not None]
    assert shard is not None
    explorations, begin = dict[str, list[Exploration]](), 0
    for each in shown:
        for part in each.parts:
            explorations.setdefault(part.firmware, []).append(exploration_of(part, each.seed, begin=begin))
            begin += 1 + max((result.number for result in part.results), default=0)
    merged = [_merged(explorations[firmware]) for firmware in shard.firmwares if firmware in explorations]
    number_findings(merged)
    started = first_start(part.started for part in parts)
    return Report(setting_of(parts[0].command, shown[0]), list(shard.options), merged, started)


def _merged(of_shards: Sequence[Exploration]) -> Exploration:
    """Return what all shards have done with one firmware."""
    first = of_shards[0]
    results = [result for each in of_shards for result in each.results]
    found = [pair for each in of_shards for pair in zip(each.failed_in, each.failures, strict=True)]
    found.sort(key=lambda pair: pair[0])
    whole = Exploration(first.firmware, first.seed, first.healthy, results)
    whole.tried = sorted((one for each in of_shards for one in each.tried), key=lambda one: one.place)
    whole.failed_in, whole.failures = [batch for batch, _ in found], [result for _, result in found]
    whole.odd = sum(each.odd for each in of_shards)
    whole.is_broken_off = any(each.is_broken_off for each in of_shards)
    whole.healthy_notes = list(dict.fromkeys([*(note for each in of_shards for note in each.healthy_notes)]))
    whole.notes = [*whole.healthy_notes, *_differences(of_shards), *notes_of(whole)]
    reduced = [finding for each in of_shards for finding in each.reduced]
    whole.findings = whole.reduced = conclude_again(whole.healthy, whole.failures, results, reduced)
    whole.seconds = max(each.seconds for each in of_shards)
    whole.count = HEALTHY_RUNS + sum(each.count - HEALTHY_RUNS for each in of_shards)
    return whole


def _differences(of_shards: Sequence[Exploration]) -> Iterator[str]:
    """Yield where healthy runs of two shards differ: what follows from one is no part of what follows from another."""
    first, *others = [passed_places(each.healthy) for each in of_shards]
    for other in others:
        if only := sorted(first ^ other):
            yield (
                f"the healthy runs of two shards have passed different places ({len(only)}, as {only[0]}): "
                "a step may be left out, or have been tried twice"
            )
            return
