"""The guide's dialogues on every firmware they are valid for."""

import asyncio

import pytest

from emulator.firmware.loader import list_models
from tests.dialogue import FOLDER, Dialogue, Player, load

DIALOGUES = [load(path) for path in sorted(FOLDER.glob("*.txt"))]
PLAYS = [
    pytest.param(dialogue, model.name, id=f"{dialogue.name}-{model.name}")
    for dialogue in DIALOGUES
    for model in list_models()
    if model.version.line in dialogue.lines
]


@pytest.mark.parametrize(("dialogue", "model"), PLAYS)
def test_the_module_answers_as_the_guide_prints(dialogue: Dialogue, model: str) -> None:
    """Each example of the guide, to the byte, with a real TLS server at the other end."""
    asyncio.run(Player(dialogue, model).play())


def test_every_dialogue_names_software_lines_that_exist() -> None:
    """A misspelt line would silently run nowhere."""
    known = {model.version.line for model in list_models()}

    named = set().union(*(dialogue.lines for dialogue in DIALOGUES))

    assert known == named
