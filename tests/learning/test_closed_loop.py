"""The closed loop: emulated modules whose profile the tool does not know are learned over their lines.

More modules, and others: `LEARN_EXAMPLES=20 pytest --hypothesis-seed=7 tests/learning/test_closed_loop.py`.
"""

import os
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from emulator.firmware.layers import KeyPath
from emulator.firmware.lines import find_model
from emulator.firmware.loader import load_firmware
from emulator.learning.claims.draft import Draft
from tests.learning.any_module import MODELS, Changed, Score, learned_from, modules
from tests.measuring import measured_with

EXAMPLES = int(os.environ.get("LEARN_EXAMPLES", "1"))
"""Modules of each kind and line."""
KEYS = 40
"""Keys that are changed at once."""
ENOUGH = 95.0
"""Percent of the changed keys that must be found."""
KINDS: Mapping[str, Callable[[KeyPath], bool]] = {
    "commands": lambda key: key[0] == "commands",
    "values": lambda key: key[0] != "commands",
}
"""Keys that are changed together: where a command is not there, what it would show cannot be seen."""


MODULES: Mapping[str, Sequence[str]] = {"values": MODELS, "commands": ("HE910", "ME310G1-WW")}
"""The lines of which some keys are changed."""
MEASURED = ("HE910", "ME310G1-WW")
"""Models with which coverage is measured."""


@pytest.mark.timeout(900)  # ten lines, one after the other: 53 s of CPU, and much more on a busy machine
@pytest.mark.parametrize("kind", measured_with(["commands"], KINDS))
def test_modules_that_differ_in_many_keys_are_learned(request: pytest.FixtureRequest, kind: str) -> None:
    """Nothing is claimed wrongly, and nearly all is found."""
    score = Score()
    for model in MODULES[kind]:

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=request.config.getoption("--hypothesis-seed") is None,
        )
        @given(modules(model, KINDS[kind], KEYS))
        def is_learned(module: Changed) -> None:
            score.add(module, learned_from(module))

        is_learned()

    assert score.wrong == [], score.report()
    assert score.misread == [], score.report()
    assert score.percent >= ENOUGH, score.report()


OTHERS = {"GC864-QUAD": "HE910", "HE910": "GE910-QUAD", "LE910-EUG": "LE910-EU-V2", "ME310G1-WW": "ME910C1-E1"}
"""Models, and another base than the nearest one."""


@pytest.mark.parametrize("model", measured_with(MEASURED, OTHERS))
def test_a_module_is_learned_from_another_base(model: str) -> None:
    """Less is found, as what the base lacks is not asked for; and nothing wrongly."""
    score, base = Score(), load_firmware(OTHERS[model])
    module = Changed(load_firmware(model), Draft(load_firmware(model), ()))

    learned = learned_from(module, base.name)
    score.add(module, learned)

    assert find_model(model) is not None
    assert learned.draft is not None
    assert len(learned.draft.units) > 1
    assert score.wrong == [], score.report()
    assert score.misread == [], score.report()


@pytest.mark.parametrize("model", measured_with(MEASURED, MODELS))
def test_a_shipped_module_is_learned_as_itself(model: str) -> None:
    """From the nearest base nothing differs, every answer is the same on an emulated module, and all is as it was."""
    score, module = Score(), Changed(load_firmware(model), Draft(load_firmware(model), ()))

    learned = learned_from(module)
    score.add(module, learned)

    assert learned.draft is not None
    assert learned.draft.claims == ()
    assert (score.differing, learned.misread, learned.left) == ([], [], [])
