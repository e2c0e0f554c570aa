"""The examples in docs/doctor.md and in the README are what the doctor prints."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from emulator.doctor.dialogues import host_dialogues
from emulator.doctor.provision import Access
from emulator.doctor.question import Question
from emulator.doctor.report import as_json, table
from tests.doctor.asking import GSM, UMTS, V2, ask
from tests.doctor.conftest import Start
from tests.doctor.servers import NAME

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "server", "firmwares"),
    [
        (PAGE, "modern", ["all"]),
        (PAGE, "modern named", [UMTS, V2]),
        (PAGE, "null", [GSM, UMTS]),
        (README, "modern", [UMTS]),
    ],
    ids=["docs-modern", "docs-named", "docs-null", "readme-modern"],
)
async def test_the_tables(serving: Start, page: str, server: str, firmwares: list[str]) -> None:
    """As printed, without whom the rows stand for."""
    printed = table(await ask(serving(server), *firmwares)).partition("\n\n")[0]

    assert "".join(f"    {line}\n" for line in printed.splitlines()) in page


async def test_the_json(serving: Start) -> None:
    """As printed, but for the certificates' sizes."""
    question, verdicts = Question(NAME, 443), await ask(serving("null"), UMTS)
    access = Access("internet", datetime.now(UTC))
    printed = as_json(question, verdicts, host_dialogues(verdicts, question, access))

    (example,) = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    assert _without_sizes(printed) == _without_sizes(example)


def _without_sizes(text: str) -> str:
    return re.sub(r'"bytes": \d+', '"bytes": 0', text)
