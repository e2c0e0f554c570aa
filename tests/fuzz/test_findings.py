"""What fuzzing has found: reduced cases, each with what was wrong in its first lines, and is no more."""

from pathlib import Path

import pytest
from fuzzing.campaign import judge
from fuzzing.case import read_case
from fuzzing.targets import TARGETS

FINDINGS = sorted((Path(__file__).parent / "findings").glob("*.txt"))


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: path.stem)
def test_a_past_finding_is_mended(path: Path) -> None:
    """`scripts/fuzz --replay FILE` plays one, too."""
    case = read_case(path)

    assert judge(TARGETS[case.target], case) is None
