"""`telit-emulator evidence`: checks what a module said, and replays it on the emulator."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from emulator.cli.options import PATH


@click.command(short_help="Check files of evidence, and replay them on the emulator.")
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE…")
def evidence(files: Sequence[Path]) -> None:
    """Replay what a module said, as `conform --evidence` has written it, on the firmware that each FILE names.

    A line is printed for each file, and before it each exchange that is wrong: the emulator says something else, and
    `differs` gives no reason; or it agrees where a reason is given. What must not be in such a file is named, too:
    numbers of modules, cards and subscribers, addresses, positions, keys. The exit code is 0 when all is right, 1 when
    something is not, 2 when a file could not be read.

    \b
    Example:
      telit-emulator evidence evidence/*.json
    """
    if not all([_is_right(file) for file in files]):  # noqa: C419  each is told
        sys.exit(1)


def _is_right(file: Path) -> bool:
    from emulator.conformance.evidence.facts import read_evidence
    from emulator.conformance.evidence.leftovers import leftovers
    from emulator.conformance.evidence.replay import replay

    read = read_evidence(file)
    replayed = list(replay(read))
    flaws = [*leftovers(read), *(each.flaw for each in replayed if each.flaw)]
    for flaw in flaws:
        click.echo(f"{file}: {flaw}")
    differing = sum(bool(each.exchange.differs) for each in replayed)
    what = f"{len(replayed)} exchanges of {read.module.model} {read.module.revision} on {read.day}"
    told = f"{len(flaws)} are wrong" if flaws else "ok"
    click.echo(f"{file}: {told}: {what}, of which {differing} differ with a reason")
    return not flaws
