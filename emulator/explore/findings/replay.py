"""Writes the command that replays a scenario with the same host, as a shell takes it."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any

from emulator.explore.trials.setting import Setting
from emulator.options import ModemOptions, written_flag

_NOT_TAKEN = ("firmware", "scenario", "link", "readers", "port", "clock", "seed")
"""Options that the scenario has itself, that belong to one run, or that cannot be typed."""
_PLACE = "{port}"


def replay_command(setting: Setting, scenario: Path, *, timeout: float | None = None, firmware: str = "") -> str:
    """Return the command line of `telit-emulator matrix` that replays a scenario, or the marker of a test that does.

    Args:
        setting: the host program and its modem.
        scenario: the file.
        timeout: seconds that the run may take.
        firmware: that of the scenario.
    """
    if setting.is_of_a_test:
        return f'@pytest.mark.modem(scenario="{scenario}")'
    words = ["telit-emulator", "matrix"]
    if firmware:
        words += ["--firmware", firmware]
    words += ["--scenario", str(scenario)]
    if timeout is not None:
        words += ["--timeout", str(max(1, ceil(timeout)))]
    if setting.lab:
        words.append("--lab")
    words += [*_options(setting.options), "--", *setting.command]
    return as_typed(words)


def as_typed(words: Iterable[str]) -> str:
    """Return words as a shell takes them; `{port}` needs no quotes."""
    return " ".join(_quoted(word) for word in words)


def _options(options: ModemOptions) -> Iterator[str]:
    """Yield the words of the options that are not as they are when they are left out."""
    usual = ModemOptions()
    for name in ModemOptions.__struct_fields__:
        value = getattr(options, name)
        if name in _NOT_TAKEN or value == getattr(usual, name):
            continue
        for each in _values(value):
            yield written_flag(name)
            yield from () if each is True else (each,)


def _values(value: Any) -> Sequence[Any]:
    if isinstance(value, bool | str | Path):
        return [value if value is True else str(value)]
    if isinstance(value, Mapping):
        return [f"{dialled}={target}" for dialled, target in value.items()]
    if isinstance(value, Sequence):
        return [str(each) for each in value]
    return [f"{value:g}"]


def _quoted(word: str) -> str:
    return word if shlex.quote(word.replace(_PLACE, "x")) == word.replace(_PLACE, "x") else shlex.quote(word)
