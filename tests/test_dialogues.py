"""The guide's dialogues on every firmware they are valid for, and those of programs on a model of each line."""

from pathlib import Path

import pytest

from emulator.dialogue.materials import Materials
from emulator.dialogue.play import play_emulated
from emulator.dialogue.reading import load
from emulator.dialogue.steps import Dialogue
from emulator.firmware.loader import list_models, load_firmware
from emulator.options import ModemOptions
from tests.commands.lines import LATER_LINES, LINES, MODELS
from tests.peers.pki import CLIENT, OTHER_ROOT, ROOT, SERVER
from tests.peers.sockets import TIMEOUT

FOLDER = Path(__file__).parent / "dialogues"
DIALOGUES = [load(path) for path in sorted(FOLDER.glob("*.txt"))]
PLAYS = [
    pytest.param(dialogue, model.name, id=f"{dialogue.name}-{model.name}")
    for dialogue in DIALOGUES
    for model in MODELS
    if model.line in dialogue.lines
]
PROGRAMS = [load(path) for path in sorted((FOLDER / "programs").glob("*.txt"))]
PROGRAM_PLAYS = [
    pytest.param(dialogue, firmware, id=f"{dialogue.name}-{firmware}")
    for dialogue in PROGRAMS
    for firmware in (*LINES, *LATER_LINES)
    if load_firmware(firmware).line in dialogue.lines
]


@pytest.fixture(scope="module")
def materials(tmp_path_factory: pytest.TempPathFactory) -> Materials:
    """Certificates of the tests' own authorities."""
    chain, key = SERVER.write(tmp_path_factory.mktemp("server"))
    values = {
        "ca": ROOT.pem,
        "ca_der": ROOT.der,
        "other_ca": OTHER_ROOT.pem,
        "certificate": CLIENT.pem,
        "key": CLIENT.key_pem,
    }
    return Materials((chain,), key, values)


@pytest.mark.parametrize(("dialogue", "model"), PLAYS)
async def test_the_module_answers_as_the_guide_prints(dialogue: Dialogue, model: str, materials: Materials) -> None:
    """Each example of the guide, to the byte, with a real TLS server at the other end."""
    await play_emulated(dialogue, ModemOptions(model), materials=materials, answer_timeout=TIMEOUT)


@pytest.mark.parametrize(("dialogue", "firmware"), PROGRAM_PLAYS)
async def test_the_module_answers_what_programs_ask(dialogue: Dialogue, firmware: str) -> None:
    """With the exact commands that they send."""
    await play_emulated(dialogue, ModemOptions(firmware), answer_timeout=TIMEOUT)


def test_every_dialogue_names_its_software_lines() -> None:
    """One that names none would be taken to hold for all of them; together they reach every line."""
    assert all(any(line.startswith("lines: ") for line in dialogue.written) for dialogue in [*DIALOGUES, *PROGRAMS])
    assert {model.line for model in list_models()} == set().union(*(one.lines for one in DIALOGUES))
