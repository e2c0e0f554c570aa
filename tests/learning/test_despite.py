"""What a module takes counts, and the profile says beside it where `=?` names something else."""

import pytest

from emulator.at.answers import Information
from emulator.at.syntax import Form
from emulator.commands.catalogue import declared_commands
from emulator.commands.context import Context
from emulator.dte.identity import identify
from emulator.firmware.layers import KeyPath
from emulator.learning.claims.claim import Claim
from emulator.learning.claims.draft import Draft
from emulator.learning.claims.segment import Segment
from emulator.learning.claims.verifying import Verifier
from emulator.learning.probes.commands import CommandsOf
from emulator.learning.reports.profile_text import as_profile
from emulator.learning.session import Learned
from tests.learning.asking import inquiry_of

RANGE: KeyPath = ("stored", "#CSURVF", "range")


def _learned_from_a_liar(monkeypatch: pytest.MonkeyPatch) -> Learned:
    """Learn a module that takes 0 to 3 and says 0 to 2, as its base does; only the module lies."""

    def lie(at: Context) -> Information:
        return Information.of(f"#CSURVF: {at.values('value').replace('0-3', '0-2')}")

    command = next(command for command in declared_commands() if command.name == "#CSURVF")
    with monkeypatch.context() as patch, inquiry_of("HE910", 'stored."#CSURVF".range=[0,3]') as inquiry:
        patch.setitem(command.handlers, Form.TEST, lie)
        with inquiry.noting() as before:
            inquiry.ask("ATE0")
            inquiry.ask("AT+CMEE=1")
        with inquiry.noting() as steps:
            claims: list[Claim] = [claim for claim in CommandsOf("network").run(inquiry) if claim.path == RANGE]
        learned = Learned(identify(inquiry.module), inquiry.base, before, [Segment("one", tuple(steps), claims)], 1)
    verified = Verifier(learned.before, learned.segments).verify(Draft.of(learned.base, claims))
    learned.draft, learned.withdrawn = verified.draft, verified.withdrawn
    return learned


def test_a_value_stays_and_the_profile_tells_what_the_test_form_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """An emulated module with the value answers `=?` otherwise, and that is no reason to withdraw it."""
    learned = _learned_from_a_liar(monkeypatch)

    assert learned.withdrawn == []
    assert learned.draft is not None
    assert learned.draft.values == {RANGE: [0, 3]}
    (written,) = [line for line in as_profile(learned, "2026-01-01").splitlines() if line.startswith('"#CSURVF"')]
    assert written.endswith("; =? says otherwise: AT#CSURVF=? -> #CSURVF: (0-2)")
