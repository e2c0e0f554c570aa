"""Makes docs/steps.md: what an exploration tries, with what each kind demands of a host and where it is written."""

from collections.abc import Iterator, Sequence

from emulator.explore.steps.step import Nature
from emulator.explore.steps.times import LOCAL, PROMPT, TIMES, Times
from emulator.explore.steps.unsolicited import URCS
from emulator.explore.subjects import all_kinds

_HEAD = """# Steps aside

`telit-emulator explore` runs a host once as it is, and then again and again with one of these steps aside at a place of
that run: at each command, in each answer, on each connection. Of a command that is repeated, the first occurrences and
the last one are tried. All of them are faults as a scenario has them ([faults.md](faults.md)): what is found can be
replayed.

A step has one of three natures. It says what a host owes:

- **variation**: modules and networks show it on a good day. A correct host does its work all the same.
- **fault**: something fails. A correct host gets over it if it is over within its patience (`--patience`, 30 seconds),
  or says that it has failed.
- **noise**: bytes of answers are lost or damaged, which no host can always notice. It may fail, but it must not crash
  or hang. What the host sends as data is never damaged.

Each kind names its source: nothing is tried that a real module or network cannot show. The word is for `--kinds`.
"""
_URCS = """## URCs

A URC comes before an answer, between two of its lines, or right after it: only where this host could get it at that
moment, by the settings of its AT instance and the state of the module. None comes in data mode, in data or while an
entry is typed. `NO CARRIER` is none of them: connections and calls that end say it, and these are steps of their own.
"""
_TIMES = f"""## Slow answers

Seconds until an answer begins, or until the result behind an entry: as on a slow day, and as late as it is tried, which
is the longest documented time up to half a minute. All other commands are answered by the module itself, after
{LOCAL.slow:g} and {LOCAL.longest:g} seconds. A prompt takes {PROMPT:g} second.
"""


def steps_page() -> str:
    """Return the page."""
    parts = [_HEAD, *(_kinds(nature) for nature in Nature), _URCS, _urcs(), _TIMES, _times()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _kinds(nature: Nature) -> str:
    rows = [
        [kind.name, f"`{kind.word}`", f"`{subject}`", kind.source]
        for subject, kinds in all_kinds().items()
        for kind in kinds
        if kind.nature is nature
    ]
    return f"## {nature.capitalize()}s\n\n{_table(['step', 'word', 'subject', 'source'], rows)}".replace(
        "Noises", "Noise"
    )


def _urcs() -> str:
    return _table(
        ["URC", "what the host does to get it", "source"], [[urc.name, urc.enabled, urc.source] for urc in URCS]
    )


def _times() -> str:
    alike: dict[Times, list[str]] = {}
    for command, times in TIMES.items():
        alike.setdefault(times, []).append(f"`{command}`")
    rows = [[" ".join(commands), f"{times.slow:g}", f"{times.longest:g}"] for times, commands in alike.items()]
    return _table(["commands", "slow", "as late as"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(_lines(head, rows))


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(_escaped(cell) for cell in row)} |"


def _escaped(cell: str) -> str:
    return cell.replace("|", r"\|").replace("<", r"\<")
