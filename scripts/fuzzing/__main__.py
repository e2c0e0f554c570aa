"""Run targets of the fuzzer, and print what they have found."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from fuzzing.campaign import Goal, Tally, judge, run
from fuzzing.case import Finding, read_case
from fuzzing.target import Target
from fuzzing.targets import TARGETS

_DESCRIPTION = "Throw random inputs at the emulator and judge its answers."
_INPUTS = 10_000
"""Inputs of all targets, unless the user says how many."""


def main() -> int:
    """Return 1 when there was a finding, 130 when it was stopped without one."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if options.replay:
        return _replay(options.replay)
    targets = [TARGETS[name] for name in options.targets or TARGETS]
    goals = _goals(targets, options.inputs, options.minutes)
    tallies, stopped = [], False
    try:
        for target in targets:
            tallies.append(run(target, options.seed, goals[target.name], options.jobs, _Progress(goals[target.name])))
            _end_progress()
            print(_row(tallies[-1]), file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        stopped = True
        _end_progress()
        print("stopped; the target that was running is not in the table", file=sys.stderr)
    _print_table(tallies, options.seed)
    for tally in tallies:
        for finding, case in tally.findings.values():
            path = _keep(options.findings, tally, finding, case.written(str(finding)))
            print(f"\n{finding}\n  kept in {path}; again: scripts/fuzz --replay {path}")
    if any(tally.findings for tally in tallies):
        return 1
    return 128 + signal.SIGINT if stopped else 0


def _goals(targets: Sequence[Target], inputs: int | None, minutes: float | None) -> Mapping[str, Goal]:
    """Share inputs, or time, among the targets by their weights."""
    whole = sum(target.weight for target in targets)
    if minutes is not None:
        return {target.name: Goal(None, 60 * minutes / len(targets)) for target in targets}
    wanted = inputs or _INPUTS
    return {target.name: Goal(max(1, round(wanted * target.weight / whole))) for target in targets}


class _Progress:
    """Shows on a terminal how far a target is."""

    def __init__(self, goal: Goal) -> None:
        self._goal = goal
        self._shown = 0.0

    def __call__(self, tally: Tally) -> None:
        if time.monotonic() - self._shown < 1 or not sys.stderr.isatty():
            return
        self._shown = time.monotonic()
        of = f" of {self._goal.inputs:,}" if self._goal.inputs else f" in {self._goal.seconds or 0:.0f} s"
        text = f"{tally.target}: {tally.inputs:,}{of} inputs, {tally.seconds:.0f} s, {len(tally.findings)} findings"
        print(f"\r{text:<78}", end="", file=sys.stderr, flush=True)


def _end_progress() -> None:
    if sys.stderr.isatty():
        print(f"\r{'':<78}\r", end="", file=sys.stderr, flush=True)


def _print_table(tallies: Sequence[Tally], seed: int) -> None:
    print(f"{'target':<10}{'inputs':>12}{'cases':>10}{'seconds':>10}{'inputs/s':>10}{'findings':>10}")
    for tally in tallies:
        print(_row(tally))
    inputs, seconds = sum(tally.inputs for tally in tallies), sum(tally.seconds for tally in tallies)
    print(f"{'all':<10}{inputs:>12,}{'':>10}{seconds:>10.1f}   seed {seed}")


def _row(tally: Tally) -> str:
    rate = tally.inputs / tally.seconds if tally.seconds else 0
    return (
        f"{tally.target:<10}{tally.inputs:>12,}{tally.cases:>10,}{tally.seconds:>10.1f}{rate:>10.0f}"
        f"{len(tally.findings):>10}"
    )


def _keep(folder: Path, tally: Tally, finding: Finding, text: str) -> Path:
    """Write a reduced case, so that it can be played again and become a test."""
    folder.mkdir(parents=True, exist_ok=True)
    words = "".join(character if character.isalnum() else " " for character in finding.kind).lower().split()
    path = folder / f"{'-'.join([tally.target, *words])[:80]}.txt"
    path.write_text(text, encoding="utf-8")
    return path


def _replay(paths: Sequence[Path]) -> int:
    """Play cases again."""
    failed = 0
    for path in paths:
        case = read_case(path)
        finding = judge(TARGETS[case.target], case)
        print(f"{path}: {finding or 'nothing is wrong'}")
        failed += finding is not None
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    listed = "\n".join(f"  {target.name:<10}{target.summary}" for target in TARGETS.values())
    parser = argparse.ArgumentParser(
        prog="scripts/fuzz",
        description=f"{_DESCRIPTION}\n\ntargets, all unless named:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="what to try; see above")
    lengths = parser.add_mutually_exclusive_group()
    lengths.add_argument("--inputs", type=_positive, metavar="N", help=f"inputs of all targets together; {_INPUTS:,}")
    lengths.add_argument("--minutes", type=float, metavar="M", help="minutes of all targets together")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed makes the same inputs; 1")
    parser.add_argument(
        "--jobs", type=_positive, default=os.cpu_count(), metavar="N", help="processes; one for each core"
    )
    parser.add_argument("--findings", type=Path, default=Path("findings"), metavar="DIR", help="where cases are kept")
    parser.add_argument("--replay", type=Path, nargs="+", metavar="FILE", help="play these cases again")
    options = parser.parse_args()
    if unknown := [name for name in options.targets if name not in TARGETS]:
        parser.error(f"there is no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    if missing := [str(path) for path in options.replay or () if not path.is_file()]:
        parser.error(f"no file {', '.join(missing)}")
    if options.minutes is not None and not options.minutes > 0:
        parser.error("--minutes: give a number above 0")
    return options


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number from 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
