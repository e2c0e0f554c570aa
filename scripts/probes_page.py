"""Makes docs/probes.md: what `learn` asks a module, what it changes there and undoes, and what it cannot know."""

from collections.abc import Iterator

from emulator.firmware.keys import written
from emulator.firmware.lines import lines
from emulator.learning.probe import Probe
from emulator.learning.reports.probe_table import TITLES, probes_of
from emulator.learning.reports.scope import unseen

_HEAD = """# Probes

What `telit-emulator learn` asks a module, what each probe may change there meanwhile, and how that is undone. Before
the first one the module's settings are read; afterwards they are read again, and what differs is set back. Nothing is
sent over the network, no PIN is tried, and IMEI, IMSI and the like reach no file.

Made by `scripts/make_docs` from the probes in `emulator/learning/probes/`. `telit-emulator learn --list FIRMWARE` shows
those of one firmware: a probe of a command that it lacks asks, too, whether the command is there.
"""
_UNSEEN = """## What no line can tell

The keys of a profile that no probe finds out, and why, from `emulator/learning/reports/unseen.toml`. `*` stands for
one part of a key; a table stands for all of its keys.

| keys | reason |
|---|---|
"""


def probes_page() -> str:
    """Make the page."""
    return "\n".join([_HEAD, *_table(), "", _UNSEEN.rstrip("\n"), *_reasons(), ""])


def _table() -> Iterator[str]:
    yield f"| {' | '.join(title.lower() for title in TITLES)} |"
    yield "|" + "---|" * len(TITLES)
    for probe in _all_probes().values():
        yield f"| {' | '.join(map(_escaped, (probe.name, probe.asks, probe.changes, probe.undone)))} |"


def _all_probes() -> dict[str, Probe]:
    """Return the probes of every line by name."""
    return {probe.name: probe for line in lines() for probe in probes_of(line.models[0].name)}


def _reasons() -> Iterator[str]:
    for entry in unseen():
        yield f"| {', '.join(f'`{written(pattern)}`' for pattern in entry.patterns)} | {_escaped(entry.reason)} |"


def _escaped(text: str) -> str:
    return text.replace("|", r"\|").replace("<", r"\<").replace("\n", " ")
