"""Any state file is refused in one line, or a module starts with it and answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.device.memory.file import NvmFile
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from tests.commands.everything import ask_everything

_KEPT = Path(__file__).parent / "states"
_FORMER = json.loads((_KEPT / "he910.json").read_text()) | {
    "http": {"1": {"server": "a", "port": 80, "authentication": 1, "secure": 0, "timeout": 9, "cid": 1, "user": "b"}},
    "mqtt": {
        "1": {
            "port": 1883,
            "cid": 1,
            "secure": 0,
            "keep_alive": 60,
            "clean_session": 1,
            "packet_timeout": 10,
            "will": 1,
            "will_retain": 0,
            "will_qos": 1,
            "server": "a",
            "will_topic": "b",
            "will_message": "c",
        }
    },
    "email": {"server": "a", "address": "b", "user": "c", "password": "d"},
    "gnss": {"power": 1, "control": 2, "antenna": 0, "saving": 2, "saving_period": 60},
    "data_volumes": {"1": {"sent": 1, "received": 2}},
}
"""Of a former version, with what came later."""
_STATES = {"HE910": _FORMER, "ME310G1": json.loads((_KEPT / "me310g1.json").read_text())}
"""By model; that of the later line holds what only such lines keep."""

_numbers = st.one_of(st.integers(-2, 300), st.sampled_from([2**31, 2**63, 2**70]), st.floats())
_single = st.one_of(st.none(), st.booleans(), _numbers, st.text(max_size=5), st.sampled_from(["AA==", "1", "SM"]))
values = st.recursive(
    _single,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["0", "1", "x"]), inner)),
    max_leaves=3,
)
"""Whatever may stand in a JSON file."""


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*above, key)
        yield from _places(one, (*above, key))


def _changed(state: Any, place: tuple[Any, ...], value: object) -> Any:
    key, *below = place
    copy = dict(state) if isinstance(state, dict) else list(state)
    copy[key] = _changed(state[key], tuple(below), value) if below else value
    return copy


_FORMS = {"S3", "S4", "V", "Q"}
"""Settings of the form of answers: with others the bench would not know where one ends."""
PLACES = [(model, place) for model, state in _STATES.items() for place in _places(state) if place[-1] not in _FORMS]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=250)
@given(
    changed=st.sampled_from(PLACES),
    value=values,
)
async def test_a_state_in_which_anything_stands_is_refused_or_served(
    tmp_path: Path, changed: tuple[str, tuple[Any, ...]], value: object
) -> None:
    """Wrong kinds, and numbers that no firmware has."""
    model, place = changed
    path = tmp_path / "nvm.json"
    path.write_text(json.dumps(_changed(_STATES[model], place, value)))
    try:
        NvmFile(tmp_path, load_firmware(model)).close()
    except UserError as error:
        assert [str(error)] == str(error).splitlines()
        return

    async with Bench(model, state=tmp_path) as bench:
        await ask_everything(bench)


def test_the_states_are_taken_as_they_are(tmp_path: Path) -> None:
    """Else no change of theirs would be heard of."""
    for model, state in _STATES.items():
        (tmp_path / "nvm.json").write_text(json.dumps(state))
        NvmFile(tmp_path, load_firmware(model)).close()
