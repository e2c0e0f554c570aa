"""`docs/dialogues.md` says how dialogues are written; its examples are dialogues."""

import re
from pathlib import Path

import pytest

from emulator.dialogue.head import KEYS
from emulator.dialogue.shapes import SHAPES
from emulator.dialogue.texts import VALUES
from emulator.dialogue.words import WORDS
from tests.dialogue.files import played

DOCUMENT = (Path(__file__).parents[2] / "docs" / "dialogues.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```dialogue\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
async def test_an_example_goes_as_written(example: str, tmp_path: Path) -> None:
    """As printed."""
    assert await played(tmp_path, example) is None


def test_every_word_is_in_a_table() -> None:
    """Steps, keys, values and shapes; a bar in a table has a backslash before it."""
    tables = "\n".join(line for line in DOCUMENT.replace("\\|", "|").splitlines() if line.startswith("| `"))

    assert [] == [word for word in WORDS if f"| `{word} " not in tables and f"| `{word}`" not in tables]
    assert [] == [key for key in KEYS if f"| `{key}` |" not in tables]
    assert [] == [name for name in (*VALUES, *SHAPES) if f"`{{{name}}}`" not in tables]
