"""Every key of the schema is told by a probe, or it is said why none can tell it."""

import pytest

from emulator.firmware.keys import written
from emulator.firmware.layers import KeyPath
from emulator.firmware.lines import lines
from emulator.firmware.loader import load_firmware
from emulator.learning.reports.scope import is_below, keys_of, reason_unseen, unseen
from tests.learning.any_module import MODELS, told, untold


@pytest.fixture(scope="module")
def known() -> set[KeyPath]:
    """Every key that a model of some line has or could have."""
    return {key for line in lines() for key in keys_of(load_firmware(line.models[0].name))}


def test_each_pattern_of_what_is_unseen_has_a_key(known: set[KeyPath]) -> None:
    """No pattern outlives the key that it was written for."""
    patterns = [pattern for entry in unseen() for pattern in entry.patterns]

    idle = [written(pattern) for pattern in patterns if not any(is_below(key, pattern) for key in known)]

    assert idle == []


def test_a_pattern_holds_for_all_below_it() -> None:
    """`*` stands for one part, and a table for its keys."""
    assert reason_unseen(("stored", "#BND", "default")) is not None
    assert reason_unseen(("stored", "#BND", "range")) is None
    assert reason_unseen(("times", "radio", "up")) is not None
    assert reason_unseen(("ftp", "timeout", "range")) is None


def test_each_key_is_told_by_a_probe_or_has_a_reason_why_none_can() -> None:
    """A new key of the schema gets a probe or a reason; those of a seldom state count as told."""
    assert [written(key) for key in untold()] == []


def test_no_key_is_told_and_unseen() -> None:
    """What a probe finds out has no reason why it cannot."""
    both = {written(key) for model in MODELS for key in told(model) if reason_unseen(key) is not None}

    assert sorted(both) == []
