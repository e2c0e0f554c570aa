"""Merges the reports of a matrix's shards into that of the whole."""

from collections.abc import Sequence

from emulator.matrix.reports.facts import MatrixFacts
from emulator.matrix.reports.model import Report
from emulator.matrix.reports.reading import first_start, run_of
from emulator.matrix.result import compare


def merge(parts: Sequence[MatrixFacts]) -> Report:
    """Return the report that the whole would have had; the parts are all shards, in their order."""
    shard = parts[0].shard
    assert shard is not None
    found = {facts.firmware: run_of(facts) for part in parts for facts in part.runs}
    runs = [found[name] for name in shard.firmwares]
    compare(runs)
    return Report(parts[0].command, shard.options, runs, first_start(part.started for part in parts), parts[0].timeout)
