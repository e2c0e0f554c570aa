"""The report as a table, on a terminal."""

from datetime import UTC, datetime

from emulator.firmware.selection import Choice
from emulator.matrix.reports import table
from emulator.matrix.reports.model import Report
from emulator.matrix.result import Ending, Outcome, Run
from emulator.matrix.story import Story
from emulator.trace.events import HostSent, ModuleSent, Refused, Unheard


def _report() -> Report:
    story = Story()
    story(0.0, HostSent(terminal="1", mode="command", text="AT#SSLD=1", size=9))
    story(0.1, Refused(terminal="1", command="#SSLD", cause=None, reason="untrusted: the certificate of its issuer"))
    story(0.2, ModuleSent(terminal="1", mode="command", text="\r\nERROR\r\n", size=9))
    runs = [Run(Choice("HE910"), Ending(Outcome.FAILED, 1, 0.5, "", ""), story)]
    return Report(["./host"], ["telit-emulator", "matrix"], runs, datetime.now(UTC))


def test_the_last_column_goes_on_below_itself() -> None:
    """As wide as the terminal is; where nobody looks at a terminal, a row is one line."""
    wide = table.render(_report()).splitlines()
    narrow = table.render(_report(), 90).splitlines()

    why = "last: AT#SSLD=1 -> ERROR [untrusted: the certificate of its issuer]"
    assert 2 == len(wide) and wide[1].endswith(why)
    column = narrow[0].index("Last exchange")
    assert why == " ".join(line[column:] for line in narrow[1:])
    assert all(len(line) <= 90 for line in narrow) and 3 == len(narrow)
    assert {" "} == {character for line in narrow[2:] for character in line[:column]}


def test_a_very_narrow_terminal() -> None:
    """The column keeps a width that can be read."""
    narrow = table.render(_report(), 20).splitlines()

    column = narrow[0].index("Last exchange")
    assert max(len(line) for line in narrow) - column > 30


def test_a_host_that_has_spoken_only_while_the_module_starts() -> None:
    """There is no command yet that could be shown."""
    story = Story()
    story(0.0, Unheard(terminal="1", lack="power", text="", size=3))
    run = Run(Choice("HE910"), Ending(Outcome.FAILED, 1, 0.5, "", ""), story)

    assert run.why == "last: (no command yet) -> (nothing) [not heard: the module is off, or still starting]"
