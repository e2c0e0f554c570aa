"""A comparison of an emulated module with a firmware, in this process."""

from collections.abc import Sequence
from datetime import UTC, datetime

from emulator import VirtualModem
from emulator.conformance.items import Item
from emulator.conformance.reports.model import Report
from emulator.conformance.session import ParitySession, Wishes, run
from emulator.conformance.verdict import Verdict
from emulator.dte.identity import identify
from emulator.dte.module_line import ModuleLine
from emulator.firmware.loader import load_firmware

SCALE = 20.0


def session_with(
    module: ModuleLine, firmware: str, wishes: Wishes | None = None, playlist: Sequence[Item] | None = None
) -> ParitySession:
    """One that has not begun; `playlist` is everything unless given."""
    now = datetime.now(UTC).astimezone()
    return ParitySession(identify(module), load_firmware(firmware), wishes or Wishes(), now, playlist)


def compared(
    modem: VirtualModem,
    firmware: str,
    wishes: Wishes | None = None,
    playlist: Sequence[Item] | None = None,
    scale: float = SCALE,
) -> Report:
    """What comes of it."""
    with ModuleLine(modem.port, time_scale=scale) as module:
        session = session_with(module, firmware, wishes, playlist)
        run(session, module, lambda number, count, item: None)
    return Report(session, "telit-emulator conform")


def told(report: Report) -> dict[str, Verdict]:
    """The commands that are not alike, with their verdicts."""
    return {command.name: command.verdict for command in report.parted}


def shown(report: Report) -> str:
    """All differences, for a test that fails."""
    return "\n\n".join("\n".join((r.why, r.diff, *r.reasons)) for command in report.parted for r in command.parted)
