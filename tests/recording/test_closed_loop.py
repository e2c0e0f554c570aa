"""What was recorded with an emulated module plays on a new one: with the same values, and with other ones."""

from pathlib import Path

import pytest

from emulator.dialogue.difference import Difference
from emulator.dialogue.reading import load
from emulator.dialogue.steps import Dialogue, PeerStep
from emulator.firmware.loader import load_firmware
from emulator.options import ModemOptions
from tests.commands.lines import LATER_LINES, LINES
from tests.recording.closed_loop import record_dialogue, replay, write

FOLDER = Path(__file__).parent.parent / "dialogues"
FIRMWARES = ("GE865-QUAD", *LINES, *LATER_LINES)
OTHER_MODULE = (
    'identity.imei="356938035643809"',
    'identity.imsi="222017654321098"',
    'identity.iccid="8939011234567890123"',
    'identity.serial="0009876543"',
    "network.signal=13",
)
OTHER_CELL = ('network.gsm_cell.location_area="1A2B"', 'network.gsm_cell.cell="3C4D"', "network.gsm_cell.channel=60")
ITS_OWN = ("001023000000019", "222010000000001", "8939010000000000009", "0001234567")
"""IMEI, IMSI, ICCID and serial number of the recorded module."""
ITS_CELL = ("55FA", "12EB")


def _needs_no_server(dialogue: Dialogue) -> bool:
    needs_account = dialogue.server != "tls"
    return not needs_account and not any(isinstance(step, PeerStep) for step in dialogue.steps)


def _first_that_has(dialogue: Dialogue) -> str | None:
    return next((name for name in FIRMWARES if load_firmware(name).line in dialogue.lines), None)


PATHS = sorted([*FOLDER.glob("*.txt"), *(FOLDER / "programs").glob("*.txt")])
LOOPS = [
    pytest.param(dialogue, firmware, id=f"{dialogue.name}-{firmware}")
    for dialogue in map(load, PATHS)
    if _needs_no_server(dialogue) and (firmware := _first_that_has(dialogue)) is not None
]
DIALS = ("3.5.2-server-authentication", "3.5.3-mutual-authentication", "minimum-raised-older")
"""Beginnings of the names of dialogues that dial the server whose steps they do not have."""


@pytest.mark.parametrize(("dialogue", "firmware"), [loop for loop in LOOPS if not str(loop.id).startswith(DIALS)])
async def test_a_recorded_dialogue_plays_on_this_module_and_on_another_one(
    dialogue: Dialogue, firmware: str, tmp_path: Path
) -> None:
    """Without a difference, and without a value that belongs to the recorded module."""
    path = tmp_path / "recorded.txt"
    options = ModemOptions(firmware)
    has_gsm_cell = load_firmware(firmware).line in ("10.00", "13.00", "16.00")

    text = write(await record_dialogue(dialogue, options), path, firmware)

    await replay(path, options)
    await replay(path, options, *OTHER_MODULE, *(OTHER_CELL if has_gsm_cell else ()))
    assert [value for value in (*ITS_OWN, *ITS_CELL) if value in text] == []


async def test_another_firmware_differs_where_the_firmwares_do(tmp_path: Path) -> None:
    """Its model is another one, and so is what it says."""
    path = tmp_path / "recorded.txt"
    dialogue = load(FOLDER / "programs" / "gammu-identify.txt")
    write(await record_dialogue(dialogue, ModemOptions("HE910")), path, "HE910")

    with pytest.raises(Difference) as difference:
        await replay(path, ModemOptions("GE865-QUAD"))

    assert "-< HE910\n+< GE865-QUAD" in difference.value.diff
