"""`telit-emulator merge`: makes one report of those of all shards."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.cli.options import PATH
from emulator.cli.reports import ReportFiles, ReportFormats
from emulator.errors import UserError

if TYPE_CHECKING:
    from emulator.matrix.reports.shards import ShardReport

_FORMATS = ReportFormats(
    "",
    junit="Write JUnit XML.",
    json="Write all that is known.",
    html="Write a page for a browser.",
    markdown="Write what a summary shows.",
)


@click.command(short_help="Make one report of those of all shards.")
@click.argument("shards", nargs=-1, required=True, type=PATH, metavar="REPORT…")
@_FORMATS.options
@click.option(
    "--out", type=PATH, metavar="DIR", help="Write the scenarios of an exploration's findings to DIR, as explore does."
)
def merge(shards: Sequence[Path], reports: Mapping[str, Path], out: Path | None) -> None:
    """Merge what `matrix --shard` or `explore --shard` has written by --json, and tell what the whole would.

    All shards have to be there, once each, of one host program, with the same options, seed and version. The exit code
    is that of the whole: 0 when all is well, 1 when not; and 2 when the reports cannot be merged.

    \b
    Examples:
      telit-emulator merge --html matrix.html --junit matrix.xml matrix-*.json
      telit-emulator merge --html explore.html --out findings explore-*.json
    """
    from emulator.matrix.reports.shards import in_order, read_report

    for name, path in reports.items():
        if path.resolve() in [shard.resolve() for shard in shards]:
            raise UserError(f"--{name} {path}: it is one of the reports that are merged; name another file")
    ordered = in_order([read_report(path) for path in shards])
    if ordered[0].shard.kind == "explore":
        _merge_explorations(ordered, reports, out)
    elif out is not None:
        raise UserError(f"--out {out}: a matrix has no scenarios; leave it out")
    else:
        _merge_matrix(ordered, reports)


def _merge_matrix(shards: "Sequence[ShardReport]", reports: Mapping[str, Path]) -> None:
    from emulator.cli.matrix import FORMATS, tell
    from emulator.matrix.reports.facts import MatrixFacts
    from emulator.matrix.reports.merging import merge as merged

    report = merged([shard.facts(MatrixFacts) for shard in shards])
    with ReportFiles(FORMATS, reports) as files:
        tell(report, files)


def _merge_explorations(shards: "Sequence[ShardReport]", reports: Mapping[str, Path], out: Path | None) -> None:
    from emulator.cli.explore import FORMATS, OUT, tell
    from emulator.explore.findings.scenario_folder import ScenarioFolder
    from emulator.explore.reports.facts import ExplorationFacts
    from emulator.explore.reports.merging import merge as merged

    report = merged([shard.facts(ExplorationFacts) for shard in shards])
    with ReportFiles(FORMATS, reports) as files, ScenarioFolder(out or Path(OUT)) as folder:
        tell(report, folder, files)
