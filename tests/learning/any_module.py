"""Modules that differ from a shipped firmware in any keys that can be seen on a line, and how well they are learned."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import NoneType
from typing import Any, Literal, get_args

import msgspec
from hypothesis import strategies as st

from emulator.api import VirtualModem
from emulator.at.settings import ProfilePart
from emulator.commands.catalogue import command_table
from emulator.decoding import convert
from emulator.dte.module_line import ModuleLine
from emulator.firmware import keys
from emulator.firmware.keys import written
from emulator.firmware.layers import KeyPath, Tables, merge, value_at
from emulator.firmware.lines import lines
from emulator.firmware.loader import Firmware, load_firmware
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.claims.claim import ABSENT, Claim
from emulator.learning.claims.draft import Draft, by_unit, spans
from emulator.learning.claims.verifying import Verifier, unloadable
from emulator.learning.journal import Journal
from emulator.learning.observer import Observer
from emulator.learning.probes import all_probes
from emulator.learning.reports.scope import LIMITS, keys_of, reason_unseen, unit_of
from emulator.learning.reports.writing import as_toml
from emulator.learning.session import Learned, LearningSession

MODELS = tuple(line.models[0].name for line in lines())
"""A model of each line."""
_TALKED_BY = ("E", "V", "Q", "&F", "+CMEE", "+CGMI", "+CGMM", "+CGMR")
"""Commands without which no tool can talk to a module."""
_MOST_VALUES = 300
_MOST_TRIED = 100
"""Of a range up to here, a module without `=?` may differ a little: nobody tries a basic command with all numbers."""

Values = Mapping[KeyPath, Any]
"""Values by key, `ABSENT` among them."""


@cache
def told(model: str) -> frozenset[KeyPath]:
    """Return the keys that the probes can tell of a model."""
    inquiry = Inquiry(ModuleLine("none"), load_firmware(model))
    return frozenset(unit_of(path) for probe in all_probes(inquiry) for path in probe.tells(inquiry))


@cache
def told_anywhere() -> frozenset[KeyPath]:
    """Return the keys that the probes can tell of some model, in whatever state."""
    seldom: set[KeyPath] = set()
    for model in MODELS:
        inquiry = Inquiry(ModuleLine("none"), load_firmware(model))
        seldom |= {unit_of(path) for probe in all_probes(inquiry) for path in probe.seldom_tells(inquiry)}
    return frozenset(seldom).union(*map(told, MODELS))


@cache
def seen(model: str) -> tuple[KeyPath, ...]:
    """Return the keys that a host can see on a model's line: not those of commands that it lacks."""
    firmware = load_firmware(model)
    all_keys = (key for key in keys_of(firmware) if key in told(model) or key not in told_anywhere())
    return tuple(key for key in all_keys if _can_be_seen(key) and not _is_of_power_on(firmware, key))


@cache
def _can_be_seen(key: KeyPath) -> bool:
    """Return whether a line can tell a key; most of them are the same for all models."""
    return reason_unseen(key) is None


def _is_of_power_on(firmware: Firmware, key: KeyPath) -> bool:
    """Return whether it is the default of a setting that no command restores: only a start shows it."""
    is_default = key[0] == "settings" and key[-1] == "default"
    return is_default and firmware.profile.settings[str(key[1])].part is ProfilePart.NONE


@dataclass
class Changed:
    """A module, the firmware from which it was made, and the keys in which it differs."""

    base: Firmware
    draft: Draft

    @property
    def units(self) -> Mapping[KeyPath, list[Claim]]:
        """Return the values by key."""
        return by_unit(self.draft.claims)


def firmware_of(draft: Draft) -> Firmware:
    """Return the firmware that a draft makes."""
    with TemporaryDirectory() as folder:
        return load_firmware(str(write(draft, Path(folder))))


def write(draft: Draft, folder: Path) -> Path:
    """Write a draft as a profile."""
    path = folder / "module.toml"
    path.write_text(as_toml({"extends": draft.base.name}, draft), encoding="utf-8")
    return path


@st.composite
def modules(draw: st.DrawFn, model: str, wanted: Callable[[KeyPath], bool], count: int) -> Changed:
    """Change `count` keys at once, of those wanted; what the emulator does not take stays as it was."""
    base = load_firmware(model)
    candidates = [key for key in seen(model) if wanted(key) and key not in _UNTOUCHED]
    chosen = Random(draw(st.integers(0, 2**32))).sample(candidates, count)
    tables = merge(base.layers)
    values = [draw(_values(tables, key, base)) for key in chosen]
    draft = Draft.of(base, [Claim(path, value, []) for one in values for path, value in one.items()])
    return Changed(base, draft.without(one.key for one in unloadable(draft)))


_LINE_ENDS = ("S3", "S4", "S5", "V", "Q")
"""Settings whose defaults give a line its ends and its results: with others no host could talk to the module."""
_UNTOUCHED = {("commands", name) for name in _TALKED_BY} | {("settings", name, "default") for name in _LINE_ENDS}


def _values(tables: Tables, key: KeyPath, base: Firmware) -> st.SearchStrategy[Values]:
    """Return other values for a key, as the schema allows them."""
    present = value_at(tables, key[:-1] if key[-1] == LIMITS[0] else key)
    if key[0] == "commands" and len(key) == 2:
        return st.just({key: not base.profile.has_command(str(key[1]))})
    if key[-1] == LIMITS[0]:
        return _limits(key[:-1], present if isinstance(present, dict) else None)
    if key[-1] == "default":
        return _default(key, value_at(tables, key[:-1]))
    kind = keys.kind_at(key)
    same = (present, _in_force(base, key))
    values = _others(present, kind).filter(lambda value: value not in same and _fits(value, kind))
    absent = st.just(ABSENT) if _may_be_absent(kind) and _is_there(present) else st.nothing()
    return (values | absent).map(lambda value: {key: value})


def _in_force(base: Firmware, key: KeyPath) -> Any:
    """Return what a firmware has at a key that its layers leave out."""
    value: Any = msgspec.to_builtins(base.profile)
    for part in key:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _limits(path: KeyPath, present: Tables | None) -> st.SearchStrategy[Values]:
    if present is None:
        return st.just({})
    values = _listed(present)
    default = present.get("default", values[0])
    if "choices" in present:
        more = st.just([*values, max(values) + 1])
        fewer = st.lists(st.sampled_from(values), unique=True).map(lambda some: sorted({*some, default}))
        return (more | fewer).map(lambda choices: {(*path, "choices"): choices})
    low, high = present["range"]
    default = min(max(default, low), high)
    wide = 200 if high > _MOST_TRIED else 4
    lows = st.integers(max(0, low - 3), min(default, low + 50))
    highs = st.integers(max(default, high - wide), high + wide)
    return st.tuples(lows, highs).map(lambda both: {(*path, "range"): list(both), (*path, "zero"): False})


def _listed(limits: Tables) -> list[int]:
    return [
        value for low, high in sorted(spans(limits) or ()) for value in range(low, min(high, low + _MOST_VALUES) + 1)
    ]


def _default(key: KeyPath, limits: object) -> st.SearchStrategy[Values]:
    if not isinstance(limits, dict) or not spans(limits):
        return st.just({})
    others = [value for value in _listed(limits) if value != limits.get("default")]
    return st.sampled_from(others).map(lambda value: {key: value}) if others else st.just({})


def _may_be_absent(kind: Any) -> bool:
    return NoneType in get_args(kind)


def _is_there(value: object) -> bool:
    return value is not value_at({}, ("nothing",))


def _fits(value: Any, kind: Any) -> bool:
    try:
        convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _others(present: Any, kind: Any) -> st.SearchStrategy[Any]:
    """Return values near the present one."""
    inner = keys.plain(kind)
    if keys.origin(inner) is Literal:
        return st.sampled_from(get_args(inner))
    if isinstance(inner, type) and issubclass(inner, Enum):
        return st.sampled_from([str(member.value) for member in inner])
    if isinstance(present, bool) or inner is bool:
        return st.booleans()
    if isinstance(present, int):
        return st.integers(max(0, present - 40), present + 40)
    if isinstance(present, float):
        return st.floats(0.5, present + 2, width=16)
    if isinstance(present, str):
        return st.sampled_from([f"{present}x", f"{present}1", present.upper()])
    if isinstance(present, list) and present:
        return st.integers(0, len(present) - 1).map(lambda place: present[:place] + present[place + 1 :])
    if isinstance(present, dict) and present:
        return st.sampled_from(sorted(present)).map(lambda name: {k: v for k, v in present.items() if k != name})
    return st.nothing()


@dataclass
class Score:
    """How many changed keys were found, by table; and what was claimed wrongly."""

    changed: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    misread: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    """Exchanges of modules all of whose keys were found, to which an emulated one answers otherwise."""

    @property
    def percent(self) -> float:
        """Return how many of a hundred changed keys were found."""
        return 100 * self.found.total() / max(1, self.changed.total())

    def add(self, module: Changed, learned: Learned) -> None:
        """Compare what was learned with what the module is."""
        assert learned.draft is not None
        theirs, ours = firmware_of(module.draft), firmware_of(learned.draft)
        for unit in module.units:
            table = str(unit[0])
            self.changed[table] += 1
            if same(theirs, ours, unit):
                self.found[table] += 1
            else:
                self.missed[f"{module.base.line} {written(unit)}"] += 1
        if all(same(theirs, ours, unit) for unit in module.units):
            differing = Verifier(learned.before, learned.segments).differing(learned.draft)
            self.differing += [exchange.sent for exchange in differing]
        for unit in by_unit(learned.draft.claims):
            if not same(theirs, ours, unit):
                shown = " not ".join(f"{value_at(merge(one.layers), unit)!r:.80}" for one in (ours, theirs))
                self.wrong.append(f"{module.base.line} {written(unit)}: {shown}")
        self.misread += learned.misread
        self.unsaid += [f"{one}: {one.exchange}"[:300] for one in learned.withdrawn if one.exchange]

    def report(self) -> str:
        """Write the score by table, and every key that was missed."""
        rows = [f"found {self.percent:.1f} % of {self.changed.total()} changed keys"]
        rows += [f"  {table:16} {self.found[table]:4} of {count:4}" for table, count in sorted(self.changed.items())]
        rows += ["WRONG CLAIMS:", *(f"  {one}" for one in self.wrong)]
        rows += ["ANSWERED OTHERWISE, THOUGH ALL WAS FOUND:", *(f"  {one}" for one in sorted(set(self.differing)))]
        rows += ["MISREAD:", *(f"  {one}" for one in sorted(set(self.misread)))]
        rows += ["SEEN, BUT WITHDRAWN:", *(f"  {one}" for one in sorted(set(self.unsaid)))]
        rows += ["MISSED (line, key: times):", *(f"  {key}: {count}" for key, count in sorted(self.missed.items()))]
        return "\n".join(rows)


def same(theirs: Firmware, ours: Firmware, unit: KeyPath) -> bool:
    """Return whether two profiles say the same of a key, in whatever spelling."""
    if unit[0] == "commands":
        return bool(_command_of(theirs, unit) == _command_of(ours, unit))
    tables, others = _tables(theirs), _tables(ours)
    if unit[-1] == LIMITS[0]:
        one, other = value_at(tables, unit[:-1]), value_at(others, unit[:-1])
        spans_of = [spans(limits) if isinstance(limits, dict) else None for limits in (one, other)]
        return spans_of[0] == spans_of[1]
    one, other = _filled(value_at(tables, unit), tables), _filled(value_at(others, unit), others)
    is_same: bool = one is other or one == other
    return is_same or _is_same_refusal(tables, others, one, other, unit)


@lru_cache(maxsize=4)  # of the two that are compared, key by key
def _tables(firmware: Firmware) -> Tables:
    """Return the layers of a firmware as one."""
    return merge(firmware.layers)


def _command_of(firmware: Firmware, unit: KeyPath) -> Any:
    """Return whether a command is there; of a parameter, what it may be."""
    bound = command_table(firmware).find(str(unit[1]))
    if bound is None or len(unit) == 2:
        return bound is not None
    return [reader.described for parameter, reader in bound.parameters if parameter.name == unit[2]]


def _filled(value: Any, tables: Tables) -> Any:
    """Return the lines of ATI with the names that stand for themselves in braces."""
    if _is_numbered(value):
        return [row["number"] for row in value]  # which suite a number stands for is the base's, and not claimed
    names = {f"{{{name}}}": tables["identity"][name] for name in ("manufacturer", "model", "revision")}
    return (
        [names.get(line, line) for line in value]
        if isinstance(value, list) and value and isinstance(value[0], str)
        else value
    )


def _is_numbered(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "number" in value[0]


def _is_same_refusal(theirs: Tables, ours: Tables, one: Any, other: Any, unit: KeyPath) -> bool:
    """Return whether two causes are printed alike."""
    if "refusals" not in unit or not (isinstance(one, str) and isinstance(other, str)):
        return False
    return bool(value_at(theirs, ("errors", one)) == value_at(ours, ("errors", other)))


def learned_from(module: Changed, base: str | None = None) -> Learned:
    """Learn a module that runs with the profile."""
    with TemporaryDirectory() as folder:
        modem = VirtualModem(firmware=str(write(module.draft, Path(folder))))
        with modem, ModuleLine(modem.port) as line:
            session = LearningSession(line, base or module.base.name, Journal(Path(folder) / "journal"), Observer())
            session.run()
            session.verify()
    return session.learned


def untold(models: Iterable[str] = MODELS) -> Sequence[KeyPath]:
    """Return the keys that no probe tells and no reason is given for."""
    missing = {key for model in models for key in seen(model) if key not in told_anywhere()}
    return sorted(missing, key=written)
