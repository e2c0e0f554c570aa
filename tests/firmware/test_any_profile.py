"""Any profile is refused in one line, or a module starts with it and answers: `--check` accepts nothing that fails."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.firmware.keys import written
from emulator.firmware.layers import KeyPath
from tests.firmware.any_profile import leaves, loaded, serves, toml

SPECS = ("HE910", "GE865-QUAD", "12.00", "common")

_numbers = st.one_of(st.integers(-2, 300), st.integers(0, 2**33), st.sampled_from([2**63, 2**70]), st.floats(-1, 1e9))
_texts = st.one_of(st.text(st.characters(codec="utf-8"), max_size=5), st.just("x" * 300))
_single = st.one_of(_numbers, _texts, st.booleans())
_limits = st.fixed_dictionaries(
    {},
    optional={"range": st.lists(_numbers, max_size=3), "choices": st.lists(_numbers, max_size=3), "default": _numbers},
)
values = st.one_of(_single, st.lists(_single, max_size=3), _limits, st.dictionaries(_texts, _single, max_size=2))
"""Whatever may stand in a TOML file."""


def _head(extends: str) -> str:
    own = "" if extends in ("HE910", "GE865-QUAD") else 'model = "XX1"\nversion = "12.00.005"\n'
    return f"extends = {toml(extends)}\n{own}"


def _with(path: KeyPath, value: object) -> str:
    *above, last = path
    table = f"[{'.'.join(map(json.dumps, above))}]\n" if above else ""
    return f"{table}{json.dumps(last)} = {toml(value)}\n"


async def _refused_or_served(path: Path, text: str) -> bool:
    path.write_text(text, encoding="utf-8")
    firmware = loaded(path)
    if firmware is not None:
        await serves(path, firmware)
    return firmware is not None


@pytest.mark.parametrize("extends", SPECS)
async def test_a_profile_that_changes_nothing_is_served(tmp_path: Path, extends: str) -> None:
    """A firmware, a line, or the common facts alone: with no more than model and version."""
    assert await _refused_or_served(tmp_path / "own.toml", _head(extends))


_in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


@_in_one_folder
@given(extends=st.sampled_from(SPECS), data=st.data())
async def test_a_key_that_is_taken_away_is_refused_or_not_missed(
    tmp_path: Path, extends: str, data: st.DataObject
) -> None:
    """By `unset`; each key of the profile may be it."""
    path = data.draw(st.sampled_from(leaves(extends)), "key")

    await _refused_or_served(tmp_path / "own.toml", f"unset = {toml([written(path)])}\n{_head(extends)}")


@_in_one_folder
@given(extends=st.sampled_from(SPECS), data=st.data(), value=values)
async def test_a_key_that_holds_anything_is_refused_or_served(
    tmp_path: Path, extends: str, data: st.DataObject, value: object
) -> None:
    """Wrong kinds, numbers out of range, tables in place of values and the reverse."""
    path = data.draw(st.sampled_from(leaves(extends)), "key")

    await _refused_or_served(tmp_path / "own.toml", _head(extends) + _with(path, value))
