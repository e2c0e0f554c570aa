"""Measures how long a module takes to start: only where the user allows a restart, and after all other probes."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.dte.module_line import ModuleLine
from emulator.dte.signals import signals_deferred
from emulator.errors import UserError
from emulator.firmware.layers import KeyPath
from emulator.learning.asking.environment import ASKED, settings_of
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.step import Act, Step
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import PassedOver, Probe

BOOT: KeyPath = ("power", "boot")
_RESTART = "AT#REBOOT"
_IN_WORDS = "ATE0Q0V1"
"""Answered after a start whatever the stored settings say of results."""
_CARD_LOCK = 'AT+CLCK="SC",2'
_POLL = 0.2
"""Seconds of the module in which it has answered, if it does."""
_SHORTEST = 0.02
"""Seconds of real time that an answer may take however fast the module's time runs."""
_LAG = 0.2
"""Seconds of real time by which an answer may be late."""
_STAYS = 4.0
"""Seconds of answers after which the module is not about to go off any more."""
_LONGEST = 120.0
"""Seconds in which it has started."""
_SETTLED = 60.0
"""Seconds in which the card and the network are there again."""
_LEAST = 0.5
"""Seconds below which nothing is claimed."""
_ROUNDING = 0.05


class RestartProbe(Probe):
    """Restart a module once."""

    name = "restart"
    asks = f"only with --restart: {_RESTART}, and AT until it is answered"
    changes = "the module restarts, and settings that are not stored are lost"
    undone = "by what ? showed before; nothing is restarted where the card would ask for its PIN"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        """Return the time of a start."""
        yield BOOT

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        """Measure; no step is noted, so that nobody waits for another restart."""
        module = inquiry.module
        _refuse_locked_card(module)
        before = _environment(module)
        with signals_deferred():
            restarted = module.ask(_RESTART)
            if not restarted.is_ok:
                raise PassedOver(f"{_RESTART} is refused")
            start = measured_start(module)
            _wait_for(before, module)
        base = inquiry.base.profile.power.boot
        if start is not None and start.seconds >= _LEAST and abs(start.seconds - base) > start.precision + _ROUNDING:
            yield Claim(BOOT, round(start.seconds, 1), [restarted], is_measured=True)


@dataclass(frozen=True)
class Start:
    """A start, in seconds of the module, until it has answered."""

    seconds: float
    precision: float
    """It was ready at most so long before: an AT was not answered then. The answer to a later one may be late."""


def measured_start(module: ModuleLine) -> Start | None:
    """Ask until a module that is told to restart goes on answering; None where it was never silent.

    Raises:
        UserError: it does not come back.
    """
    began, heard, start = time.monotonic(), 0.0, None
    gone = max(_LEAST, _LAG * module.time_scale)
    unanswered = [0.0, 0.0]
    while (asked := _since(began, module)) < _LONGEST:
        if not _answers(module):
            unanswered = [unanswered[-1], asked]
            continue
        if asked - heard > gone:  # a shorter silence is that of a busy host or module
            start = Start(asked, max(asked - unanswered[0], _LAG * module.time_scale))
        heard = asked
        if heard - (start.seconds if start else 0) > _STAYS:
            return start
        module.wait(_POLL)
    raise UserError(f"{module.name}: the module does not answer since it was restarted; is it still on?")


def _since(began: float, module: ModuleLine) -> float:
    return (time.monotonic() - began) * module.time_scale


def _answers(module: ModuleLine) -> bool:
    """Return whether it answers now, also at a port that vanishes and comes back as it starts."""
    try:
        return module.ask(_IN_WORDS, max(_SHORTEST, _POLL / module.time_scale)).is_ok
    except UserError:
        module.wait(_POLL)
        module.open_again()
        return False


def _refuse_locked_card(module: ModuleLine) -> None:
    """Pass over where a PIN, which nobody but the user enters, would be asked for."""
    is_ready = module.ask(ASKED[0]).value("+CPIN") == "READY"
    if is_ready and module.ask(_CARD_LOCK).value("+CLCK") != "0":
        raise PassedOver("the card would ask for its PIN after a restart")


def _environment(module: ModuleLine) -> list[str]:
    module.ask("AT+CMEE=1")
    return settings_of([Step(Act.ASK, module.ask(command), 0) for command in ASKED])


def _wait_for(before: list[str], module: ModuleLine) -> None:
    """Wait until card and network are as before: settings that are put back may need them."""
    began = time.monotonic()
    while _environment(module) != before and _since(began, module) < _SETTLED:
        module.wait(1.0)
