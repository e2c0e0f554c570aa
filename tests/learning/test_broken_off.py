"""A probe that is broken off at any time leaves the module as it was."""

from importlib import import_module

import pytest

from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ANSWER
from emulator.learning.asking.inquiry import Inquiry
from tests.learning.asking import inquiry_of

SUBJECTS = ("errors", "terminal", "ssl", "security_data", "packet", "sockets", "messages", "network", "gnss")
READS = (
    "AT&V",
    "AT+CMEE?",
    "AT+IFC?",
    "AT#SSLEN?",
    "AT#SSLSECDATA?",
    "AT+CGDCONT?",
    "AT#SCFG?",
    "AT#FRWL?",
    "AT+CPMS?",
    "AT+CPBS?",
    "AT+CSCS?",
    "AT$GPSP?",
)
STEPS = 19
"""Exchanges from one Ctrl-C to the next place of one."""


class BrokenOff(Inquiry):
    """Ask a module until the user types Ctrl-C: behind the prompt or the answer that came last, once."""

    left = 0

    def ask(self, command: str, within: float = ANSWER) -> Exchange:
        exchange = super().ask(command, within)
        self._count()
        return exchange

    def enter(self, data: str, within: float = ANSWER) -> Exchange:
        exchange = super().enter(data, within)
        self._count()
        return exchange

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


@pytest.mark.parametrize("subject", SUBJECTS)
def test_ctrl_c_at_any_exchange_leaves_the_module_as_it_was(subject: str) -> None:
    """However far a subject has come, every read is as before, and the module is in command mode."""
    with inquiry_of("HE910") as healthy:
        healthy.ask("ATE0")
        before = [healthy.ask(command).said for command in READS]
        inquiry = BrokenOff(healthy.module, healthy.base)
        for place in range(1, 400, STEPS):
            inquiry.left = place
            try:
                for probe in import_module(f"emulator.learning.probes.{subject}").probes(inquiry):
                    list(probe.run(inquiry))
            except KeyboardInterrupt:
                assert [healthy.ask(command).said for command in READS] == before, f"after {place} exchanges"
            else:
                break
